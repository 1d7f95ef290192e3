"""Rules of a group: its shares add up, and its days are in order."""

from collections import defaultdict
from collections.abc import Callable
from typing import Any
from uuid import UUID

TOLERANCE = 1e-6


def check(group: Any) -> dict[str, str]:
    """Each section and space once; the last day not before the first."""
    broken: dict[str, str] = {}
    for name, key in (("sections", "section_id"), ("spaces", "space_id")):
        ids = [getattr(item, key) for item in getattr(group, name)]
        if len(set(ids)) < len(ids):
            broken[name] = "Name each one once."
    if group.active_from and group.active_to and group.active_to < group.active_from:
        broken["active_to"] = "This is before active_from."
    return broken


def relate(group: Any, look: Callable[[str, UUID], Any]) -> dict[str, str]:
    """The shares a group has in the sections of one boundary sum to 1.

    A section removed since leaves a gap that whoever edits something else need not mend.
    """
    sums: dict[Any, float] = defaultdict(float)
    least = 1 - TOLERANCE
    for item in group.sections:
        section = look("sections", item.section_id)
        if section:
            sums[section.boundary_id] += item.share
        else:
            least = 0
    if all(least <= total <= 1 + TOLERANCE for total in sums.values()):
        return {}
    return {"sections": "The shares in the sections of one boundary must sum to 1."}
