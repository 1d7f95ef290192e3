"""Report: one line per figure, with its budget and whether it is met."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """A figure: `budget` as words; `is_met` None where there is no budget."""

    what: str
    figure: str
    budget: str = ""
    is_met: bool | None = None


def table(lines: list[Line]) -> str:
    """A Markdown table."""
    rows = [("what", "measured", "budget", ""), ("---", "---", "---", "---")]
    marks = {True: "met", False: "MISSED", None: ""}
    rows += [(line.what, line.figure, line.budget, marks[line.is_met]) for line in lines]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def at_least(what: str, value: float, least: float, unit: str) -> Line:
    """A figure that should reach its budget."""
    return Line(what, f"{value:,.1f} {unit}", f"≥ {least:,.0f} {unit}", value >= least)


def at_most(what: str, value: float, most: float, unit: str) -> Line:
    """A figure that should stay under its budget."""
    return Line(what, f"{value:,.1f} {unit}", f"≤ {most:,.1f} {unit}", value <= most)
