"""Facts: the plain tables a report is made from, as they were at one moment. No names of people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

STATUSES = ("offered", "made", "declined", "unwanted")  # of introductions
RESOURCES = ("goods", "money", "time", "skill", "information", "space")
FLOW_STATUSES = ("promised", "delivered", "fell_through")


@dataclass(frozen=True, slots=True)
class Section:
    """One side of a boundary."""

    id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class Boundary:
    """A line along which people usually keep apart; `declared` holds each group's sections."""

    id: UUID
    name: str
    question: str
    sections: tuple[Section, ...]
    declared: Mapping[UUID, frozenset[UUID]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Introductions:
    """So many introductions between exactly these groups; None stands for a party without one.

    `ids` are theirs, sixteen bytes each, here and below.
    """

    groups: tuple[UUID | None, ...]
    status: str
    count: int
    ids: bytes = b""


@dataclass(frozen=True, slots=True)
class Flows:
    """So many flows of one resource from one group to another: in the period, and in its year."""

    from_group: UUID | None
    to_group: UUID | None
    resource: str
    status: str
    in_period: int
    in_year: int
    ids: bytes = b""
    ids_in_year: bytes = b""


@dataclass(frozen=True, slots=True)
class Basis:
    """What the counts rest on. Weeks are connector-weeks; the lag is a median, in hours."""

    connectors: int = 0
    weeks_active: int = 0
    weeks_logged: int = 0
    follow_ups_due: int = 0
    follow_ups_answered: int = 0
    logs: int = 0
    lag_hours: float | None = None
    ids_due: bytes = b""
    ids_answered: bytes = b""


@dataclass(frozen=True, slots=True)
class Facts:
    """All of one network that a report of the period `[from_on, to_on)` counts."""

    from_on: date
    to_on: date
    year_from: date
    boundaries: tuple[Boundary, ...] = ()
    introductions: tuple[Introductions, ...] = ()
    flows: tuple[Flows, ...] = ()
    basis: Basis = Basis()
