"""Languages: what a form says, in every language there is; the schema's own words are English.

A sentence without a translation is said in English, so that a new field is asked at once.
"""

from __future__ import annotations

from api.words import LANGUAGES, words

OWN = "en"  # of schemas, and of a form until somebody chooses another on the phone


def _names() -> dict[str, str]:
    """What XLSForm calls each language: its own name and its code, the forms' own first."""
    ordered = sorted(LANGUAGES, key=lambda code: (code != OWN, code))
    return {code: f"{words(code)['language']['name']} ({code})" for code in ordered}


NAMES = _names()


def said(column: str, english: str, **values: object) -> dict[str, str]:
    """A sentence in every language, as the cells of a row; `values` fill its braces."""
    return _cells(column, _told(english, **values))


def said_of(column: str, section: str, option: str) -> dict[str, str]:
    """An option as reports and forms say it; where it has no words, its own name."""
    if option not in words(OWN).get(section, {}):
        return said(column, humanised(option))
    return _cells(column, {code: words(code)[section][option] for code in NAMES})


def title(english: str) -> str:
    """A form's title: Collect knows but one, so it is said in every language."""
    return " · ".join(_told(english).values())


def humanised(name: str) -> str:
    """The name of a field or an option as a person reads it."""
    return name.replace("_", " ").capitalize()


def _told(english: str, **values: object) -> dict[str, str]:
    found = {code: words(code).get("form", {}).get(english, english) for code in NAMES}
    return {code: text.format(**values) if values else text for code, text in found.items()}


def _cells(column: str, told: dict[str, str]) -> dict[str, str]:
    return {f"{column}::{NAMES[code]}": text for code, text in told.items()}
