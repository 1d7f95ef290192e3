"""The shape of the house: who may import whom, what stands where, and how large things grow."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from api.records import RECORD_TYPES
from api.settings import HOME
from tests.lapses import LAPSES
from tests.leaks import LEAKS
from tests.lineage import LINEAGES
from tests.mistakes import MISTAKES
from tests.mutants import MUTANTS, Mutant

SOURCES = sorted([*HOME.glob("api/**/*.py"), *HOME.glob("ops/*.py"), *HOME.glob("migrations/*.py")])
TESTS = sorted(HOME.glob("tests/**/*.py"))
PURE = [
    *sorted(HOME.glob("api/analysis/measures/*.py")),
    *(HOME / "api" / "maps" / name for name in ("layout.py", "lines.py", "pairs.py", "ties.py")),
    *(HOME / "api" / "reports" / name for name in ("indicators.py", "disclosure.py", "audit.py")),
    HOME / "api" / "core" / "merge.py",
]
OUTSIDE = {"flask", "sqlalchemy", "psycopg", "marshmallow", "flask_smorest", "alembic"}
LONGEST_FILE, LONGEST_FUNCTION, MOST_ARGUMENTS = 400, 50, 6
P95_FUNCTION, MEDIAN_FUNCTION = 30, 9


def name(path: Path) -> str:
    return str(path.relative_to(HOME))


def functions(path: Path) -> list[ast.FunctionDef]:
    tree = ast.parse(path.read_text())
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]


def lengths() -> list[int]:
    return sorted(
        (node.end_lineno or 0) - node.lineno + 1 for path in SOURCES for node in functions(path)
    )


def test_rooms_import_downward_only() -> None:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    done = subprocess.run(command, cwd=HOME, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("path", PURE, ids=name)
def test_pure_files_know_neither_web_nor_database(path: Path) -> None:
    tree = ast.parse(path.read_text())
    imported = {
        alias.name.split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for alias in node.names
    } | {
        (node.module or "").split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
    }
    assert not imported & OUTSIDE


def test_the_kernel_knows_no_kind_by_name() -> None:
    nouns = {kind.name for kind in RECORD_TYPES} | {kind.table for kind in RECORD_TYPES}
    nouns -= {"section", "space", "group", "flow", "person", "people"}  # plain words as well
    spoken = {
        name(path): found
        for path in (HOME / "api" / "core").glob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        for found in [{noun for noun in nouns if node.value == noun}]
        if found
    }
    assert spoken == {}


def test_a_transaction_is_committed_in_one_place() -> None:
    allowed = {"api/migrate.py"}
    found = {name(p) for p in HOME.glob("api/**/*.py") if re.search(r"\.commit\(", p.read_text())}
    assert found <= allowed


def test_the_environment_is_read_in_one_place() -> None:
    found = {name(p) for p in HOME.glob("api/**/*.py") if "os.environ" in p.read_text()}
    assert found == {"api/settings.py"}


def test_nobody_writes_around_the_write_path() -> None:
    tables = "|".join({kind.table for kind in RECORD_TYPES})
    around = re.compile(rf"(INSERT INTO|UPDATE|DELETE FROM) ({tables})\b")
    found = {name(p) for p in HOME.glob("api/**/*.py") if around.search(p.read_text())}
    assert found == set()


@pytest.mark.parametrize(
    "mutant", MUTANTS + LINEAGES + LAPSES + LEAKS + MISTAKES, ids=lambda mutant: mutant.breaks
)
def test_every_mutant_finds_its_guard_and_leaves_a_program(mutant: Mutant) -> None:
    text = (HOME / mutant.file).read_text()
    assert text.count(mutant.guard) == 1
    ast.parse(text.replace(mutant.guard, mutant.weakened))


@pytest.mark.parametrize("path", [*SOURCES, *TESTS], ids=name)
def test_no_file_outgrows_a_reader(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= LONGEST_FILE


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_functions_fit_on_a_screen(path: Path) -> None:
    found = {
        node.name: ((node.end_lineno or 0) - node.lineno + 1, len(node.args.args))
        for node in functions(path)
    }
    assert {n: size for n, (size, _) in found.items() if size > LONGEST_FUNCTION} == {}
    assert {n: count for n, (_, count) in found.items() if count > MOST_ARGUMENTS} == {}


def test_most_functions_are_small() -> None:
    sizes = lengths()
    assert sizes[len(sizes) // 2] <= MEDIAN_FUNCTION
    assert sizes[int(0.95 * len(sizes))] <= P95_FUNCTION


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_every_module_says_what_it_is_for(path: Path) -> None:
    said = ast.get_docstring(ast.parse(path.read_text()))
    assert said
    assert said.splitlines()[0].endswith((".", ":"))


def test_the_repository_names_no_registry_and_no_machine() -> None:
    tracked = subprocess.run(
        ["git", "ls-files"], cwd=HOME, capture_output=True, text=True, check=True
    ).stdout.split()
    hosts = re.compile(r"https?://[^/\s]*(pypi|pythonhosted|npmjs|debian)\.org")
    found = [
        path
        for path in tracked
        if path.endswith((".txt", ".in", ".py", ".toml", ".md", ".json", "Makefile"))
        and hosts.search((HOME / path).read_text())
    ]
    assert found == []
