"""Intervals: how much of the cross share hangs on single nodes.

A complete record of a community has no sampling error. The interval says how far the share would
move if other nodes of the same sort had been there: resampled are nodes, never ties, for the ties
of one busy node are not independent.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from .ties import Floats, Known

LEAST_TIES = 20
LEAST_NODES = 50  # from here on the jackknife; below, the bootstrap
DRAWS = 999
WIDTH = 1.959963984540054  # standard errors either side of a 95% interval


@dataclass(frozen=True, slots=True)
class Interval:
    """A 95% interval of a share, cut at 0 and 1; `error` is the standard error it comes from."""

    low: float
    high: float
    error: float
    method: str


def interval(known: Known, seed: int, *, is_directed: bool = False) -> Interval | None:
    """Of the cross share: jackknife from 50 nodes with ties, bootstrap below.

    None with fewer than 20 known ties. Nodes without a tie take no part. Of directed ties each
    way counts by itself.
    """
    if len(known.a) < LEAST_TIES:
        return None
    has_ties = known.degrees > 0
    if int(has_ties.sum()) >= LEAST_NODES:
        method, error = "node jackknife", jackknife_error(known)
    else:
        method, error = "node bootstrap", bootstrap_error(known, seed, is_directed=is_directed)
    return around(float(_crossing(known).mean()), error, method)


def around(share: float, error: float, method: str) -> Interval:
    """95% either side of a share, cut at 0 and 1."""
    low, high = share - WIDTH * error, share + WIDTH * error
    return Interval(max(0.0, low), min(1.0, high), error, method)


def jackknife_error(known: Known) -> float:
    """SE = sqrt((n-2)/(2n) sum (t_(-i) - mean)^2), t_(-i) the share without node i.

    Snijders & Borgatti 1999 (Connections 22:161-170). Range >= 0; a node that has every tie
    leaves nothing behind and is left out of the sum.
    """
    crossing, n = _crossing(known), len(known.shares)
    lost = np.bincount(known.a, crossing, n) + np.bincount(known.b, crossing, n)
    degrees = known.degrees
    left = len(crossing) - degrees
    is_some = (left > 0) & (degrees > 0)
    without = (crossing.sum() - lost[is_some]) / left[is_some]
    return spread_of(without)


def spread_of(without: Floats) -> float:
    """The standard error that figures without one node each, (nodes,), come to."""
    n = max(2, len(without))
    return sqrt((n - 2) / (2 * n) * float(((without - without.mean()) ** 2).sum()))


def bootstrap_error(
    known: Known, seed: int, draws: int = DRAWS, *, is_directed: bool = False
) -> float:
    """The standard deviation of the share over node resamples (Snijders & Borgatti 1999).

    Nodes are drawn with replacement; where a node meets its own copy, a random pair of different
    nodes stands in. Memory grows with the square of the nodes: for few nodes only.
    """
    tied, crossed = _tables(known, is_directed=is_directed)
    n, rng, found = len(tied), np.random.default_rng(seed), []
    pairs = np.nonzero(~np.eye(n, dtype=bool)) if is_directed else np.triu_indices(n, 1)
    for _ in range(draws):
        drawn = rng.integers(0, n, n)
        i, j = drawn[pairs[0]], drawn[pairs[1]]
        same = i == j
        stand_in = rng.integers(0, len(pairs[0]), int(same.sum()))
        i[same], j[same] = pairs[0][stand_in], pairs[1][stand_in]
        ties = tied[i, j].sum()
        if ties:
            found.append(crossed[i, j].sum() / ties)
    return float(np.std(found, ddof=1))


def _tables(known: Known, *, is_directed: bool) -> tuple[Floats, Floats]:
    """(n, n): whether a pair of nodes with ties is tied, and by how much it crosses."""
    is_tied = known.degrees > 0
    place = np.cumsum(is_tied) - 1
    n = int(is_tied.sum())
    tied, crossed = np.zeros((n, n)), np.zeros((n, n))
    a, b = place[known.a], place[known.b]
    tied[a, b], crossed[a, b] = 1.0, _crossing(known)
    if is_directed:
        return tied, crossed
    return np.maximum(tied, tied.T), np.maximum(crossed, crossed.T)


def _crossing(known: Known) -> Floats:
    """By how much each tie crosses: 1 - s_a . s_b."""
    inside = np.einsum("ij,ij->i", known.shares[known.a], known.shares[known.b])
    return np.asarray(1.0 - inside, dtype=np.float64)
