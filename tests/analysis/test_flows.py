"""Flows: what comes back is counted per direction, and chance keeps how often each gives."""

from __future__ import annotations

from collections import Counter
from itertools import permutations, product

import numpy as np
import pytest

from api.analysis.measures import flows, rewiring
from api.analysis.measures.arcs import Arcs, gather
from api.analysis.measures.flows import balances, reciprocate, returned
from api.analysis.measures.nulls import Ask
from api.analysis.measures.rewiring import rewire, walk

ASK = Ask(draws=199)


def _arcs(table: list[list[float]] | np.ndarray) -> Arcs:
    """From a table giver by taker."""
    cells = np.array(table, dtype=float)
    giver, taker = np.nonzero(cells)
    return gather(len(cells), giver, taker, cells[giver, taker])


def _draw(seed: int, n: int = 9, density: float = 0.4) -> np.ndarray:
    rng = np.random.default_rng(seed)
    table = rng.integers(1, 20, (n, n)) * (rng.random((n, n)) < density)
    np.fill_diagonal(table, 0)
    return table.astype(float)


def test_flows_add_up_per_direction_and_not_to_oneself() -> None:
    giver, taker = np.array([0, 1, 0, 2, 1]), np.array([1, 0, 1, 2, 2])
    found = gather(3, giver, taker, np.array([2.0, 5, 3, 7, 0]))
    assert (found.giver.tolist(), found.taker.tolist()) == ([0, 1], [1, 0])
    assert found.amount.tolist() == [5, 5]


def test_rho_is_the_correlation_of_giving_with_being_given() -> None:
    table = _draw(1) > 0
    off = ~np.eye(9, dtype=bool)
    found = reciprocate(_arcs(table), ASK)
    assert found.rho == pytest.approx(np.corrcoef(table[off], table.T[off])[0, 1])
    assert found.r == pytest.approx((table & table.T).sum() / table.sum())


def test_what_is_returned_is_found_whatever_the_order_of_the_arcs() -> None:
    table = _draw(2)
    giver, taker = np.random.default_rng(0).permutation(np.argwhere(table), axis=0).T
    arcs = Arcs(9, giver, taker, table[giver, taker])
    assert returned(arcs).tolist() == table[taker, giver].tolist()


def test_balance_and_own_reciprocity_of_each_group_by_hand() -> None:
    first, second, third, fourth = balances(_arcs([[0, 10, 0, 0], [4, 0, 6, 0], [0] * 4, [0] * 4]))
    assert (first.net, first.balance, first.reciprocity) == (6, 6 / 14, 0.4)
    assert (second.net, second.balance, second.reciprocity) == (0, 0, 0.4)
    assert (third.net, third.balance, third.reciprocity) == (-6, -1, None)
    assert (fourth.net, fourth.balance, fourth.reciprocity) == (0, None, None)


def test_nets_sum_to_nothing_and_own_reciprocities_to_the_whole() -> None:
    arcs = _arcs(_draw(3))
    each, found = balances(arcs), reciprocate(arcs, ASK)
    assert sum(one.net for one in each) == pytest.approx(0)
    back = sum(one.given * (one.reciprocity or 0) for one in each)
    assert found.r_w == pytest.approx(back / arcs.amount.sum())


def test_numbering_groups_otherwise_changes_nothing() -> None:
    table, order = _draw(4), np.random.default_rng(0).permutation(9)
    before, after = (reciprocate(_arcs(t), ASK) for t in (table, table[np.ix_(order, order)]))
    assert (before.r, before.rho) == (after.r, after.rho)
    assert before.r_w == pytest.approx(after.r_w)


def test_the_unit_of_amounts_does_not_matter() -> None:
    hours, minutes = reciprocate(_arcs(_draw(5)), ASK), reciprocate(_arcs(_draw(5) * 60), ASK)
    assert (hours.r_w, hours.rho_w) == pytest.approx((minutes.r_w, minutes.rho_w))


def test_the_walk_keeps_how_many_each_gives_to_and_takes_from() -> None:
    arcs = _arcs(_draw(6))
    for taker in walk(arcs, 40, np.random.default_rng(1)):
        assert (
            np.bincount(taker, minlength=9).tolist()
            == np.bincount(arcs.taker, minlength=9).tolist()
        )
        pairs = set(zip(arcs.giver.tolist(), taker.tolist(), strict=True))
        assert len(pairs) == len(taker)
        assert all(i != j for i, j in pairs)


