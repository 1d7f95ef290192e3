"""Paths: steps of two, a to v to b, and which of them a tie from a to b makes shorter.

Who stands between whom rests on the paths nothing shortens, how closely somebody's contacts are
bound together on those that are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import scipy

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .ties import Ints

MOST_PATHS = 10_000_000  # steps of two that are gone through: more take too much time and memory


@dataclass(frozen=True, slots=True)
class Links:
    """Links `tail` to `head` (arcs,) among `n` nodes, each once and none to itself.

    Ties without direction (`is_directed` False) are there both ways.
    """

    n: int
    tail: Ints
    head: Ints
    is_directed: bool

    @property
    def table(self) -> Any:
        """Adjacency (n, n), sparse, ones."""
        ones = np.ones(len(self.tail))
        return scipy.sparse.csr_array((ones, (self.tail, self.head)), shape=(self.n, self.n))

    @property
    def steps(self) -> int:
        """How many ways of two steps there are, those back again among them."""
        into = np.bincount(self.head, minlength=self.n)
        return int(into @ np.bincount(self.tail, minlength=self.n))

    @property
    def shortened(self) -> int:
        """How many ways `shortened` finds, counted alone. O(`steps`)."""
        twice = (self.table @ self.table).multiply(self.table).sum()
        return int(twice) // (1 if self.is_directed else 2)


@dataclass(frozen=True, slots=True)
class Shortened:
    """Ways (rows,) of two steps, `a` to `v` to `b`, with an arc from `a` to `b` as well.

    Without direction each is there once, `a` < `b`, and not the other way round.
    """

    a: Ints
    v: Ints
    b: Ints


def both_ways(n: int, a: Ints, b: Ints) -> Links:
    """Ties without direction as arcs."""
    return Links(n, np.concatenate([a, b]), np.concatenate([b, a]), is_directed=False)


def shortened(arcs: Links) -> Shortened:
    """Every way of two steps that an arc shortens. O(`arcs.steps`), a node's at a time."""
    order = np.argsort(arcs.tail, kind="stable")
    heads = arcs.head[order]
    begins = np.searchsorted(arcs.tail[order], np.arange(arcs.n + 1))
    reached: NDArray[np.bool_] = np.zeros(arcs.n, dtype=bool)
    found: list[Ints] = [np.empty((3, 0), np.int64)]
    for a in np.flatnonzero(np.diff(begins)).tolist():
        middles = heads[begins[a] : begins[a + 1]]
        reached[middles] = True
        times = begins[middles + 1] - begins[middles]
        within = np.arange(times.sum()) - np.repeat(np.cumsum(times) - times, times)
        v, b = np.repeat(middles, times), heads[np.repeat(begins[middles], times) + within]
        kept = reached[b] & (arcs.is_directed | (a < b))
        found.append(np.stack([np.full(kept.sum(), a), v[kept], b[kept]]))
        reached[middles] = False
    return Shortened(*np.concatenate(found, axis=1))
