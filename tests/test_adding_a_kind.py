"""docs/adding-a-kind.md, followed literally in a scratch copy."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from api.settings import HOME

if TYPE_CHECKING:
    from pathlib import Path

PAGE = (HOME / "docs" / "adding-a-kind.md").read_text(encoding="utf-8")
FILES = dict(
    re.findall(r"^`(api/records/\S+\.py)`\n\n```python\n(.*?)```$", PAGE, re.DOTALL | re.MULTILINE)
)
LOOK = """
import sys
import psycopg
from pathlib import Path
from api import create_app
from api.settings import Settings
app = create_app(Settings("postgresql://nobody@localhost:1/none", Path(sys.argv[1]), "secret"))
paths = app.test_client().get("/openapi.json").json["paths"]
for path in sorted(paths):
    if "/visits" in path:
        print(path, *sorted(paths[path].keys() - {"parameters"}))
app.extensions["database"].close()
"""


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A copy of the code, with the page's folder and line in it."""
    for room in ("api", "migrations"):
        shutil.copytree(HOME / room, tmp_path / room, ignore=shutil.ignore_patterns("__pycache__"))
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    (line, entry) = re.findall(r"(?m)^\+(.*VISITS.*)$", PAGE)
    kinds = tmp_path / "api" / "records" / "__init__.py"
    text = kinds.read_text(encoding="utf-8")
    text = text.replace("\nRECORD_TYPES", f"{line}\n\nRECORD_TYPES", 1)
    kinds.write_text(text.replace("\n)\n", f"\n{entry}\n)\n", 1), encoding="utf-8")
    return tmp_path


def run(house: Path, *words: str) -> str:
    """What a command says inside the scratch copy."""
    command = [sys.executable, *words]
    done = subprocess.run(command, cwd=house, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_one_folder_and_one_line_make_the_five_endpoints(house: Path) -> None:
    said = run(house, "-c", LOOK, str(house / "var"))
    address = "/api/v1/networks/{network_id}/visits"
    assert said.splitlines() == [
        f"{address} get post",
        f"{address}/{{record_id}} delete get patch",
    ]


def test_its_migration_is_drafted_from_the_declaration(house: Path) -> None:
    assert "read it" in run(house, "-m", "migrations.draft", "visits")
    (made,) = (house / "migrations" / "versions").glob("*_visits.py")
    text = made.read_text(encoding="utf-8")
    assert "CREATE TABLE visit (" in text
    assert '("visit", "group_id", "grp")' in text
    assert "protect(NAMES)" in text
    compile(text, made.name, "exec")
