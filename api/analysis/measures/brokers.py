"""Brokers: what each connector's introductions cross, and how much hangs on few of them.

From the introductions themselves, not inferred from ties. Nodes are groups here: a connector
brings groups together, whichever person stood for them.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from math import sqrt
from typing import TYPE_CHECKING

import numpy as np

from .intervals import LEAST_TIES, around
from .nulls import deal, hold
from .ties import keep_known, pair_up

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from .intervals import Interval
    from .nulls import Ask, Chances
    from .ties import Floats, Ints

LEAST_BROKERS = 10  # connectors before leaving out each of them tells how much hangs on one


@dataclass(frozen=True, slots=True)
class Brought:
    """Introductions, a batch per size, by `holders` numbered members.

    `groups`: each (introductions, size), numbered; `holder`: each (introductions,).
    """

    groups: Sequence[Ints]
    holder: Sequence[Ints]
    holders: int


@dataclass(frozen=True, slots=True)
class Realised:
    """Introductions of each holder, the last for all: (holders + 1,) each.

    `known`: every group's side is known; `crossing`: of these, two groups share no section.
    """

    total: Ints
    known: Ints
    crossing: Ints

    @property
    def share(self) -> float | None:
        """Crossing of known introductions, of all: [0, 1]; None where none is known."""
        return float(self.crossing[-1] / self.known[-1]) if self.known[-1] else None


@dataclass(frozen=True, slots=True)
class Concentration:
    """How crossing introductions spread over those who made them, s_b being the part of each.

    `hhi` = sum s_b^2 (Hirschman 1964, Am Econ Rev 54:761), in [1/brokers, 1]; `effective` 1/hhi, as
    if so many shared them evenly (Laakso & Taagepera 1979); `top`: the largest s_b. None where
    nothing crosses. `brokers`: how many made any.
    """

    brokers: int
    hhi: float | None = None
    effective: float | None = None
    top: float | None = None


def realise(brought: Brought, shares: Floats) -> Realised:
    """Count introductions by the strict rule; `shares` (groups, sections), zeros where unknown."""
    known, sides = _keep_known(brought, shares)
    total, heard = (_count_of_each(each) for each in (brought, known))
    if not heard[-1]:
        return Realised(total, heard, heard)
    crossing = _counting(known, sides)(np.arange(len(sides)))
    return Realised(total, heard, crossing.astype(np.int64))


def hold_realised(brought: Brought, shares: Floats, ask: Ask) -> Chances | None:
    """Crossing introductions of each holder, the last of all, against sections dealt out anew.

    Who brought whom together stays; N1 deals among all groups of known side, N2 among those that
    were brought together with about as many others. None where no introduction is known.
    """
    known, _ = _keep_known(brought, shares)
    if not any(len(holder) for holder in known.holder):
        return None
    ties = pair_up(brought.groups, np.arange(len(shares)), len(shares))
    dealt = deal(keep_known(ties, shares), ask)
    return hold(_counting(known, dealt.rows), dealt)


def concentrate(crossing: Ints) -> Concentration:
    """How few hold it: `crossing` introductions of each (holders,)."""
    made = crossing[crossing > 0]
    if not len(made):
        return Concentration(0)
    part = made / made.sum()
    hhi = float((part**2).sum())
    return Concentration(len(made), hhi, 1 / hhi, float(part.max()))


def interval(found: Realised) -> Interval | None:
    """How far the share hangs on single connectors: each is left out in turn (jackknife).

    SE = sqrt((m-1)/m sum (t_(-i) - mean)^2) over the m connectors with known introductions. None
    below `LEAST_BROKERS` of these, or 20 known introductions.
    """
    crossing, known = found.crossing[:-1], found.known[:-1]
    is_some, share = known > 0, found.share
    m = int(is_some.sum())
    if share is None or m < LEAST_BROKERS or found.known[-1] < LEAST_TIES:
        return None
    left = (found.crossing[-1] - crossing[is_some]) / (found.known[-1] - known[is_some])
    error = sqrt((m - 1) / m * float(((left - left.mean()) ** 2).sum()))
    return around(share, error, "connector jackknife")


def _keep_known(brought: Brought, shares: Floats) -> tuple[Brought, Floats]:
    """Introductions whose every side is known, and the shares of the groups that are left."""
    is_known = np.asarray(shares.any(axis=1), dtype=bool)
    place = np.cumsum(is_known) - 1
    kept = [np.asarray(is_known[groups]).all(axis=1) for groups in brought.groups]
    groups = [place[each[keep]] for each, keep in zip(brought.groups, kept, strict=True)]
    holder = [each[keep] for each, keep in zip(brought.holder, kept, strict=True)]
    return Brought(groups, holder, brought.holders), shares[is_known]


def _count_of_each(brought: Brought) -> Ints:
    holder = np.concatenate([np.empty(0, np.int64), *brought.holder])
    found = np.bincount(holder, minlength=brought.holders)
    return np.append(found, found.sum())


def _counting(brought: Brought, rows: Floats) -> Callable[[Ints], Floats]:
    """A function from labels (which of `rows` a group has) to how many cross, (holders + 1,)."""
    declares = np.asarray(rows > 0, dtype=bool)
    kinds, kind = np.unique(declares, axis=0, return_inverse=True)
    apart = np.asarray(~(kinds[:, None, :] & kinds[None, :, :]).any(axis=2), dtype=bool)
    kind = kind.reshape(-1).astype(np.min_scalar_type(len(kinds)))
    found = [_gather(*each) for each in zip(brought.groups, brought.holder, strict=True)]

    def count(labels: Ints) -> Floats:
        side, total = kind[labels], np.zeros(brought.holders)
        for groups, holder, times in found:
            sides = side[groups]
            crosses = np.zeros(len(groups), dtype=bool)
            for i, j in combinations(range(groups.shape[1]), 2):
                crosses |= apart[sides[:, i], sides[:, j]]
            total += np.bincount(holder, times * crosses, brought.holders)
        return np.append(total, total.sum())

    return count


def _gather(groups: Ints, holder: Ints) -> tuple[Ints, Ints, Ints]:
    """Different rows of groups and holder, and how often each is there."""
    code, most = holder, int(groups.max(initial=0)) + 1
    for column in groups.T:
        code = np.unique(code * most + column, return_inverse=True)[1]
    _, first, times = np.unique(code, return_index=True, return_counts=True)
    return groups[first], holder[first], times
