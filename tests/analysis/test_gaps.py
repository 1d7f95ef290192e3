"""Gaps: ties between each two sections, held against chance."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from api.analysis.measures.gaps import LEAST_EXPECTED, TOO_FEW, TOO_SELDOM, find_gaps
from api.analysis.measures.mixing import mixing_matrix
from api.analysis.measures.nulls import Ask
from api.analysis.measures.ties import Known, keep_known

from .graphs import draw, shares_of, ties_of


@pytest.mark.parametrize("mixed", [False, True])
def test_ties_between_two_sections_are_those_of_the_mixing_matrix(mixed: bool) -> None:
    known = draw(2, n=40, ties=120, mixed=mixed)
    found, matrix = find_gaps(known, Ask("N2", 199)), mixing_matrix(known)
    assert set(found.pairs) == {(0, 1), (0, 2), (1, 2)}
    for both, each in found.pairs.items():
        assert each.chance
        assert each.chance.observed == pytest.approx(matrix[both])
        assert each.p_adjusted
        assert each.chance.p <= each.p_adjusted <= 1


def test_two_sections_that_are_never_tied_stand_out_among_those_that_are() -> None:
    rng, label = np.random.default_rng(5), np.repeat([0, 1, 2], 12)
    pairs = [(i, j) for i, j in combinations(range(36), 2) if {label[i], label[j]} != {0, 1}]
    chosen = [pairs[place] for place in rng.permutation(len(pairs))[:110]]
    known = keep_known(ties_of(36, *np.array(chosen).T), shares_of(label.tolist()))
    found = find_gaps(known, Ask("N1", 499)).pairs
    assert found[0, 1].chance
    assert found[0, 1].chance.observed == 0
    assert found[0, 1].chance.excess < -LEAST_EXPECTED
    assert found[0, 1].p_adjusted == pytest.approx(3 * 2 / 500)
    assert all(each.p_adjusted > found[0, 1].p_adjusted for b, each in found.items() if b != (0, 1))


def test_without_homophily_few_pairs_stand_out() -> None:
    called = [
        each.chance.p < 0.05
        for seed in range(60)
        for each in find_gaps(draw(seed, n=40, ties=120), Ask("N2", 99, seed)).pairs.values()
        if each.chance
    ]
    assert len(called) > 100
    assert np.mean(called) < 0.1


def test_where_little_is_to_be_expected_nothing_is_said() -> None:
    label = ["A"] * 20 + ["B"] * 20 + ["C"] * 4
    rng = np.random.default_rng(1)
    known = keep_known(ties_of(44, *rng.integers(0, 44, (2, 60))), shares_of(label))
    found = find_gaps(known, Ask("N1", 99)).pairs
    assert found[0, 1].chance
    assert (found[0, 2].chance, found[0, 2].reason) == (None, TOO_FEW)
    few = Known(known.a[:12], known.b[:12], shares_of(["A"] * 30 + ["B"] * 7 + ["C"] * 7), 12)
    assert find_gaps(few, Ask("N1", 99)).pairs[1, 2].reason == TOO_SELDOM
