"""Words: what the server says to people: reports and forms, one TOML file a language."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent

LANGUAGES = tuple(sorted(path.stem for path in HERE.glob("*.toml")))


@cache
def words(language: str) -> dict[str, Any]:
    """The catalogue of one of LANGUAGES."""
    return tomllib.loads((HERE / f"{language}.toml").read_text(encoding="utf-8"))
