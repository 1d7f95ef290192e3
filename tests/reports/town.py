"""A small town to count: four groups on two boundaries, with known answers."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from api.reports.facts import Basis, Boundary, Facts, Flows, Introductions, Section


def uid(number: int) -> UUID:
    return UUID(int=number)


NORTH, SOUTH = Section(uid(11), "North bank"), Section(uid(12), "South bank")
OLD, YOUNG = Section(uid(21), "Over 60"), Section(uid(22), "Under 30")
CHOIR, LIBRARY, MOSQUE, GARDEN, STALL = (uid(number) for number in range(101, 106))

RIVER = Boundary(
    uid(1),
    "River",
    "Which bank?",
    (NORTH, SOUTH),
    {
        CHOIR: frozenset({NORTH.id}),
        LIBRARY: frozenset({NORTH.id}),
        MOSQUE: frozenset({SOUTH.id}),
        GARDEN: frozenset({NORTH.id, SOUTH.id}),
    },
)
AGE = Boundary(uid(2), "Age", "Which age?", (OLD, YOUNG), {CHOIR: frozenset({OLD.id})})


def town(**changes: object) -> Facts:
    """The town's facts, with some of them replaced."""
    values: dict[str, object] = {
        "from_on": date(2026, 7, 1),
        "to_on": date(2026, 10, 1),
        "year_from": date(2025, 10, 1),
        "boundaries": (RIVER, AGE),
        "introductions": (
            Introductions((CHOIR, MOSQUE), "made", 30),  # across the river
            Introductions((CHOIR, LIBRARY), "made", 9),  # within
            Introductions((CHOIR, GARDEN), "made", 4),  # within: they share the north bank
            Introductions((CHOIR, LIBRARY, MOSQUE), "made", 2),  # across: one of three is apart
            Introductions((CHOIR,), "made", 1),  # two of one group: within
            Introductions((CHOIR, STALL), "made", 3),  # unknown: the stall declares nothing
            Introductions((CHOIR, MOSQUE), "declined", 5),  # brought nobody together
        ),
        "flows": (
            Flows(CHOIR, MOSQUE, "goods", "delivered", 3, 12),
            Flows(MOSQUE, CHOIR, "time", "delivered", 0, 1),
            Flows(MOSQUE, LIBRARY, "skill", "delivered", 2, 2),
            Flows(GARDEN, MOSQUE, "goods", "delivered", 1, 1),
            Flows(STALL, MOSQUE, "goods", "delivered", 4, 4),
            Flows(CHOIR, MOSQUE, "money", "promised", 6, 6),
        ),
        "basis": Basis(5, 60, 45, 40, 30, 200, 9.4),
    }
    return Facts(**(values | changes))  # type: ignore[arg-type]
