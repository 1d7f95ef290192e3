"""Pairs: what is between each two groups or sections, who holds it, and would it have been seen."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .connectedness import Flags
    from .ties import Floats, Ints

LIVE, LAPSED, SINGLE, GAP, TOO_FEW = STATES = ("live", "lapsed", "single", "gap", "too_few_to_say")
LIVE_DAYS = 180  # a tie heard of in this many days before the window's end is live
STEADY = 0.5  # of their weeks a connector must have told of, or what they saw is not known
LEAST_SEEN = 2  # times a side must have been seen for its absence elsewhere to mean anything
DAY = 86_400


@dataclass(frozen=True, slots=True)
class Events:
    """Rows "this group took part in this event"; `holder`, `space`, `at` (events,) as loaded."""

    event: Ints
    group: Ints
    holder: Ints
    space: Ints
    at: Ints


@dataclass(frozen=True, slots=True)
class Watch:
    """Who could have told: `weeks`, `logged` (members,), `reach` (members, sides) of whom they see.

    `is_watching` (members,): connectors, and whoever logged. One who never logged anything may
    reach anybody.
    """

    weeks: Ints
    logged: Ints
    reach: Flags
    is_watching: Flags


@dataclass(frozen=True, slots=True)
class Between:
    """Two sides, by number, and what is between them.

    `holder`: the one member who holds it all, -1 for several or none. `coverage` in [0, 1]: weeks
    told of, of the weeks of all who could have; None where nobody could.
    """

    one: int
    other: int
    ties: int
    last: int | None
    holders: int
    holder: int
    spaces: int
    coverage: float | None
    state: str


def pairs_of_groups(events: Events) -> tuple[Ints, Ints, Ints]:
    """Each two groups of an event, and the event: (rows,) each, the lower number first."""
    order = np.lexsort((events.group, events.event))
    event, group = events.event[order], events.group[order]
    found: list[Ints] = [np.empty((3, 0), np.int64)]
    for step in range(1, int(np.bincount(event).max(initial=0))):
        same = (event[:-step] == event[step:]) & (group[:-step] != group[step:])
        found.append(np.stack([group[:-step], group[step:], event[:-step]])[:, same])
    return _distinct(np.concatenate(found, axis=1))


def _distinct(rows: Ints) -> tuple[Ints, Ints, Ints]:
    one, other, event = np.unique(rows, axis=1)
    return one, other, event


def pairs_of_sections(events: Events, shares: Floats) -> tuple[Ints, Ints, Ints]:
    """Each two sections that two groups of an event bring together, by the strict rule.

    `shares` (groups, sections). Groups that have a section in common bring none together.
    """
    one, other, event = pairs_of_groups(events)
    declares = np.asarray(shares > 0, dtype=bool)
    apart = ~(declares[one] & declares[other]).any(axis=1)
    one, other, event = one[apart], other[apart], event[apart]
    row, first, second = np.nonzero(declares[one][:, :, None] & declares[other][:, None, :])
    low, high = np.minimum(first, second), np.maximum(first, second)
    return _distinct(np.stack([low, high, event[row]]))


def between(
    events: Events,
    pairs: tuple[Ints, Ints, Ints],
    which: tuple[Ints, Ints, int | None],
    watch: Watch,
    until: int,
) -> list[Between]:
    """What is between each two sides; `until`: the window's end, Unix time.

    `pairs` as from the functions above; `which`: events each side took part in (sides,), the sides
    to tell of, and the one they are to be paired with, or None for all with all.

    `gap` needs more than no tie: both sides were seen, and nobody who reaches either of them kept
    silent for half of their weeks. Otherwise it is too few to say: silence is not absence.
    """
    one, other, event = pairs
    seen, standing, only = which
    count = len(seen)
    code = one * count + other
    order = np.argsort(code, kind="stable")
    code, event = code[order], event[order]
    begins = np.searchsorted(code, np.arange(count * count))
    ends = np.searchsorted(code, np.arange(count * count), side="right")
    numbers = standing.tolist()
    asked: Iterable[tuple[int, int]] = combinations(numbers, 2)
    if only is not None:
        asked = ((min(only, n), max(only, n)) for n in numbers if n != only)
    return [
        _describe(i, j, (events, event[begins[i * count + j] : ends[i * count + j]]),
                  (watch, seen, until))
        for i, j in asked
    ]  # fmt: skip


def _describe(
    one: int, other: int, made: tuple[Events, Ints], known: tuple[Watch, Ints, int]
) -> Between:
    (events, rows), (watch, seen, until) = made, known
    holders = np.unique(events.holder[rows])
    spaces = np.unique(events.space[rows])
    last = int(events.at[rows].max()) if len(rows) else None
    coverage, is_steady = _cover(watch, one, other)
    state = _tied(len(rows), last, until)
    if state is None:
        is_told = is_steady and min(seen[one], seen[other]) >= LEAST_SEEN
        state = GAP if is_told else TOO_FEW
    return Between(
        one=one,
        other=other,
        ties=len(rows),
        last=last,
        holders=len(holders),
        holder=int(holders[0]) if len(holders) == 1 else -1,
        spaces=int((spaces >= 0).sum()),
        coverage=coverage,
        state=state,
    )


def _tied(times: int, last: int | None, until: int) -> str | None:
    if not times or last is None:
        return None
    if times == 1:
        return SINGLE
    return LIVE if last >= until - LIVE_DAYS * DAY else LAPSED


def _cover(watch: Watch, one: int, other: int) -> tuple[float | None, bool]:
    """Weeks told of by all who could have seen a tie, and whether each of them told steadily."""
    is_blank = ~watch.reach.any(axis=1)
    could = watch.is_watching & (watch.reach[:, one] | watch.reach[:, other] | is_blank)
    could &= watch.weeks > 0
    if not could.any():
        return None, False
    weeks = watch.weeks[could]
    logged = np.minimum(watch.logged[could], weeks)
    return float(logged.sum() / weeks.sum()), bool((logged >= STEADY * weeks).all())
