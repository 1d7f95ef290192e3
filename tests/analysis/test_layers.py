"""Layers: whether two of them go together, held against who stands where."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest

from api.analysis.measures.layers import correlate
from api.analysis.measures.nulls import Ask, two_sided


def _layer(seed: int, n: int) -> np.ndarray:
    table = np.triu(np.random.default_rng(seed).random((n, n)) < 0.4, 1)
    return (table | table.T).astype(float)


def _pearson(x: np.ndarray, y: np.ndarray) -> float:
    off = ~np.eye(len(x), dtype=bool)
    return float(np.corrcoef(x[off], y[off])[0, 1])


def test_few_nodes_are_dealt_out_in_every_order() -> None:
    x, y = _layer(1, 6), _layer(2, 6)
    every = [_pearson(x, y[np.ix_(o, o)]) for o in permutations(range(6))]
    found = correlate(x, y, Ask())
    assert found
    assert (found.is_exact, found.draws) == (True, 720)
    assert found.observed == pytest.approx(_pearson(x, y))
    assert (found.expected, found.spread) == pytest.approx((np.mean(every), np.std(every)))
    assert found.p == two_sided(found.observed, np.array(every), is_exact=True)


def test_chance_is_centred_on_nothing() -> None:
    found = correlate(_layer(3, 30), _layer(4, 30), Ask(draws=499))
    assert found
    assert (found.is_exact, found.draws) == (False, 499)
    assert abs(found.expected) < 4 * found.spread / 499**0.5


def test_layers_that_go_together_are_found_and_direction_matters() -> None:
    x = (np.random.default_rng(5).random((20, 20)) < 0.3).astype(float)
    same, turned = correlate(x, x * 7 + 2, Ask(draws=199)), correlate(x, x.T, Ask(draws=199))
    assert same
    assert turned
    assert same.observed == pytest.approx(1)
    assert same.p == pytest.approx(2 / 200)
    assert turned.observed < 0.5


def test_what_a_node_is_to_itself_and_the_numbering_do_not_matter() -> None:
    x, y, order = _layer(6, 9), _layer(7, 9), np.random.default_rng(0).permutation(9)
    plain = correlate(x, y, Ask())
    moved = correlate((x + 5 * np.eye(9))[np.ix_(order, order)], y[np.ix_(order, order)], Ask())
    assert plain
    assert moved
    assert moved.observed == pytest.approx(plain.observed)


def test_a_layer_that_is_the_same_everywhere_goes_with_nothing() -> None:
    for x in (np.zeros((5, 5)), np.ones((5, 5)) - np.eye(5)):
        assert correlate(x, _layer(8, 5), Ask()) is None
        assert correlate(_layer(8, 5), x, Ask()) is None
    for n in (0, 1, 2):
        assert correlate(np.eye(n), np.eye(n), Ask()) is None
