"""Collected: which kinds have a form, and the little that a phone's form says in its own way."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field

import msgspec


@dataclass(frozen=True)
class Collected:
    """What a phone's form says in its own way.

    `hints` stand below a question in place of the schema's words, `words` name the section of the
    catalogues with a field's options where it is not the field's name, `settle` brings answers to
    their form, `leaves_out` is not asked.
    """

    title: str
    hints: dict[str, str] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)
    settle: dict[str, Callable[[str], str]] = field(default_factory=dict)
    leaves_out: tuple[str, ...] = ()


def monday_of(day: str) -> str:
    """The Monday of the week of a day such as 2026-04-08; anything else as it is."""
    try:
        found = msgspec.convert(day, dt.date)
        return (found - dt.timedelta(days=found.weekday())).isoformat()
    except (msgspec.ValidationError, OverflowError):
        return day


COLLECTED: dict[str, Collected] = {
    "introductions": Collected("Introduction"),
    "meetings": Collected("Meeting", leaves_out=("recurrence",)),  # a rule is no field question
    "flows": Collected("Flow", words={"status": "flow_status"}),
    "quiet-weeks": Collected(
        "Nothing this week",
        hints={"week_on": "Any day of the week that held nothing."},
        settle={"week_on": monday_of},
    ),
}
