"""Words: every sentence of a report, one TOML file a language; a new language is one more file."""

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
