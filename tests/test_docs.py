"""The documentation says what is: every setting, every problem, and a tour that works."""

from __future__ import annotations

import os
import re
import subprocess
from dataclasses import fields
from typing import TYPE_CHECKING

import pytest

from api.core.db import Database
from api.core.problems import CATALOGUE
from api.exchange.demo import load
from api.settings import HOME, Settings
from tests.database import clone
from tests.fixtures.server import serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PAGES = [HOME / "README.md", *sorted((HOME / "docs").rglob("*.md"))]
SETTINGS = (HOME / "docs" / "settings.md").read_text()
PROBLEMS = (HOME / "docs" / "problems.md").read_text()
LINK = re.compile(r"\]\((?!https?:|/|#)([^)#\s]+)(?:#[^)]*)?\)")


@pytest.mark.parametrize("name", [field.name for field in fields(Settings)])
def test_every_setting_is_documented(name: str) -> None:
    assert f"| `WEFT_{name.upper()}` |" in SETTINGS


def test_no_setting_is_documented_that_is_not_there() -> None:
    there = {f"WEFT_{field.name.upper()}" for field in fields(Settings)}
    assert set(re.findall(r"WEFT_\w*[A-Z]", SETTINGS)) == there


@pytest.mark.parametrize("name", ["HOST", "PORT", "WORKERS", "THREADS", "MAIL_FROM", "LOG_LEVEL"])
def test_the_documented_default_is_the_one_in_use(name: str) -> None:
    (default,) = [field.default for field in fields(Settings) if field.name == name.lower()]
    assert f"| `WEFT_{name}` | `{default}` |" in SETTINGS


def test_every_problem_is_documented_as_it_is_answered() -> None:
    documented = re.findall(r"^\| `(\w+)` \| (\d+) \| (.+?) \| (.+?) \|$", PROBLEMS, re.MULTILINE)
    told = {code: (int(status), sentence) for code, status, sentence, _ in documented}
    assert told == CATALOGUE
    assert all(advice.endswith(".") for *_, advice in documented)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(HOME).as_posix())
def test_every_link_leads_somewhere(page: Path) -> None:
    lost = [link for link in LINK.findall(page.read_text()) if not (page.parent / link).exists()]
    assert lost == []


# --- what the pages ask to paste -----------------------------------------------------------------


def script(page: str, heading: str) -> str:
    """The script under a heading."""
    text = (HOME / page).read_text()
    section = text.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    return "\n".join(re.findall(r"^```sh\n(.*?)^```", section, re.MULTILINE | re.DOTALL))


@pytest.fixture(scope="module")
def visited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, dict[str, str]]]:
    """A folder as of a checkout, and the environment of a server with the demonstration."""
    database_url = clone(f"weft_tour_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}")
    database = Database(database_url)
    load(database, progress=False)
    database.close()
    folder = tmp_path_factory.mktemp("tour")
    for name in (".venv", "api", "migrations"):
        (folder / name).symlink_to(HOME / name)
    with serving(database_url, folder / "var") as env:
        yield folder, env


def paste(words: str, folder: Path, env: dict[str, str]) -> str:
    """What the terminal shows."""
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", words],
        cwd=folder, env=env, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def walked(visited: tuple[Path, dict[str, str]]) -> tuple[str, str]:
    """What the tour printed, and the report it left."""
    printed = paste(script("README.md", "A tour in five minutes"), *visited)
    return printed, (visited[0] / "report.html").read_text()


def test_the_tour_meets_no_problem(walked: tuple[str, str]) -> None:
    printed, _ = walked
    assert "/docs/problems#" not in printed
    assert "connector1@demo.example" in printed


def test_the_tour_logs_one_introduction_however_often_it_is_sent(walked: tuple[str, str]) -> None:
    printed, _ = walked
    versions = re.findall(r'"version":"([^"]+)"[^\n]*A hall for the autumn supper', printed)
    assert len(versions) == 2
    assert len(set(versions)) == 1


def test_the_tour_ends_with_a_report_a_funder_can_read(walked: tuple[str, str]) -> None:
    printed, report = walked
    assert '"excess"' in printed
    assert '"FeatureCollection"' in printed
    assert report.startswith("<!doctype html>")


def test_a_photo_by_hand_arrives_in_two_halves(visited: tuple[Path, dict[str, str]]) -> None:
    at, state, begun = paste(
        script("docs/attachments.md", "A photo by hand"), *visited
    ).splitlines()
    assert at == "It stands at 30."
    assert '"state":"stored"' in state
    assert "P   N   G" in begun


def test_a_form_by_hand_counts_once_and_is_never_bounced(
    visited: tuple[Path, dict[str, str]],
) -> None:
    printed = paste(script("docs/collect.md", "A form by hand"), *visited).splitlines()
    forms = [line.removeprefix("<name>").partition(" · ")[0] for line in printed[:4]]
    assert forms == ["Introduction", "Meeting", "Flow", "Nothing this week"]
    assert "<filename>groups.csv</filename>" in printed
    logged, again, kept = printed[-3:]
    assert "Logged" in logged
    assert "counts once" in again
    assert "person has to look" in kept
    assert all(line.endswith(" 201") for line in (logged, again, kept))


@pytest.fixture(scope="module")
def played(visited: tuple[Path, dict[str, str]]) -> list[str]:
    """What the phone that is played by hand was answered, line by line."""
    return paste(script("docs/clients.md", "A phone by hand"), *visited).splitlines()


def test_the_phone_by_hand_gets_a_snapshot(played: list[str]) -> None:
    about, snapshot = played[:2]
    assert '"protocols":[1]' in about
    assert snapshot == "(True, True, 100)"


def test_the_phone_by_hand_counts_once_and_loses_nothing(played: list[str]) -> None:
    replayed, conflict, kept, manifest = played[2:]
    assert '"status":"applied"' in replayed
    assert '"replayed":true' in replayed
    assert '"status":"conflict"' in conflict
    assert "A hall and a kitchen" in conflict
    assert "A hall and a stage" in kept
    assert manifest.count('["') == 3
