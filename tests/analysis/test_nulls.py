"""Nulls: chance is centred, exact where it can be, and the same again for the same seed."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations
from math import comb

import numpy as np
import pytest

from api.analysis.measures import mixing
from api.analysis.measures.nulls import (
    Ask,
    Chance,
    block_size,
    compare,
    from_moments,
    moments,
    two_sided,
)
from api.analysis.measures.ties import NOBODY, Known, keep_known

from .graphs import draw, shares_of, ties_of


def _share(known: Known, shares: np.ndarray) -> float:
    inside = (shares[known.a] * shares[known.b]).sum()
    return float(1 - inside / len(known.a))


@pytest.mark.parametrize("mixed", [False, True])
def test_closed_form_moments_are_those_of_every_relabelling(mixed: bool) -> None:
    known = draw(11, n=7, ties=12, mixed=mixed)
    every = [_share(known, known.shares[list(order)]) for order in permutations(range(7))]
    assert moments(known) == pytest.approx((np.mean(every), np.std(every)))


def test_moments_hold_for_the_smallest_graphs() -> None:
    for n in (2, 3):
        known = keep_known(ties_of(n, [0, 0], [1, n - 1]), shares_of("ABB"[:n]))
        every = [_share(known, known.shares[list(order)]) for order in permutations(range(n))]
        assert moments(known) == pytest.approx((np.mean(every), np.std(every)))


@pytest.mark.parametrize("mixed", [False, True])
def test_drawn_chance_is_centred_on_the_closed_form(mixed: bool) -> None:
    known = draw(12, n=60, ties=150, mixed=mixed)
    drawn, closed = compare(known, Ask("N1", 4000, 5)), from_moments(known)
    assert drawn
    assert not drawn.is_exact
    assert drawn.observed == pytest.approx(closed.observed)
    assert drawn.expected == pytest.approx(closed.expected, abs=4 * closed.spread / 4000**0.5)
    assert drawn.spread == pytest.approx(closed.spread, rel=0.06)


def test_the_mean_of_chance_is_what_freeman_divides_by() -> None:
    known = draw(13)
    closed = from_moments(known)
    freeman = mixing.freeman(mixing.mixing_matrix(known), known.shares)
    assert freeman == pytest.approx(1 - closed.observed / closed.expected)


def test_few_relabellings_are_all_looked_at() -> None:
    known = draw(14, n=7, ties=12, sections=2)
    found, closed = compare(known, Ask("N1", 99, 1)), from_moments(known)
    assert found
    assert found.is_exact
    assert found.draws == comb(7, int(known.sizes[0]))
    assert (found.expected, found.spread) == pytest.approx((closed.expected, closed.spread))
    every = np.array([_share(known, known.shares[list(o)]) for o in permutations(range(7))])
    assert found.p == pytest.approx(two_sided(found.observed, every, is_exact=True))


def test_the_same_seed_gives_the_same_answer_and_another_seed_another() -> None:
    known = draw(15)
    ask = Ask("N2", 199, 7)
    assert compare(known, ask) == compare(known, ask)
    assert compare(known, ask) != compare(known, replace(ask, seed=8))


def test_stratified_labels_stay_among_nodes_of_like_activity() -> None:
    """Two sections tell busy from quiet: then activity explains all, and N2 has nothing to say."""
    busy = 64 * 6
    a = [i for i in range(busy) for _ in range(3)]
    b = [(i + k) % busy for i in range(busy) for k in range(1, 4)]
    shares = shares_of(["A"] * busy + ["B"] * busy)
    known = keep_known(ties_of(2 * busy, a, b), shares)
    plain, stratified = compare(known, Ask("N1", 99)), compare(known, Ask("N2", 99))
    assert plain
    assert stratified
    assert plain.p == pytest.approx(0.02)
    assert (stratified.expected, stratified.z, stratified.p) == (0, None, 1)


def _tilt(seed: int, times: float, n: int = 60, ties: int = 120) -> Known:
    """Ties without any homophily, section A `times` as active as B."""
    rng = np.random.default_rng(seed)
    label = np.arange(n) % 2
    weight = np.where(label == 0, times, 1.0)
    ends = rng.choice(n, (2, ties), p=weight / weight.sum())
    return keep_known(ties_of(n, *ends), np.eye(2)[label])


def test_a_busier_section_passes_for_segregated_under_n1_and_not_under_n2() -> None:
    called = {
        null: sum(compare(_tilt(seed, 3), Ask(null, 99, seed)).p <= 0.05 for seed in range(60))  # type: ignore[union-attr]
        for null in ("N1", "N2")
    }
    assert called["N1"] > 20
    assert called["N2"] < 9


def test_homophily_that_is_there_is_found() -> None:
    rng = np.random.default_rng(3)
    label = np.arange(60) % 2
    a, b = rng.integers(0, 60, (2, 600))
    keep = (label[a] == label[b]) | (rng.random(600) < 0.2)
    found = compare(keep_known(ties_of(60, a[keep][:150], b[keep][:150]), np.eye(2)[label]), Ask())
    assert found
    assert found.excess < -0.1
    assert found.z
    assert found.z < -4
    assert found.p == pytest.approx(0.002)


def test_p_is_two_sided_counts_ties_and_is_never_zero() -> None:
    drawn = np.array([0.1, 0.2, 0.2, 0.3])
    assert two_sided(0.2, drawn) == 1
    assert two_sided(0.3, drawn) == pytest.approx(2 * 2 / 5)
    assert two_sided(0.9, drawn) == pytest.approx(2 * 1 / 5)
    assert two_sided(0.1 + 1e-15, drawn) == two_sided(0.1, drawn)
    assert two_sided(0.3, drawn, is_exact=True) == pytest.approx(2 * 1 / 4)


def test_one_label_everywhere_leaves_no_spread_and_no_z() -> None:
    known = keep_known(ties_of(4, [0, 1, 2], [1, 2, 3]), shares_of("AAAA"))
    for null in ("N0", "N1", "N2"):
        found = compare(known, Ask(null, 99))
        assert found
        assert (found.expected, found.z, found.p) == (0, None, 1)


def test_without_ties_there_is_nothing_to_compare() -> None:
    assert compare(keep_known(ties_of(2, [], []), shares_of("AB")), Ask()) is None


def test_blocks_are_a_sixth_of_a_small_graph_and_64_of_a_large_one() -> None:
    assert [block_size(n) for n in (3, 12, 30, 60, 384, 100_000)] == [2, 2, 5, 10, 64, 64]


def test_nodes_of_equal_activity_are_mixed_whatever_the_order_they_were_entered_in() -> None:
    """A ring: all are equally active, so the stratified null is the plain one in blocks."""
    n = 60
    known = keep_known(ties_of(n, list(range(n)), [(i + 1) % n for i in range(n)]),
                       shares_of("A" * 30 + "B" * 30))  # fmt: skip
    found = compare(known, Ask("N2", 499))
    assert found
    assert found.spread > 0.04
    assert found.p < 0.01


def _within(known: Known, strata: np.ndarray, null: str = "N3") -> Chance:
    found = compare(known, Ask(null, 199), strata)
    assert found
    return found


def test_labels_stay_within_the_sections_of_another_boundary() -> None:
    """Faith follows neighbourhood, ties stay in the neighbourhood: N1 sees closure, N3 does not."""
    place = np.repeat([0, 1, 2], [40, 30, 50])
    rng = np.random.default_rng(4)
    a, b = rng.integers(0, 120, (2, 2000))
    near = place[a] == place[b]
    faith = (rng.random(120) < np.array([0.1, 0.9, 0.5])[place]).astype(int)
    known = keep_known(ties_of(120, a[near][:300], b[near][:300]), np.eye(2)[faith])
    plain, stratified = compare(known, Ask("N1", 199)), _within(known, place)
    assert plain
    assert plain.p == pytest.approx(0.01)
    assert stratified.p > 0.05
    assert abs(stratified.excess) < 3 * stratified.spread


def test_strata_that_are_the_sections_themselves_leave_nothing_to_chance() -> None:
    known = draw(16)
    found = _within(known, known.shares.argmax(axis=1))
    assert (found.expected, found.z, found.p) == (pytest.approx(found.observed), None, 1)


def test_one_stratum_is_the_plain_null() -> None:
    known = draw(17, n=7, ties=12, sections=2)
    plain = compare(known, Ask("N1"))
    assert plain
    assert plain.is_exact
    assert _within(known, np.zeros(7, int)) == plain


def test_few_relabellings_within_strata_are_all_looked_at() -> None:
    known = draw(18, n=8, ties=14, sections=2)
    strata = np.array([2, 0, 2, 0, 0, 0, 0, 2])
    orders = [[*p] for p in permutations(range(8)) if (strata[[*p]] == strata).all()]
    every = [_share(known, known.shares[order]) for order in orders]
    found = _within(known, strata)
    assert found.is_exact
    assert (found.expected, found.spread) == pytest.approx((np.mean(every), np.std(every)))


def test_a_node_of_unknown_stratum_keeps_its_label() -> None:
    known = draw(19, n=8, ties=14, sections=2)
    strata = np.array([0, NOBODY, 0, 0, 0, NOBODY, 0, NOBODY])
    orders = [[*p] for p in permutations(range(8)) if all(p[i] == i for i in (1, 5, 7))]
    every = [_share(known, known.shares[order]) for order in orders]
    found = _within(known, strata)
    assert (found.expected, found.spread) == pytest.approx((np.mean(every), np.std(every)))


def test_strata_of_different_sizes_do_not_run_into_each_other() -> None:
    """Five of A beside nine of B, tied across; what the third, mixed, is dealt changes nothing."""
    strata = np.repeat([0, 1, 2], [5, 9, 30])
    known = keep_known(
        ties_of(44, [0, 1, 2, 3, 4] * 2, [*range(5, 14), 5]),
        shares_of("A" * 5 + "B" * 9 + "AB" * 15),
    )
    found = _within(known, strata)
    assert not found.is_exact
    assert (found.expected, found.spread) == (1, 0)
