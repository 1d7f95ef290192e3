"""Betweenness: how much of the shortest ways between others goes through somebody."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import scipy

from .paths import both_ways
from .progress import track

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .paths import Links
    from .ties import Floats, Ints

BATCH = 64  # beginnings that are walked from side by side, a bit for each
LANES = 16  # of these, how many at a time are counted: what a processor has close at hand


def betweenness(arcs: Links, shares: Floats | None = None) -> Floats:
    """Shortest ways between two others that go through each node, (nodes,); range >= 0.

    Freeman 1977 (Sociometry 40:35-41), by Brandes 2001 (J Math Sociol 25:163-177). A pair with
    several shortest ways gives each its part; without direction a pair counts once. With `shares`
    (nodes, sections) a pair counts by 1 - s_a . s_b, so only those across the boundary do (Flom et
    al. 2004, Connections 26:62-70). Exact. O(nodes x arcs).
    """
    whole = np.zeros(arcs.n)
    if not len(arcs.tail):
        return whole
    among, onward = _lay_out(arcs)
    ways = onward, onward.T.tocsr()
    sides = np.empty((len(among), 0)) if shares is None else shares[among]
    tied = np.flatnonzero(np.diff(onward.indptr))
    begins = [tied[at : at + BATCH] for at in range(0, len(tied), BATCH)]
    found = np.zeros(len(among))
    for sources in track(begins, len(begins), "betweenness"):
        found += _through(ways, sources, sides)
    whole[among] = found if arcs.is_directed else found / 2
    return whole


def depth_of(arcs: Links) -> int:
    """Steps to whoever is farthest from a few dozen beginnings: half the way across, at least."""
    if not len(arcs.tail):
        return 0
    _, onward = _lay_out(arcs)
    tied = np.flatnonzero(np.diff(onward.indptr))
    return len(_reach(onward.T.tocsr(), tied[:: -(-len(tied) // BATCH)])) - 1


def pairs_of_others(n: int, shares: Floats | None = None) -> Floats:
    """Pairs without direction that do not have this node as an end, (nodes,), by their weight.

    Betweenness over this is in [0, 1]: the part of pairs, across the boundary with `shares`, that
    goes through somebody.
    """
    if shares is None:
        return np.full(n, max(0, (n - 1) * (n - 2)) / 2)
    own = n - shares @ shares.sum(axis=0) - (1 - (shares**2).sum(axis=1))
    return np.asarray(own.sum() / 2 - own, dtype=np.float64)


def two_mode_betweenness(incidence: Floats) -> tuple[Floats, Floats]:
    """Of rows and of columns of a table of who came to what, over the most it could be: [0, 1].

    Borgatti & Everett 1997 (Social Networks 19:243-269): a star of the same two sizes has 1.
    """
    rows, columns = incidence.shape
    row, column = np.nonzero(incidence)
    found = betweenness(both_ways(rows + columns, row, column + rows))
    return found[:rows] / _most(rows, columns), found[rows:] / _most(columns, rows)


def _most(own: int, other: int) -> float:
    """The most betweenness one of `own` nodes can have beside `other` of the second kind."""
    s, t = divmod(own - 1, other)
    return (other**2 * (s + 1) ** 2 + other * (s + 1) * (2 * t - s - 1) - t * (2 * s - t + 3)) / 2


def _lay_out(arcs: Links) -> tuple[Ints, Any]:
    """Nodes with arcs, neighbours close to each other (Cuthill & McKee 1969), and their table.

    Who begins from neighbours comes to the same nodes at about the same step.
    """
    among = np.unique(np.concatenate([arcs.tail, arcs.head]))
    ends = (np.searchsorted(among, each) for each in (arcs.tail, arcs.head))
    ones, size = np.ones(len(arcs.tail)), len(among)
    table = scipy.sparse.csr_array((ones, tuple(ends)), shape=(size, size))
    either = scipy.sparse.csr_array(table + table.T)
    order = scipy.sparse.csgraph.reverse_cuthill_mckee(either, symmetric_mode=True)
    return among[order], table[order][:, order].sorted_indices()


def _reach(into: Any, sources: Ints) -> list[NDArray[np.uint64]]:
    """Who is come to at each step from the beginning on, (nodes,): a bit for each source."""
    has = np.diff(into.indptr) > 0
    firsts = into.indptr[:-1][has]
    here = np.zeros(into.shape[0], np.uint64)
    here[sources] = np.uint64(1) << np.arange(len(sources), dtype=np.uint64)
    seen, reached = here.copy(), []
    while here.any():
        reached.append(here)
        there = np.zeros_like(here)
        there[has] = np.bitwise_or.reduceat(here[into.indices], firsts)
        here = there & ~seen
        seen |= here
    return reached


def _through(ways: tuple[Any, Any], sources: Ints, sides: Floats) -> Floats:
    """What ways from `sources` go through each node: out step by step, then back again."""
    onward, into = ways
    reached = _reach(into, sources)
    rows = [np.flatnonzero(bits) for bits in reached]
    steps = [onward[here][:, there] for here, there in pairwise(rows)]
    flags = [
        bits[row].view(np.uint8).reshape(-1, 8) for bits, row in zip(reached, rows, strict=True)
    ]
    found = np.zeros(onward.shape[0])
    for at in range(0, len(sources), LANES):
        mine, bytes_ = sources[at : at + LANES], slice(at // 8, (at + LANES) // 8)
        is_here = [
            np.unpackbits(each[:, bytes_], axis=1, count=len(mine), bitorder="little")
            for each in flags
        ]
        times = _count(steps, is_here)
        passed = np.zeros_like(times[-1])
        for last in range(len(rows) - 1, 1, -1):
            wanted = 1 - sides[rows[last]] @ sides[mine].T
            owed = (wanted + passed) * is_here[last] / np.maximum(times[last], 1)
            passed = (steps[last - 1] @ owed) * times[last - 1]
            found[rows[last - 1]] += passed.sum(axis=1)
    return found


def _count(steps: list[Any], is_here: list[NDArray[np.uint8]]) -> list[Floats]:
    """How many shortest ways lead to each (row, source) of each step; 0 where none does so soon."""
    times = [is_here[0].astype(np.float64)]
    # what is not of a step is nobody's way back, but would grow beyond all numbers
    for step, is_there in zip(steps, is_here[1:], strict=True):
        times.append((step.T @ times[-1]) * is_there)
    return times
