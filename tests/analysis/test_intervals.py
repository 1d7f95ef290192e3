"""Intervals: nodes are left out or resampled, never ties."""

from __future__ import annotations

import numpy as np
import pytest

from api.analysis.intervals import bootstrap_error, interval, jackknife_error
from api.analysis.ties import Known, keep_known

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


def test_quiet_nodes_do_not_narrow_the_interval() -> None:
    known = draw(22, n=60, ties=150)
    more = Known(known.a, known.b, np.vstack([known.shares, np.eye(3)]), known.total)
    assert interval(more, 1) == interval(known, 1)


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


def test_an_interval_stays_between_0_and_1() -> None:
    known = keep_known(ties_of(40, list(range(20)), list(range(20, 40))), shares_of("AB" * 20))
    found = interval(known, 1)
    assert found
    assert 0 <= found.low <= found.high <= 1
