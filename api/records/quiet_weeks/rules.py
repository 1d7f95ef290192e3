"""Rules of a quiet week: it begins on a Monday."""

from typing import Any


def check(quiet_week: Any) -> dict[str, str]:
    """Monday is weekday 0."""
    if quiet_week.week_on.weekday():
        return {"week_on": "A week begins on a Monday; send that day."}
    return {}
