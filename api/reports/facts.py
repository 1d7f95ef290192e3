"""Facts: the plain tables a report is made from, as they were at one moment. No names of people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from uuid import UUID

STATUSES = ("offered", "made", "declined", "unwanted")  # of introductions
RESOURCES = ("goods", "money", "time", "skill", "information", "space")
FLOW_STATUSES = ("promised", "delivered", "fell_through")
STAGES = (14, 90, 180)  # days from an introduction to each of its follow-ups
ANSWERS = ("yes", "no", "unsure")
WHO = ("party", "connector")  # whose answer it is
# What is kept of each introduction: whether its parties had met before, in the year or not.
MARKS = {"new": "14", "met": "25", "unsaid": "03", "in_year": "345"}

UNRECORDED = ("K12", "K13", "K14", "K15", "K17")  # of accounts, tensions, learnings, outcomes

SEVERAL = "several"  # stands for a group that declares several sections of one boundary
LEAST_PEOPLE, LEAST_MERGED = 8, 2
OTHER = "other"  # stands for sections of too few people to be named


@dataclass(frozen=True, slots=True)
class Section:
    """One side of a boundary; how many people live on it, where that was said."""

    id: UUID
    name: str
    population: int | None = None


@dataclass(frozen=True, slots=True)
class Boundary:
    """A line along which people usually keep apart; `declared` holds each group's sections.

    Sections in `merged` are not told apart in tables.
    """

    id: UUID
    name: str
    question: str
    sections: tuple[Section, ...]
    declared: Mapping[UUID, frozenset[UUID]] = field(default_factory=dict)
    merged: frozenset[UUID] = frozenset()

    def ends(self) -> tuple[str, ...]:
        """What tables by section tell apart: each section, the merged ones together."""
        named = (str(section.id) for section in self.sections if section.id not in self.merged)
        return (*named, *((OTHER,) if self.merged else ()))

    def end(self, group: UUID | None) -> str:
        """Where a group that declares sections stands in such a table."""
        sections = self.declared[group] if group else frozenset()
        if len(sections) != 1:
            return SEVERAL
        (section,) = sections
        return OTHER if section in self.merged else _named(section)


@cache
def _named(section: UUID) -> str:
    """An id as text, made once: it is asked for with every tie."""
    return str(section)


@dataclass(frozen=True, slots=True)
class Introductions:
    """So many introductions between exactly these groups; None stands for a party without one.

    `ids` are theirs, sixteen bytes each, here and below; `marks` has one of MARKS for each. Of
    `new` it was said that the parties had not met before, of `met` that they had.
    """

    groups: tuple[UUID | None, ...]
    status: str
    count: int
    ids: bytes = b""
    new: int = 0
    met: int = 0
    marks: str = ""


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
    late: int = 0  # logs entered more than four weeks after the event
    late_hours: int = 0  # the hours in which those were entered
    logs_each: tuple[int, ...] = ()  # of each who logged, the most first
    ids_meetings: bytes | None = None  # in the period; None in inputs kept before they were


@dataclass(frozen=True, slots=True)
class FollowUps:
    """So many follow-ups that came due so many days after, with the same answers or none."""

    stage: int
    count: int
    answered_by: str | None = None
    outcome: str | None = None
    without_connector: bool | None = None
    again: str | None = None
    anyway: str | None = None
    ids: bytes = b""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two groups that were introduced; whether all of it in the year was one connector's."""

    groups: tuple[UUID, UUID]
    in_period: bool
    in_year: bool
    is_by_one: bool


@dataclass(frozen=True, slots=True)
class Spaces:
    """So many spaces in which exactly these groups met; how groups feel about each of them."""

    groups: tuple[UUID, ...]
    is_valued: bool
    is_avoided: bool
    count: int
    ids: bytes = b""


@dataclass(frozen=True, slots=True)
class Agreement:
    """Introductions of which both a party and a connector said whether they would have come."""

    same: int = 0
    differing: int = 0
    ids_same: bytes | None = None
    ids_differing: bytes | None = None


@dataclass(frozen=True, slots=True)
class Heard:
    """So many records behind one of UNRECORDED: no network has any yet."""

    indicator: str
    count: int


@dataclass(frozen=True, slots=True)
class Facts:
    """All of one network that a report of the period `[from_on, to_on)` counts.

    `earlier` are introductions made in its year before it began; None in inputs kept before.
    """

    from_on: date
    to_on: date
    year_from: date
    boundaries: tuple[Boundary, ...] = ()
    introductions: tuple[Introductions, ...] = ()
    flows: tuple[Flows, ...] = ()
    basis: Basis = Basis()
    follow_ups: tuple[FollowUps, ...] = ()
    agreement: Agreement = Agreement()
    groups: tuple[UUID, ...] = ()  # registered on the last day
    pairs: tuple[Pair, ...] = ()
    spaces: tuple[Spaces, ...] = ()
    heard: tuple[Heard, ...] = ()
    earlier: tuple[Introductions, ...] | None = None


def merge_small(facts: Facts) -> Facts:
    """Sections of fewer than eight people stand with others in tables, so that none is alone."""
    merged = tuple(replace(each, merged=_small(each.sections)) for each in facts.boundaries)
    return replace(facts, boundaries=merged)


def _small(sections: tuple[Section, ...]) -> frozenset[UUID]:
    """The small ones, and the next larger while they are fewer than two or eight people."""
    small: list[Section] = []
    for section in sorted(
        sections, key=lambda each: (each.population is None, each.population or 0)
    ):
        people = sum(each.population or 0 for each in small)
        is_small = section.population is not None and section.population < LEAST_PEOPLE
        if is_small or (small and (len(small) < LEAST_MERGED or people < LEAST_PEOPLE)):
            small.append(section)
    return frozenset(section.id for section in small)
