"""Records: what people write in the model, as the server keeps it, so that copies compare equal.

Every text bears a mark of its own, by which it is known wherever it turns up.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from api.core.record import KINDS as RECORDS

if TYPE_CHECKING:
    from tests.fixtures.networks import Town

Pick = Callable[[int], int]  # a number below the one given

KINDS = ("introductions", "meetings", "listings", "people")
TEXT = {"introductions": "purpose", "meetings": "title", "listings": "description",
        "people": "alias"}  # fmt: skip
OTHERS: dict[str, tuple[str, tuple[Any, ...]]] = {
    "introductions": ("channel", ("phone", "message", "video", None)),
    "meetings": ("ends_at", ("2026-04-02T18:00:00+00:00", "2026-04-02T19:00:00+00:00", None)),
    "listings": ("quantity", (1.0, 2.0, 3.0, None)),
    "people": ("purge_on", ("2096-03-30", "2096-03-31", None)),
}
PARTS = {"introductions": "parties", "meetings": "attendance", "people": "group_ids"}
TOO_LONG, UNHEARD_OF = "x" * 300, "never heard of"
MARK = re.compile(r"mark-\d+-")


def fresh(kind: str, town: Town, text: str) -> dict[str, Any]:
    """A new record of a kind, whole."""
    return {TEXT[kind]: text} | {
        "introductions": {
            "made_at": "2026-03-31T17:30:00+00:00",
            "parties": _parts(kind, town, 2),
            **dict.fromkeys(("connector_id", "space_id", "channel")),
            "known_before": "no",
            "status": "made",
        },
        "meetings": {
            "starts_at": "2026-04-02T17:00:00+00:00",
            "attendance": _parts(kind, town, 1),
            **dict.fromkeys(("ends_at", "space_id", "host_group_id", "recurrence")),
        },
        "listings": {
            "side": "need",
            "resource": "space",
            "group_id": town.groups[0],
            "status": "open",
            **dict.fromkeys(("quantity", "unit", "space_id", "open_until")),
        },
        "people": {
            "group_ids": _parts(kind, town, 1),
            "notice": "given",
            "notice_on": "2026-03-30",
            "basis": "consent",
            "age_band": "adult",
            "purge_on": None,
        },
    }[kind]


def _parts(kind: str, town: Town, count: int) -> list[Any]:
    groups = town.groups[:count]
    if kind == "introductions":
        return [{"group_id": group, "person_id": None} for group in groups]
    if kind == "meetings":
        return [{"group_id": group, "headcount": 3, "person_ids": []} for group in groups]
    return list(groups)


def edited(kind: str, data: dict[str, Any], town: Town, text: str, pick: Pick) -> dict[str, Any]:
    """The record with another text, another value beside it, another list, or all of them."""
    name, options = OTHERS[kind]
    what = pick(4)
    changed = dict(data)
    if what in (0, 3):
        changed[TEXT[kind]] = text
    if what in (1, 3):
        changed[name] = options[pick(len(options))]
    if what in (2, 3) and kind in PARTS:
        changed[PARTS[kind]] = _parts(kind, town, 2 + pick(2))
    return changed


def spoilt(kind: str, data: dict[str, Any], pick: Pick) -> dict[str, Any]:
    """The record as no rule lets it pass: with a text beyond all length, or an unheard-of value."""
    return data | ({TEXT[kind]: TOO_LONG} if pick(2) else {OTHERS[kind][0]: UNHEARD_OF})


def fields_of(kind: str) -> set[str]:
    """The fields that a kind has."""
    return set(RECORDS[kind].codec.names)


def mended(kind: str, data: dict[str, Any], text: str) -> dict[str, Any]:
    """The record with what was spoilt made good."""
    changed = dict(data)
    if changed[TEXT[kind]] == TOO_LONG:
        changed[TEXT[kind]] = text
    if changed[OTHERS[kind][0]] == UNHEARD_OF:
        changed[OTHERS[kind][0]] = None
    return changed


def is_sound(data: dict[str, Any] | None) -> bool:
    """Whether nothing was spoilt in it; an edit of what is spoilt stays so."""
    return data is None or not {TOO_LONG, UNHEARD_OF} & {str(value) for value in data.values()}
