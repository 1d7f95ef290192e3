"""Layers: whether layers of ties go together, by the quadratic assignment procedure (N5)."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import permutations
from math import factorial, inf, sqrt
from typing import TYPE_CHECKING

import numpy as np

from .nulls import ENUMERABLE, SLACK, chance_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from .nulls import Ask, Chance
    from .ties import Floats, Ints

LEAST_NODES = 3


@dataclass(frozen=True, slots=True)
class Effect:
    """What one layer adds to another beside the rest: a slope, and its t against chance.

    `slope`: ties of the outcome per tie of this layer, the other layers held fixed.
    """

    slope: float
    chance: Chance


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
    orders, is_exact = _orders(n, ask)
    drawn = np.fromiter((float(np.vdot(x, y[np.ix_(each, each)])) for each in orders), np.float64)
    return chance_of(float(np.vdot(x, y)), drawn, is_exact=is_exact)


def explain(outcome: Floats, layers: Sequence[Floats], ask: Ask) -> list[Effect] | None:
    """What each of several layers adds to `outcome`, the others held fixed; (nodes, nodes) each.

    MRQAP by double semi-partialling (Dekker, Krackhardt & Snijders 2007, Psychometrika
    72:563-581): least squares, and for each layer what the others leave of it is dealt out anew
    among the nodes, by its t. It stays true where layers go together, as dealing the outcome would
    not. None with fewer than three nodes, where a layer is what others make of it, and where
    nothing is left to explain, or would be in one of the orders: t has no end there. Time grows
    with the square of the nodes.
    """
    n = len(outcome)
    off = ~np.eye(n, dtype=bool)
    cells = [np.ones(n * (n - 1)), *(layer[off].astype(np.float64) for layer in layers)]
    if n < LEAST_NODES or np.linalg.matrix_rank(np.array(cells)) < len(cells):
        return None
    free, found = len(cells[0]) - len(cells), []
    for place in range(1, len(cells)):
        others = np.linalg.qr(np.array(cells[:place] + cells[place + 1 :]).T)[0]
        left, rest = (_leave(others, each) for each in (outcome[off].astype(float), cells[place]))
        if free < 1 or _t(left, rest, free) in (inf, -inf):
            return None
        table = np.zeros((n, n))
        table[off] = rest
        orders, is_exact = _orders(n, ask)
        dealt = (_leave(others, table[np.ix_(each, each)][off]) for each in orders)
        drawn = np.fromiter((_t(left, each, free) for each in dealt), np.float64)
        if not np.isfinite(drawn).all():
            return None
        chance = chance_of(_t(left, rest, free), drawn, is_exact=is_exact)
        found.append(Effect(float(left @ rest / (rest @ rest)), chance))
    return found


def _leave(others: Floats, cells: Floats) -> Floats:
    """What an orthonormal basis (cells, k) of the others does not make up."""
    return np.asarray(cells - others @ (others.T @ cells), dtype=np.float64)


def _t(left: Floats, cells: Floats, free: int) -> float:
    """The slope of what is left on cells, over its standard error; infinite where all fits."""
    square, both = float(cells @ cells), float(cells @ left)
    if square <= SLACK:
        return 0.0
    error = float(left @ left) - both**2 / square
    if error <= SLACK:
        return inf if both > 0 else -inf
    return both / sqrt(square * error / free)


def _orders(n: int, ask: Ask) -> tuple[Iterable[Ints], bool]:
    """All orders of the nodes where they are few, else as many as are asked for."""
    if factorial(min(n, 20)) <= ENUMERABLE:
        return map(np.array, permutations(range(n))), True
    rng = np.random.default_rng(ask.seed)
    return [rng.permutation(n) for _ in range(ask.draws)], False


def _standard(layer: Floats, off: Floats) -> Floats | None:
    """The layer less its mean, of length 1, nothing on the diagonal; None when all is alike."""
    cells = np.where(off, layer - layer[off].mean(), 0.0)
    length = float(np.sqrt((cells**2).sum()))
    return cells / length if length > SLACK else None
