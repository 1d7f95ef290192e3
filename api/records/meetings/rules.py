"""Rules of a meeting: it ends after it begins, and each group came once."""

from typing import Any


def check(meeting: Any) -> dict[str, str]:
    """Order of times, each group once, no more people named than were counted."""
    broken: dict[str, str] = {}
    if meeting.ends_at is not None and _text(meeting.ends_at) < _text(meeting.starts_at):
        broken["ends_at"] = "This is before starts_at."
    groups = [part.group_id for part in meeting.attendance]
    if len(set(groups)) < len(groups):
        broken["attendance"] = "Name each group once, with its whole headcount."
    for i, part in enumerate(meeting.attendance):
        if len(part.person_ids) > part.headcount:
            broken[f"attendance.{i}.person_ids"] = "More people than the headcount."
    return broken


def _text(instant: str) -> str:
    """UTC instants compare as text once a whole second sorts before its fractions."""
    return instant.replace("+00:00", "")
