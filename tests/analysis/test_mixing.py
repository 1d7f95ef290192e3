"""Mixing: properties every index keeps, and what it says where there is nothing to say."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest

from api.analysis.measures import crossing, mixing
from api.analysis.measures.odds import log_odds, odds_ratio
from api.analysis.measures.ties import Ties, keep_known

from .graphs import draw, shares_of, ties_of


@pytest.mark.parametrize("mixed", [False, True])
def test_the_matrix_is_symmetric_and_counts_every_tie_twice(mixed: bool) -> None:
    known = draw(1, mixed=mixed)
    matrix = mixing.mixing_matrix(known)
    assert np.allclose(matrix, matrix.T)
    assert matrix.sum() == pytest.approx(2 * len(known.a))


def test_single_sections_count_the_same_by_bincount_and_by_shares() -> None:
    known = draw(2)
    adjacency = np.zeros((len(known.shares), len(known.shares)))
    np.add.at(adjacency, (known.a, known.b), 1)
    adjacency += adjacency.T
    by_shares = known.shares.T @ adjacency @ known.shares
    assert np.array_equal(mixing.mixing_matrix(known), by_shares)


@pytest.mark.parametrize("mixed", [False, True])
def test_numbering_nodes_and_sections_otherwise_changes_nothing(mixed: bool) -> None:
    known = draw(3, mixed=mixed)
    order = np.random.default_rng(0).permutation(len(known.shares))
    ends = np.argsort(order)[np.stack([known.a, known.b])]
    ties = Ties(len(order), ends.min(0), ends.max(0), np.ones(len(known.a), int))
    again = keep_known(ties, known.shares[order][:, [2, 0, 1]])
    before, after = mixing.mixing_matrix(known), mixing.mixing_matrix(again)
    assert odds_ratio(after, again.shares) == pytest.approx(odds_ratio(before, known.shares))
    spread = mixing.participation(known)
    assert [spread[i] for i in order] == pytest.approx(mixing.participation(again))
    for index in (mixing.ei_index, mixing.newman_r, log_odds):
        assert index(after) == pytest.approx(index(before))
    assert mixing.freeman(after, again.shares) == pytest.approx(
        mixing.freeman(before, known.shares)
    )


@pytest.mark.parametrize("mixed", [False, True])
def test_the_expected_share_is_that_of_all_pairs(mixed: bool) -> None:
    s = draw(4, n=9, mixed=mixed).shares
    pairs = [1 - s[i] @ s[j] for i, j in permutations(range(len(s)), 2)]
    assert mixing.expected_share(s) == pytest.approx(np.mean(pairs))


def test_the_baseline_of_homophily_leaves_oneself_out() -> None:
    s = draw(5, n=9, mixed=True).shares
    chance = [
        sum(s[i, g] * s[j, g] for i, j in permutations(range(9), 2)) / (s[:, g].sum() * 8)
        for g in range(3)
    ]
    assert mixing.finite_baseline(s) == pytest.approx(np.array(chance))
    assert mixing.finite_baseline(shares_of("AAAB")) == pytest.approx(np.array([2 / 3, 0]))


def test_a_90_to_10_split_expects_minus_064() -> None:
    expected = mixing.expected_share(shares_of("A" * 900 + "B" * 100))
    assert expected is not None
    assert 2 * expected - 1 == pytest.approx(-0.64, abs=0.001)


def test_the_attainable_range_binds_only_where_there_are_not_enough_pairs() -> None:
    shares = shares_of("AAABB")  # four pairs inside, six across
    assert mixing.attainable_ei(shares, 4) == mixing.Bounds(-1, 1)
    assert mixing.attainable_ei(shares, 8) == mixing.Bounds(0, 0.5)
    assert mixing.attainable_ei(shares, 10) == mixing.Bounds(*[pytest.approx(0.2)] * 2)
    assert mixing.attainable_ei(np.array([[0.5, 0.5]]), 4) is None


def test_bounds_close_on_the_share_when_all_is_known() -> None:
    known = draw(6)
    matrix = mixing.mixing_matrix(known)
    share = mixing.cross_share(matrix)
    assert mixing.worst_case_share(matrix, known.total) == mixing.Bounds(
        pytest.approx(share), pytest.approx(share)
    )


def test_the_error_of_r_is_the_one_of_leaving_out_each_tie_in_turn() -> None:
    known = draw(7)
    r, squares = mixing.newman_r(mixing.mixing_matrix(known)), 0.0
    assert r is not None
    for i in range(len(known.a)):
        a, b = np.delete(known.a, i), np.delete(known.b, i)
        one_way = mixing.count_arcs(a, b, known.shares)
        left = mixing.newman_r(one_way + one_way.T)
        assert left is not None
        squares += (left - r) ** 2
    error = mixing.newman_r_error(mixing.mixing_matrix(known))
    assert error == pytest.approx(squares**0.5)


def test_delta_stays_put_when_one_section_becomes_three_times_as_active() -> None:
    matrix = np.array([[50.0, 6, 8], [6, 18, 4.8], [8, 4.8, 32]])  # odds of 5, by construction
    active = np.diag([3.0, 1, 1])
    assert log_odds(active @ matrix @ active) == pytest.approx(log_odds(matrix))


def test_delta_is_the_log_of_the_odds_that_were_planted() -> None:
    activity, odds = np.array([5.0, 2.0, 9.0, 1.0]), np.where(np.eye(4) > 0, 3.5, 1.0)
    assert log_odds(np.outer(activity, activity) * odds) == pytest.approx(np.log(3.5))


def test_an_empty_cell_does_not_send_delta_to_infinity() -> None:
    corrected = np.array([[20.5, 0.5], [0.5, 12.5]])
    assert log_odds(np.array([[20.0, 0], [0, 12]])) == pytest.approx(log_odds(corrected))
    assert log_odds(np.array([[20.0, 0, 4], [0, 0, 0], [4, 0, 12]])) == pytest.approx(
        log_odds(np.array([[20.0, 4], [4, 12]]))
    )


def test_the_odds_ratio_counts_pairs_that_are_not_tied_too() -> None:
    """Sections of 4 and 3: 5 of 9 pairs inside are tied, 2 of 12 across."""
    inside, across = [(0, 1), (1, 2), (2, 3), (0, 3), (4, 5)], [(0, 4), (3, 6)]
    known = keep_known(ties_of(7, *np.transpose(inside + across).tolist()), shares_of("AAAABBB"))
    found = odds_ratio(mixing.mixing_matrix(known), known.shares)
    assert found == pytest.approx((5 / 4) / (2 / 10))


def test_an_empty_count_does_not_send_the_odds_ratio_to_infinity() -> None:
    shares = shares_of("AAAABBB")
    assert odds_ratio(np.array([[8.0, 0], [0, 2]]), shares) == pytest.approx(5.5 / 4.5 * 12.5 / 0.5)
    assert odds_ratio(np.zeros((2, 2)), shares) is None
    assert odds_ratio(np.array([[2.0]]), shares_of("AAA")) is None
    assert odds_ratio(np.array([[0.0, 1], [1, 0]]), shares_of("AB")) is None


def test_e_i_of_a_section_counts_the_ends_of_its_ties() -> None:
    """Three ties inside A are six of its eight ends."""
    found = mixing.ei_of_sections(np.array([[6.0, 2, 0], [2, 0, 0], [0, 0, 0]]))
    assert found == [pytest.approx(-0.5), 1, None]


def test_more_crossing_than_chance_gives_is_told_as_such_and_not_cut_off() -> None:
    known = keep_known(ties_of(4, [0, 0, 1, 1], [2, 3, 2, 3]), shares_of("AABB"))
    matrix, at_random = mixing.mixing_matrix(known), mixing.expected_share(known.shares)
    assert at_random == pytest.approx(2 / 3)
    assert mixing.freeman(matrix, known.shares) == pytest.approx(-0.5)
    found = crossing.index(matrix, at_random, mixing.finite_baseline(known.shares))
    assert found.freeman == pytest.approx(-0.5)


def test_participation_is_the_spread_of_contacts_over_sections() -> None:
    """Node 0 has contacts A, A, B and C; node 1 has two only, too few."""
    known = keep_known(ties_of(6, [0, 0, 0, 0, 1], [1, 2, 3, 4, 5]), shares_of("AAABCC"))
    found = mixing.participation(known)
    assert found[0] == pytest.approx(1 - (4 + 1 + 1) / 16)
    assert found[1:] == [None] * 5
    star = keep_known(ties_of(4, [0, 0, 0], [1, 2, 3]), shares_of("ABBB"))
    assert mixing.participation(star)[0] == 0


def test_what_is_not_defined_is_none_and_never_zero() -> None:
    empty, inside = np.zeros((2, 2)), np.array([[8.0, 0], [0, 0]])
    assert mixing.cross_share(empty) is None
    assert mixing.ei_index(empty) is None
    assert mixing.newman_r(empty) is None
    assert mixing.newman_r_error(empty) is None
    assert mixing.newman_r(inside) is None
    assert log_odds(inside) is None
    assert mixing.freeman(inside, shares_of("AAA")) is None
    assert mixing.expected_share(shares_of("A")) is None
    assert mixing.attainable_ei(shares_of("AB"), 0) is None
    assert mixing.worst_case_share(empty, 0) is None
    assert mixing.inbreeding(inside, np.array([1.0, 0.5])) == [None, None]
    alone = mixing.finite_baseline(shares_of("A"))
    assert mixing.inbreeding(np.array([[8.0]]), alone) == [None]


def test_no_ties_have_an_empty_matrix() -> None:
    known = keep_known(ties_of(3, [], []), np.zeros((3, 0)))
    assert mixing.mixing_matrix(known).shape == (0, 0)