@pytest.mark.parametrize(
    "table",
    [
        [[0, 1, 0], [0, 0, 1], [1, 0, 0]],  # a cycle of three: only turning it round helps
        [[0, 1, 1, 0], [1, 0, 0, 0], [0, 0, 0, 1], [0, 1, 0, 0]],
        [[0, 1, 0, 1], [0, 0, 1, 0], [1, 0, 0, 0], [0, 1, 1, 0]],
    ],
)
def test_the_walk_reaches_every_graph_of_these_degrees_alike(table: list[list[int]]) -> None:
    arcs, n = _arcs(table), len(table)
    cells = list(permutations(range(n), 2))
    margins = [np.sum(table, axis=1).tolist(), np.sum(table, axis=0).tolist()]
    graphs = 0
    for chosen in product([0, 1], repeat=len(cells)):
        each = np.zeros((n, n), int)
        each[tuple(np.transpose(cells))] = chosen
        graphs += [each.sum(axis=1).tolist(), each.sum(axis=0).tolist()] == margins
    rng, seen = np.random.default_rng(2), Counter[frozenset[tuple[int, int]]]()
    for taker in walk(arcs, 4000, rng):
        seen[frozenset(zip(arcs.giver.tolist(), taker.tolist(), strict=True))] += 1
    assert len(seen) == graphs > 1
    expected = 4000 / graphs
    chi2 = sum((count - expected) ** 2 / expected for count in seen.values())
    assert chi2 / (graphs - 1) < 2.5


def test_chance_is_centred_where_giving_back_is_chance() -> None:
    """Reciprocity of graphs that are rewirings themselves: as often above as below."""
    arcs, rng = _arcs(_draw(7, n=12)), np.random.default_rng(5)
    above = []
    for taker in walk(arcs, 60, rng):
        other = Arcs(12, arcs.giver, taker, arcs.amount)
        found = reciprocate(other, Ask(draws=99)).chance
        assert found
        above.append(found.excess)
    assert abs(np.mean(above)) < 3 * np.std(above) / 60**0.5


def test_giving_back_that_is_there_is_found() -> None:
    rng = np.random.default_rng(8)
    table = np.triu(_draw(8, n=20, density=0.15), 1)
    table += table.T * (rng.random((20, 20)) < 0.9)
    found = reciprocate(_arcs(table), ASK)
    assert found.chance
    assert found.chance_w
    assert found.chance.p == found.chance_w.p == pytest.approx(2 / 200)
    assert found.rho_w
    assert found.rho_w > 0.5
    expected = (found.chance_w.observed - found.chance_w.expected) / (1 - found.chance_w.expected)
    assert found.rho_w == pytest.approx(expected)


def test_amounts_are_shuffled_over_their_givers_arcs() -> None:
    """One group gives 1 and 99 to two that give 50 back, rewired to itself: r_w varies, r not."""
    star = np.zeros((9, 9))
    star[0, 1:], star[1:, 0] = [1, 99, 1, 1, 1, 1, 1, 1], [1, 99, 1, 1, 1, 1, 1, 1]
    arcs = _arcs(star)
    plain, weighted = rewire(arcs, ASK, (1.0, 1.0))
    assert (plain.expected, plain.z) == (1, None)
    share = (106 - 98 + (1 / 8) * 98) / 106
    assert weighted.expected == pytest.approx(share, abs=0.07)


def test_what_each_gives_stays_with_the_giver_whatever_the_order_of_the_arcs() -> None:
    """One gives 1 to each of eight who give 99 back: every shuffle within givers is the same."""
    ends = np.random.default_rng(0).permutation([[0, i] for i in range(1, 9)] * 2, axis=0)
    ends[np.unique(ends[:, 1], return_index=True)[1]] = [[i, 0] for i in range(1, 9)]
    arcs = Arcs(9, ends[:, 0], ends[:, 1], np.where(ends[:, 0] == 0, 1.0, 99.0))
    _, weighted = rewire(arcs, ASK, (1.0, 0.02))
    assert (weighted.expected, weighted.spread) == (pytest.approx(0.02), pytest.approx(0))


def test_as_many_draws_as_asked_for_in_however_many_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rewiring, "CELLS", 20 * 81)
    found = reciprocate(_arcs(_draw(9)), Ask(draws=50)).chance
    assert found
    assert found.draws == 50


def test_the_same_seed_gives_the_same_answer_and_another_seed_another() -> None:
    arcs = _arcs(_draw(9))
    assert reciprocate(arcs, Ask(draws=50)) == reciprocate(arcs, Ask(draws=50))
    assert reciprocate(arcs, Ask(draws=50)) != reciprocate(arcs, Ask(draws=50, seed=2))


def test_what_is_not_defined_is_none_and_says_why() -> None:
    nothing = reciprocate(_arcs(np.zeros((3, 3))), ASK)
    assert (nothing.r, nothing.rho, nothing.r_w, nothing.chance) == (None,) * 4
    assert nothing.reasons == {"r": flows.NO_FLOWS}
    assert reciprocate(_arcs(np.zeros((0, 0))), ASK).r is None
    one = reciprocate(_arcs([[0, 1], [0, 0]]), ASK)
    assert (one.r, one.r_w, one.rho, one.rho_w) == (0, 0, -1, None)
    assert one.reasons == {"rho_w": flows.TOO_FEW_ARCS}
    everybody = reciprocate(_arcs(1 - np.eye(4)), ASK)
    assert (everybody.r, everybody.rho, everybody.rho_w) == (1, None, None)
    assert everybody.reasons == {"rho": flows.ALL_GIVE, "rho_w": flows.FIXED}
    assert balances(_arcs(np.zeros((1, 1))))[0].balance is None
