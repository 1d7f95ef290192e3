"""Ties: which groups were seen together, how often, and how much of that crosses a boundary."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from uuid import UUID

    from numpy.typing import NDArray

    from .arrays import Floats, Ints
    from .pairs import Pairs

LAYERS = ("introductions", "meetings", "flows")
STATES = ("single", "live", "lapsed")
SINGLE, LIVE, LAPSED = range(3)
LIVE_DAYS = 180  # a tie heard of in this many days before the window's end is live
DAY, MICROSECONDS = 86_400, 1e6
TOLERANCE = 1e-6  # how far declared shares may be from 1 and still be all there is to know


@dataclass(frozen=True, slots=True)
class Group:
    """A group as a map knows it; `at` (longitude, latitude) and `home` only where mappable."""

    id: UUID
    name: str
    is_active: bool
    home: UUID | None
    at: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the boundary asked for."""

    id: UUID
    name: str


@dataclass(frozen=True)
class Ties:
    """Pairs of groups of one layer and window, which number the groups.

    `shares` (groups, sections): rows sum to 1, or are zeros where a side is not wholly known.
    """

    groups: tuple[Group, ...]
    sections: tuple[Section, ...]
    shares: Floats
    pairs: Pairs

    @property
    def a(self) -> Ints:
        """One end of each tie, (ties,)."""
        return self.pairs.a

    @property
    def b(self) -> Ints:
        """The other end, the larger number."""
        return self.pairs.b

    @property
    def times(self) -> Ints:
        """What they had in common."""
        return self.pairs.times

    @cached_property
    def last(self) -> Floats:
        """The last of it, in seconds since 1970."""
        return self.pairs.last / MICROSECONDS

    @cached_property
    def names(self) -> NDArray[np.str_]:
        """The groups' ids as text."""
        return np.array([str(group.id) for group in self.groups])

    @cached_property
    def places(self) -> Floats:
        """Longitude and latitude (groups, 2) of homes; nan where none may be mapped."""
        nowhere = (np.nan, np.nan)
        return np.array([group.at or nowhere for group in self.groups]).reshape(-1, 2)

    @cached_property
    def crossing(self) -> Floats:
        """How much of each tie crosses, 0 to 1: 1 - s_a . s_b; nan where a side is unknown."""
        alike = (self.shares[self.a] * self.shares[self.b]).sum(axis=1)
        is_known = np.asarray(self.shares.any(axis=1))
        both = is_known[self.a] & is_known[self.b]
        return np.where(both, np.clip(np.round(1 - alike, 6), 0.0, 1.0), np.nan)

    @cached_property
    def crossers(self) -> Ints:
        """Numbers of the ties that cross, wholly or in part, those seen most often first."""
        found = np.flatnonzero(self.crossing > 0)  # nan is not
        order = np.lexsort((self.b[found], self.a[found], -self.last[found], -self.times[found]))
        return np.asarray(found[order])

    def states(self, as_of: float) -> Ints:
        """Each tie's state, numbering STATES, at an instant in seconds since 1970."""
        return np.where(self.times == 1, SINGLE, age_of(self.last, as_of))

    @property
    def coverage(self) -> dict[str, int]:
        """How many ties there are, of how many both sides are known, and how many cross."""
        known = int((~np.isnan(self.crossing)).sum())
        return {"known": known, "total": len(self.a), "crossing": len(self.crossers)}

    def sections_of(self, group: int) -> list[UUID]:
        """Sections of a group, the largest share first; none where its side is unknown."""
        row = self.shares[group]
        return [self.sections[i].id for i in np.argsort(-row, kind="stable") if row[i] > 0]


def age_of(last: Any, as_of: float) -> Any:
    """LIVE or LAPSED, by when something was seen last; both in seconds since 1970."""
    return np.where(last >= as_of - LIVE_DAYS * DAY, LIVE, LAPSED)


def settle_shares(declared: Floats) -> Floats:
    """Rows that sum to 1 as they are; any other row becomes zeros, which means unknown."""
    sums = declared.sum(axis=1, keepdims=True)
    is_whole = np.abs(sums - 1) <= TOLERANCE
    return np.where(is_whole, declared / np.where(is_whole, sums, 1), 0.0)
