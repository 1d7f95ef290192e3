"""Layers: whether two layers of ties go together, by the quadratic assignment procedure (N5)."""

from __future__ import annotations

from itertools import permutations
from math import factorial
from typing import TYPE_CHECKING

import numpy as np

from .nulls import ENUMERABLE, SLACK, chance_of

if TYPE_CHECKING:
    from .nulls import Ask, Chance
    from .ties import Floats, Ints

LEAST_NODES = 3


def correlate(first: Floats, second: Floats, ask: Ask) -> Chance | None:
    """Pearson correlation of two layers' ties, and what dealing the nodes out anew would give.

    QAP (Krackhardt 1988, Social Networks 10:359-381). `first`, `second` (nodes, nodes): 1 or an
    amount where i is tied to j, the diagonal not looked at; a tie with direction is one cell, one
    without is two. Both structures stay as they are, only who stands where in the second is
    dealt. Range [-1, 1]; all orders are looked at where they are at most 10,000. None with fewer
    than three nodes, and where a layer ties everybody alike. Memory and time grow with the square
    of the nodes: for groups, not for ten thousand persons.
    """
    n = len(first)
    if n < LEAST_NODES:
        return None
    off = ~np.eye(n, dtype=bool)
    x, y = _standard(first, off), _standard(second, off)
    if x is None or y is None:
        return None
    is_exact = factorial(min(n, 20)) <= ENUMERABLE
    orders = map(np.array, permutations(range(n))) if is_exact else _shuffles(n, ask)
    drawn = np.fromiter((float(np.vdot(x, y[np.ix_(each, each)])) for each in orders), np.float64)
    return chance_of(float(np.vdot(x, y)), drawn, is_exact=is_exact)


def _shuffles(n: int, ask: Ask) -> list[Ints]:
    rng = np.random.default_rng(ask.seed)
    return [rng.permutation(n) for _ in range(ask.draws)]


def _standard(layer: Floats, off: Floats) -> Floats | None:
    """The layer less its mean, of length 1, nothing on the diagonal; None when all is alike."""
    cells = np.where(off, layer - layer[off].mean(), 0.0)
    length = float(np.sqrt((cells**2).sum()))
    return cells / length if length > SLACK else None
