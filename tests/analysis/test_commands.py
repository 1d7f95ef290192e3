"""`weft analyse`: what the server would answer, as a table, CSV or JSON."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from api.analysis.analyses import ANALYSES
from api.analysis.telling import tell
from api.cli import weft
from api.core.driver import raw

if TYPE_CHECKING:
    from collections.abc import Callable

    from click.testing import Result

    from api.analysis.analysis import Analysis
    from tests.fixtures.networks import Network

    from .conftest import Canal

    Run = Callable[..., Result]


@pytest.fixture
def run(canal: Canal, database_url: str) -> Run:
    """`weft analyse` for the town, by the id of its network."""

    def invoke(*words: str, network: str | None = None) -> Result:
        words = ("analyse", network or str(canal.network.id), *words)
        env = {"WEFT_DATABASE_URL": database_url}
        return CliRunner().invoke(weft, words, env=env)

    return invoke


def test_the_command_line_says_what_the_server_says(canal: Canal, run: Run) -> None:
    asked = ("crossing", "--boundary", canal.boundary, "--from", "2026-01-01", "--to", "2026-04-01")
    found = run(*asked, "--format", "json")
    assert found.exit_code == 0, found.output
    window = {"from": "2026-01-01T00:00:00Z", "to": "2026-04-01T00:00:00Z"}
    assert json.loads(found.stdout) == canal.figures(**window)


def test_people_read_a_table_and_spreadsheets_a_list_of_figures(canal: Canal, run: Run) -> None:
    asked = ("crossing", "--boundary", "side of the canal")
    table = [line.split() for line in run(*asked).stdout.splitlines()]
    assert ["share", "0.25"] in table
    assert ["3.0", "8.0"] in table
    rows = dict(csv.reader(run(*asked, "--format", "csv").stdout.splitlines()))
    assert (rows["figure"], rows["share"], rows["boundary.sections.1.name"]) == (
        "value",
        "0.25",
        "South bank",
    )


@pytest.mark.parametrize("analysis", ANALYSES, ids=lambda analysis: analysis.name)
def test_a_table_is_made_of_any_answer(analysis: Analysis) -> None:
    for form in ("table", "csv", "json"):
        assert tell(analysis.example, form)


@pytest.mark.parametrize("analysis", ANALYSES, ids=lambda analysis: analysis.name)
def test_what_may_be_asked_is_listed(run: Run, analysis: Analysis) -> None:
    told = run(analysis.name, "--help").stdout
    assert all(f"--{name.replace('_', '-')} " in told for name in analysis.query().fields)


def test_a_name_is_never_a_formula() -> None:
    assert "'=1+1" in tell({"name": "=1+1", "excess": -0.5}, "csv")
    assert "\nexcess,-0.5" in tell({"name": "=1+1", "excess": -0.5}, "csv")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--boundary", "The moon"), "There is no boundary 'The moon'."),
        (("--boundary", "Side of the canal", "--draws", "1"), "--draws: A whole number from 99"),
        (("--boundary", "Side of the canal", "--from", "then"), "--from: "),
    ],
)
def test_what_cannot_be_asked_is_a_sentence(
    run: Run, words: tuple[str, ...], sentence: str
) -> None:
    found = run("crossing", *words)
    assert (found.exit_code, sentence in found.output) == (1, True), found.output


def test_a_network_goes_by_its_name_unless_two_have_it(
    canal: Canal, other_network: Network, run: Run
) -> None:
    asked = ("crossing", "--boundary", canal.boundary)
    assert "There is no network 'Nowhere'." in run(*asked, network="Nowhere").output
    assert str(other_network.id) in run(*asked, network="town").output
    only = "Town on one canal"
    with canal.network.database.transaction(canal.network.id) as cx:
        params = {"name": only, "network": canal.network.id}
        raw(cx).execute("UPDATE network SET name = %(name)s WHERE id = %(network)s", params)
    assert run(*asked, network=only).exit_code == 0
