"""Rules of a notebook entry: a notice has a day."""

from typing import Any


def check(person: Any) -> dict[str, str]:
    """Notice given or declined happened on a day; not given has none."""
    if person.notice == "not_given" and person.notice_on is not None:
        return {"notice_on": "No notice was given, so it has no day."}
    if person.notice != "not_given" and person.notice_on is None:
        return {"notice_on": "Say on which day the person was told."}
    return {}
