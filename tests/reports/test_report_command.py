"""`weft report`: a file with a report in it, or one sentence that says why not."""

from __future__ import annotations

import json
from datetime import date
from uuid import uuid4

import pytest
import structlog
from click.testing import CliRunner

from api.cli import weft
from api.reports import commands
from api.reports.commands import read_period


@pytest.fixture
def run(place, database_url, tmp_path):
    """Run `weft report` on the place."""
    kept = structlog.get_config()

    def run(*words, network=place.network.id):
        env = {"WEFT_DATABASE_URL": database_url, "WEFT_VAR": str(tmp_path / "var")}
        return CliRunner().invoke(weft, ["report", str(network), *words], env=env)

    yield run
    structlog.configure(**kept)


def test_a_file_holds_what_the_api_gives(place, run, tmp_path):
    file = tmp_path / "report.json"
    done = run("--period", "2025-01", "-o", str(file))
    assert done.exit_code == 0, done.output
    made = json.loads(file.read_text())
    found = place.visit("GET", f"reports/{made['id']}", "coordinator")
    assert file.read_bytes() == found.data
    assert (made["audience"], made["period"]["to"]) == ("funder", "2025-02-01")
    assert made["id"] in done.stderr
    assert [each.name for each in tmp_path.glob("*report*")] == ["report.json"]


def test_another_form_is_of_the_same_freeze_until_something_changes(place, run, tmp_path):
    first = json.loads(run("--period", "2025Q1", "--format", "json").stdout)
    page = run("--period", "2025Q1", "--format", "html")
    assert first["id"] in page.stderr
    assert page.stdout.startswith("<!doctype html>")
    public = json.loads(
        run("--period", "2025Q1", "--format", "json", "--audience", "public").stdout
    )
    assert public["id"] != first["id"]
    place.network.coordinator.make("boundaries", {"name": "Hill"})
    changed = json.loads(run("--period", "2025Q1", "--format", "json").stdout)
    assert changed["id"] != first["id"]
    assert len(changed["boundaries"]) == 2


def test_whoever_watches_hears_of_every_step_once(place, app):
    wanted = commands.wish(
        place.network.id,
        "2025Q1",
        "html",
        {"audience": "funder", "language": "en", "boundaries": ()},
    )
    told: list[str] = []
    made, _ = commands.make_report(app.extensions["database"], wanted, told.append)
    assert tuple(told) == commands.STEPS
    again, _ = commands.make_report(app.extensions["database"], wanted, told.append)
    assert (again, told[len(commands.STEPS) :]) == (made, ["looking", "writing"])


def test_one_boundary_alone_may_be_asked_for(place, run):
    place.network.coordinator.make("boundaries", {"name": "Hill"})
    river = str(place.ids["river"])
    made = json.loads(run("--period", "2025Q1", "--format", "json", "--boundary", river).stdout)
    assert [boundary["id"] for boundary in made["boundaries"]] == [river]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--period", "last year"], "A period is written 2026"),
        (["--period", "2199Q1"], "reaches into the future"),
        (["--period", "2025-02-01..2025-01-01"], "turned round"),
        (["--period", "2025-13"], "month must be in 1..12"),
        (["--period", "2025Q1", "--format", "doc"], "A report can be had as json"),
        (["--period", "2025Q1", "-o", "report.doc"], "A report can be had as json"),
        (["--period", "2025Q1", "--language", "tlh"], "A report can be in"),
        (["--period", "2025Q1", "--boundary", str(uuid4())], "no such boundary"),
        (["--period", "2025Q1", "-o", "/nowhere/at/all/report.html"], "No such file or directory"),
    ],
)
def test_what_cannot_be_made_is_said_in_a_sentence(run, words, sentence):
    done = run(*words)
    assert done.exit_code == 1
    assert sentence in done.stderr
    assert "Traceback" not in done.output


def test_a_network_that_is_not_there_is_said_so(run):
    done = run("--period", "2025Q1", network=uuid4())
    assert (done.exit_code, "There is no such network" in done.stderr) == (1, True)


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("2025", (date(2025, 1, 1), date(2026, 1, 1))),
        ("2025Q1", (date(2025, 1, 1), date(2025, 4, 1))),
        ("2025-Q4", (date(2025, 10, 1), date(2026, 1, 1))),
        ("2025-12", (date(2025, 12, 1), date(2026, 1, 1))),
        ("2025-01-06..2025-02-03", (date(2025, 1, 6), date(2025, 2, 3))),
    ],
)
def test_a_period_is_written_as_people_write_it(text, ends):
    assert read_period(text) == ends
