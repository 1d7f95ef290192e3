"""Sums: named whole numbers, and which of them add up to which."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from uuid import UUID

PAIR = 2
UNSEEN = "~"  # begins the names of counts that stand in a sum and in no report


@dataclass(frozen=True, slots=True)
class Sum:
    """The counts `parts` add up to the count `total`: anybody can take them apart again.

    `is_of_answers`: each part is what some people said, so a part that holds nearly all of the
    total tells what each of them said.
    """

    total: str
    parts: tuple[str, ...]
    is_of_answers: bool = False


@dataclass(frozen=True, slots=True)
class Tally:
    """Exact counts by key (`K1.made`), and the sums that hold between them.

    Those in `private` are for nobody outside, however large.
    """

    counts: Mapping[str, int]
    sums: tuple[Sum, ...] = ()
    private: frozenset[str] = frozenset()


def joined(parts: Iterable[Tally]) -> Tally:
    """Several tallies as one."""
    kept = list(parts)
    return Tally(
        {key: value for part in kept for key, value in part.counts.items()},
        tuple(sum_ for part in kept for sum_ in part.sums),
        frozenset().union(*(part.private for part in kept)),
    )


def add_up(
    key: str, total: str, counts: Mapping[str, int], *, is_of_answers: bool = False
) -> Tally:
    """A row of counts with its total."""
    named = {f"{key}.{name}": value for name, value in counts.items()}
    whole = f"{key}.{total}"
    sum_ = Sum(whole, tuple(named), is_of_answers)
    return Tally({**named, whole: sum(named.values())}, (sum_,))


def within(part: str, whole: str, counts: Mapping[str, int]) -> Tally:
    """That one count is a part of another: what is left of it has a name, and is never shown."""
    rest = f"{UNSEEN}{whole}-{part}"
    return Tally({rest: counts[whole] - counts[part]}, (Sum(whole, (part, rest)),))


def side(groups: Iterable[UUID | None], declared: Mapping[UUID, frozenset[UUID]]) -> str:
    """Across when two of the groups share no section, unknown when one declares none."""
    sections = [declared.get(group) if group else None for group in groups]
    if not all(sections):
        return "unknown"
    known = [section for section in sections if section]
    if len(known) == PAIR:  # as most are
        return "within" if known[0] & known[1] else "across"
    apart = any(a.isdisjoint(b) for i, a in enumerate(known) for b in known[:i])
    return "across" if apart else "within"
