"""Intervals: nodes are left out or resampled, never ties."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from api.analysis.measures.intervals import bootstrap_error, interval, jackknife_error
from api.analysis.measures.ties import Known, keep_known

from .graphs import draw, shares_of, ties_of


def _share_without(known: Known, node: int) -> float:
    kept = (known.a != node) & (known.b != node)
    inside = (known.shares[known.a[kept]] * known.shares[known.b[kept]]).sum(axis=1)
    return float(1 - inside.mean())


@pytest.mark.parametrize("mixed", [False, True])
def test_the_jackknife_is_that_of_leaving_out_each_node_by_hand(mixed: bool) -> None:
    known = draw(21, n=60, ties=150, mixed=mixed)
    left = np.array([_share_without(known, i) for i in range(60) if known.degrees[i]])
    n = len(left)
    expected = np.sqrt((n - 2) / (2 * n) * ((left - left.mean()) ** 2).sum())
    assert jackknife_error(known) == pytest.approx(expected)


@pytest.mark.parametrize("n", [30, 60])
def test_quiet_nodes_do_not_change_the_interval(n: int) -> None:
    known = draw(22, n=n, ties=150)
    more = Known(known.a, known.b, np.vstack([known.shares, np.eye(3)]), known.total)
    assert interval(more, 1) == interval(known, 1)


def test_where_a_node_meets_its_own_copy_a_random_pair_stands_in() -> None:
    known, rng = draw(25, n=12, ties=40), np.random.default_rng(3)
    n = len(known.shares)
    label = known.shares.argmax(axis=1)
    tied = {frozenset(pair) for pair in zip(known.a.tolist(), known.b.tolist(), strict=True)}
    pairs, found = list(combinations(range(n), 2)), []
    for _ in range(50):
        drawn = rng.integers(0, n, n)
        met = [(drawn[i], drawn[j]) for i, j in pairs]
        stand_in = iter(rng.integers(0, len(pairs), sum(i == j for i, j in met)))
        met = [pairs[next(stand_in)] if i == j else (i, j) for i, j in met]
        crosses = [label[i] != label[j] for i, j in met if frozenset((i, j)) in tied]
        found.append(np.mean(crosses))
    assert bootstrap_error(known, 3, draws=50) == pytest.approx(np.std(found, ddof=1))


def test_a_node_with_every_tie_does_not_divide_by_nothing() -> None:
    known = keep_known(ties_of(60, [0] * 59, list(range(1, 60))), shares_of("AB" * 30))
    assert np.isfinite(jackknife_error(known))


def test_fifty_nodes_take_the_jackknife_and_fewer_the_wider_bootstrap() -> None:
    small, large = draw(23, n=30, ties=80), draw(23, n=80, ties=200)
    few, many = interval(small, 1), interval(large, 1)
    assert few
    assert many
    assert (few.method, many.method) == ("node bootstrap", "node jackknife")
    assert few.error > jackknife_error(small)


def test_the_bootstrap_is_the_same_again_for_the_same_seed() -> None:
    known = draw(24)
    assert bootstrap_error(known, 5) == bootstrap_error(known, 5) != bootstrap_error(known, 6)


def test_under_twenty_ties_there_is_no_interval() -> None:
    def ring(n: int) -> Known:
        ends = (list(range(n)), [(i + 1) % n for i in range(n)])
        return keep_known(ties_of(n, *ends), shares_of("AB" * n)[:n])

    assert interval(ring(19), 1) is None
    assert interval(ring(20), 1)


@pytest.mark.parametrize("crossing", [1, 39])
def test_an_interval_stays_between_0_and_1(crossing: int) -> None:
    """Forty ties of two nodes each; all but one on the same side of the question."""
    sides = shares_of("A" * 40 + "B" * crossing + "A" * (40 - crossing))
    found = interval(keep_known(ties_of(80, list(range(40)), list(range(40, 80))), sides), 1)
    assert found
    assert found.error > 0
    assert (found.low == 0) == (crossing == 1)
    assert (found.high == 1) == (crossing == 39)
