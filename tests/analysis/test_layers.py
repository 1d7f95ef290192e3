"""Layers: whether two of them go together, held against who stands where."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest

from api.analysis.measures.layers import correlate, explain
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


def _least_squares(y: np.ndarray, columns: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Slopes and their t, by the book."""
    design = np.column_stack([np.ones(len(y)), *columns])
    inverse = np.linalg.inv(design.T @ design)
    slopes = inverse @ design.T @ y
    left = y - design @ slopes
    errors = np.sqrt(np.diag(inverse) * (left @ left) / (len(y) - design.shape[1]))
    return slopes[1:], (slopes / errors)[1:]


def test_what_a_layer_adds_is_its_part_of_a_regression_and_all_orders_are_tried() -> None:
    y, first, second = _layer(1, 6), _layer(2, 6), _layer(3, 6)
    off = ~np.eye(6, dtype=bool)
    slopes, t = _least_squares(y[off], [first[off], second[off]])
    found = explain(y, [first, second], Ask())
    assert found
    assert [each.slope for each in found] == pytest.approx(slopes)
    assert [each.chance.observed for each in found] == pytest.approx(t)
    rest = np.zeros((6, 6))
    rest[off] = first[off] - np.polyval(np.polyfit(second[off], first[off], 1), second[off])
    every = [
        _least_squares(y[off], [rest[np.ix_(o, o)][off], second[off]])[1][0]
        for o in permutations(range(6))
    ]
    assert (found[0].chance.draws, found[0].chance.is_exact) == (720, True)
    assert found[0].chance.expected == pytest.approx(np.mean(every))
    assert found[0].chance.p == two_sided(t[0], np.array(every), is_exact=True)


def test_a_layer_that_only_goes_with_one_that_matters_adds_nothing() -> None:
    rng = np.random.default_rng(9)
    cause = _layer(4, 25)
    echo = np.where(rng.random((25, 25)) < 0.8, cause, _layer(5, 25))
    outcome = 2 * cause + rng.normal(0, 0.5, (25, 25))
    found = explain(outcome, [cause, echo], Ask(draws=199))
    alone = correlate(outcome, echo, Ask(draws=199))
    assert found
    assert alone
    assert (found[0].chance.p, alone.p) == pytest.approx((0.01, 0.01))
    assert found[1].chance.p > 0.05
    assert found[0].slope == pytest.approx(2, abs=0.2)


def test_what_an_order_would_explain_to_the_last_has_no_chance() -> None:
    x, order = np.triu(np.arange(25.0).reshape(5, 5) % 7, 1), np.array([1, 0, 2, 4, 3])
    assert explain(3 * x[np.ix_(order, order)] + 1, [x], Ask()) is None


def test_what_layers_do_not_tell_apart_is_not_told() -> None:
    x, y = _layer(1, 8), _layer(2, 8)
    assert explain(y, [x, 2 * x + 1], Ask(draws=99)) is None
    assert explain(y, [np.zeros((8, 8))], Ask(draws=99)) is None
    assert explain(3 * x + 1, [x], Ask(draws=99)) is None
    assert explain(np.eye(2), [np.eye(2)], Ask(draws=99)) is None
