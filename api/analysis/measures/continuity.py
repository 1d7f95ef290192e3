"""Continuity: what holds together, and what would not without one connector or one space.

Nodes are groups here, never persons: what somebody else can take over is two groups. Rows
(a, b, holder, its) say that `holder` brought the pair together; `its` where that goes with whoever
or whatever stops.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import scipy

from .bridges import Web, independent_bridges
from .bridges import robustness as robustness_of
from .progress import track

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .ties import Floats, Ints

    Flags = NDArray[np.bool_]

MOST_NODES = 20_000  # tied groups beyond which robustness is not worked out


@dataclass(frozen=True, slots=True)
class Held:
    """Rows of who holds which pair; a < b, both below `n`; every row is there once."""

    n: int
    a: Ints
    b: Ints
    holder: Ints
    its: Ints


@dataclass(frozen=True, slots=True)
class Pairs:
    """Different pairs (a, b), and who holds which of them: `holders`, `pair`, once each.

    `is_touched` (pairs,): held by what stops; `is_alone`: by nobody and nothing else.
    """

    a: Ints
    b: Ints
    is_touched: Flags
    is_alone: Flags
    holders: Ints
    pair: Ints


@dataclass(frozen=True, slots=True)
class State:
    """How it holds together.

    `connected`: pairs across with a path between them; `robustness`: None where there is none or
    too much; `bus_factor`: None where nothing crosses; `bridges`: between each two sections.
    """

    connected: int
    robustness: float | None
    bus_factor: int | None
    bridges: dict[tuple[int, int], int]


def pair_up(held: Held) -> Pairs:
    """Different pairs of rows, and which of them are held alone."""
    codes = held.a.astype(np.int64) * max(held.n, 1) + held.b
    each, pair = np.unique(codes, return_inverse=True)
    rows = np.bincount(pair, minlength=len(each))
    its = np.bincount(pair, held.its, minlength=len(each))
    known = np.unique(np.stack([pair, held.holder]), axis=1)
    return Pairs(
        each // max(held.n, 1), each % max(held.n, 1), its > 0, its == rows, known[1], known[0]
    )


def crosses(shares: Floats, a: Ints, b: Ints) -> Flags:
    """Whether the ends share no section; only where both are known."""
    return is_known(shares, a, b) & ~((shares[a] > 0) & (shares[b] > 0)).any(axis=1)


def is_known(shares: Floats, a: Ints, b: Ints) -> Flags:
    """Whether both ends have a section."""
    known = shares.sum(axis=1) > 0
    return np.asarray(known[a] & known[b])


def look(pairs: Pairs, shares: Floats, stays: Flags) -> State:
    """How what `stays` (pairs,) of the pairs holds together."""
    a, b = pairs.a[stays], pairs.b[stays]
    is_across = crosses(shares, a, b)
    kept = np.flatnonzero(stays)
    still = np.isin(pairs.pair, kept[is_across])
    return State(
        connected=count_connected(shares, a, b),
        robustness=robustness(a, b),
        bus_factor=bus_factor(pairs.holders[still], pairs.pair[still]),
        bridges=bridges(shares, a, b),
    )


def count_connected(shares: Floats, a: Ints, b: Ints) -> int:
    """Pairs of known groups that share no section and have a path between them."""
    n = len(shares)
    links = scipy.sparse.csr_array((np.ones(len(a)), (a, b)), shape=(n, n))
    _, component = scipy.sparse.csgraph.connected_components(links, directed=False)
    member = shares > 0
    kinds, kind = np.unique(member, axis=0, return_inverse=True)
    counts = np.zeros((component.max(initial=0) + 1, len(kinds)), np.int64)
    np.add.at(counts, (component, kind.ravel()), 1)
    return sum(
        int(counts[:, i] @ counts[:, j])
        for i, j in combinations(range(len(kinds)), 2)
        if kinds[i].any() and kinds[j].any() and not (kinds[i] & kinds[j]).any()
    )


def bridges(shares: Floats, a: Ints, b: Ints) -> dict[tuple[int, int], int]:
    """Independent bridges between each two sections, by number; a group in both is one of them.

    0 is a gap, 1 a single point of failure.
    """
    web, members = _web(len(shares), a, b), [np.flatnonzero(column).tolist() for column in shares.T]
    both = list(combinations(range(len(members)), 2))
    return {
        (one, other): independent_bridges(web, members[one], members[other])
        for one, other in track(both, len(both), "bridges")
    }


def robustness(a: Ints, b: Ints) -> float | None:
    """R among the tied groups; None without ties, or with more than MOST_NODES tied groups."""
    nodes, ends = np.unique(np.concatenate([a, b]), return_inverse=True)
    if not 0 < len(nodes) <= MOST_NODES:
        return None
    return robustness_of(_web(len(nodes), ends[: len(a)], ends[len(a) :]))


def _web(n: int, a: Ints, b: Ints) -> Web:
    """Groups and their pairs; any of them can fall away."""
    return Web(n, a, b, np.zeros(n, dtype=bool))


def bus_factor(holder: Ints, pair: Ints) -> int | None:
    """Fewest holders without whom at most half of the pairs are held; None without pairs.

    After Avelino et al. 2016. Found by always taking who holds most of what is left by the
    fewest, so it is an upper bound.
    """
    n = len(np.unique(pair))
    if not n:
        return None
    holder, pair = (np.unique(each, return_inverse=True)[1] for each in (holder, pair))
    left = np.bincount(pair, minlength=n)  # holders that each pair still has
    gone = np.zeros(int(holder.max()) + 1, dtype=bool)
    while (left > 0).sum() * 2 > n:
        weight = np.where(left[pair] > 0, 1.0 / np.maximum(left[pair], 1) ** 2, 0.0)
        worth = np.bincount(holder, weight, minlength=len(gone))
        worth[gone] = -1
        taken = int(worth.argmax())
        gone[taken] = True
        np.subtract.at(left, pair[holder == taken], 1)
    return int(gone.sum())
