"""Graphs for tests: from ends and sections, drawn at random, or written as introductions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from api.analysis.measures.ties import Ties, keep_known, pair_up

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.analysis.measures.ties import Floats, Known


def shares_of(categories: Sequence[Any]) -> Floats:
    """One row per node, 1 in its section; None is unknown, sections in sorted order."""
    names = sorted({c for c in categories if c is not None})
    return np.array([[float(c == name) for name in names] for c in categories])


def ties_of(n: int, a: Sequence[int], b: Sequence[int]) -> Ties:
    """Simple ties between numbered nodes, put together as introductions of two."""
    parties = np.array([a, b], dtype=np.int64).T.reshape(-1, 2)
    return pair_up([parties], np.arange(n), n)


def graph_of(given: dict[str, Any]) -> Known:
    """The known part of a case's graph."""
    ties = ties_of(given["n"], given["from"], given["to"])
    return keep_known(ties, shares_of(given["category"]))


def draw(
    seed: int, n: int = 30, ties: int = 60, sections: int = 3, *, mixed: bool = False
) -> Known:
    """A random graph, every node's side known; `mixed` gives nodes shares in several sections."""
    rng = np.random.default_rng(seed)
    ends = rng.integers(0, n, (2, ties))
    label = rng.integers(0, sections, n)
    shares = np.eye(sections)[label]
    if mixed:
        shares[::3] = rng.dirichlet(np.ones(sections), len(shares[::3]))
    return keep_known(ties_of(n, *ends), shares)
