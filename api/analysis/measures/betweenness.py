"""Betweenness: how much of the shortest ways between others goes through somebody."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import scipy

from .paths import both_ways
from .progress import track

if TYPE_CHECKING:
    from .paths import Links
    from .ties import Floats, Ints

MOST_WALKED = 200_000_000  # nodes with ties times arcs: what somebody waits for, some seconds
BATCH = 64  # beginnings that are walked from side by side


def betweenness(arcs: Links, shares: Floats | None = None) -> Floats:
    """Shortest ways between two others that go through each node, (nodes,); range >= 0.

    Freeman 1977 (Sociometry 40:35-41), by Brandes 2001 (J Math Sociol 25:163-177). A pair with
    several shortest ways gives each its part; without direction a pair counts once. With `shares`
    (nodes, sections) a pair counts by 1 - s_a . s_b, so only those across the boundary do (Flom et
    al. 2004, Connections 26:62-70). Exact. O(nodes x arcs).
    """
    tied = np.unique(arcs.tail)
    among = np.unique(np.concatenate([arcs.tail, arcs.head]))
    ends = (np.searchsorted(among, each) for each in (arcs.tail, arcs.head))
    table = scipy.sparse.csr_array(
        (np.ones(len(arcs.tail)), tuple(ends)), shape=(len(among), len(among))
    )
    ways = table, table.T.tocsr()
    sides = np.empty((len(among), 0)) if shares is None else shares[among]
    begins = [np.searchsorted(among, tied[at : at + BATCH]) for at in range(0, len(tied), BATCH)]
    found = np.zeros(len(among))
    for sources in track(begins, len(begins), "betweenness"):
        found += _through(ways, sources, sides)
    whole = np.zeros(arcs.n)
    whole[among] = found if arcs.is_directed else found / 2
    return whole


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


def _through(ways: tuple[Any, Any], sources: Ints, sides: Floats) -> Floats:
    """What ways from `sources` go through each node: out along levels, then back again."""
    onward, backward = ways
    n, width = onward.shape[0], len(sources)
    column = np.arange(width)
    times = np.zeros((n, width))
    times[sources, column] = 1.0
    edge, last = times.copy(), 0
    level = np.where(times > 0, 0, -1).astype(np.int32)  # one table, however long the ways are
    while True:
        edge = (backward @ edge) * (level < 0)
        is_new = edge > 0
        if not is_new.any():
            break
        last += 1
        level[is_new] = last
        times += edge
    wanted = 1 - sides @ sides[sources].T if sides.shape[1] else np.ones((n, width))
    passed = np.zeros((n, width))
    share = np.divide(1.0, times, out=np.zeros((n, width)), where=times > 0)
    for here in range(last, 1, -1):
        owed = (wanted + passed) * share * (level == here)
        passed += times * (onward @ owed) * (level == here - 1)
    return np.asarray(passed.sum(axis=1), dtype=np.float64)
