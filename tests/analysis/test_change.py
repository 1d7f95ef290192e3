"""Change: called on the log-odds, when more than single nodes make it."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm

from api.analysis.measures import change
from api.analysis.measures.change import compare_windows
from api.analysis.measures.meetings import Attendance, contact_mass
from api.analysis.measures.mixing import count_arcs, mixing_matrix
from api.analysis.measures.odds import log_odds
from api.analysis.measures.ties import Ties, keep_known

from .graphs import shares_of, ties_of

SIDES = np.eye(2)[np.arange(80) % 2]


def _town(seed: int, odds: float, busy: float = 1.0, ties: int = 300) -> Ties:
    """Ties among eighty nodes, `odds` times likelier inside; section A `busy` times as active."""
    rng, label = np.random.default_rng(seed), np.arange(80) % 2
    weight = np.where(label == 0, busy, 1.0)
    a, b = rng.choice(80, (2, 20 * ties), p=weight / weight.sum())
    keep = (label[a] == label[b]) | (rng.random(len(a)) < 1 / odds)
    return ties_of(80, a[keep][:ties], b[keep][:ties])


def _omit(ties: Ties, node: int) -> Ties:
    keep = (ties.a != node) & (ties.b != node)
    return Ties(ties.n, ties.a[keep], ties.b[keep], ties.weight[keep])


def _without(ties: Ties, node: int) -> float:
    found = log_odds(mixing_matrix(keep_known(_omit(ties, node), SIDES)))
    assert found is not None
    return found


def test_the_error_is_that_of_leaving_out_each_node_from_both_windows_by_hand() -> None:
    before, after = _omit(_town(1, 2), 79), _omit(_town(2, 3), 0)
    found = compare_windows(before, after, SIDES)
    assert found.before == pytest.approx(log_odds(mixing_matrix(keep_known(before, SIDES))))
    assert found.after == pytest.approx(log_odds(mixing_matrix(keep_known(after, SIDES))))
    left = np.array([_without(after, i) - _without(before, i) for i in range(80)])
    error = np.sqrt(78 / 160 * ((left - left.mean()) ** 2).sum())
    assert found.error == pytest.approx(error)
    assert found.difference is not None
    assert found.z == pytest.approx(found.difference / error)
    assert found.p == pytest.approx(2 * norm.sf(abs(found.z)))


def test_quiet_and_unknown_nodes_do_not_change_the_error() -> None:
    before, after = _town(1, 2), _town(2, 3)
    more = np.vstack([SIDES, np.eye(2), np.zeros((1, 2))])
    wide = [Ties(83, ties.a, ties.b, ties.weight) for ties in (before, after)]
    assert compare_windows(*wide, more) == compare_windows(before, after, SIDES)


def test_turning_the_windows_round_turns_the_sign() -> None:
    before, after = _town(1, 2), _town(2, 3)
    there, back = compare_windows(before, after, SIDES), compare_windows(after, before, SIDES)
    assert there.difference == pytest.approx(-(back.difference or 0))
    assert (there.error, there.p) == pytest.approx((back.error, back.p))


def test_no_change_is_called_where_a_side_merely_becomes_three_times_as_active() -> None:
    found = [compare_windows(_town(i, 2), _town(900 + i, 2, busy=3), SIDES) for i in range(60)]
    assert sum((one.p or 0) <= 0.05 for one in found) < 9
    differences = [one.difference or 0 for one in found]
    assert abs(np.mean(differences)) < 3 * np.std(differences) / 60**0.5


def test_a_change_that_is_there_is_called() -> None:
    found = compare_windows(_town(3, 4, ties=400), _town(4, 1, ties=400), SIDES)
    assert found.z is not None
    assert found.p is not None
    assert found.z < -4
    assert 0 < found.p < 0.001


def test_an_empty_cell_without_some_node_never_gives_an_infinite_error() -> None:
    """All that crosses hangs on node 0: without it, the cell is empty."""
    ring = [(i, (i + 2) % 40) for i in range(40)]
    before = ties_of(40, *np.array([*ring, (0, 1), (0, 3)]).T.tolist())
    after = ties_of(40, *np.array([*ring, (0, 1), (4, 3), (8, 5)]).T.tolist())
    found = compare_windows(before, after, SIDES[:40])
    assert found.error
    assert np.isfinite([found.before, found.after, found.error, found.z, found.p]).all()


def test_too_little_is_none_with_a_reason() -> None:
    enough, none = _town(1, 2), ties_of(80, [], [])
    inside = ties_of(80, list(range(0, 60, 2)), list(range(2, 62, 2)))
    cases = [
        (enough, none, SIDES, change.TOO_FEW_TIES),
        (none, enough, SIDES, change.TOO_FEW_TIES),
        (enough, _town(2, 2, ties=19), SIDES, change.TOO_FEW_TIES),
        (enough, enough, SIDES * 0, change.TOO_FEW_TIES),
        (enough, inside, SIDES, change.ONE_SIDED),
        (enough, enough, shares_of(["A"] * 80), change.ONE_SIDED),
    ]
    for before, after, shares, reason in cases:
        found = compare_windows(before, after, shares)
        assert (found.before, found.difference, found.z, found.p) == (None,) * 4
        assert found.reason == reason


def test_the_same_window_twice_is_no_change_and_has_no_z() -> None:
    found = compare_windows(_town(1, 2), _town(1, 2), SIDES)
    assert (found.difference, found.error, found.z) == (0, 0, None)
    assert found.reason == change.NO_SPREAD


def test_the_error_of_directions_is_that_of_leaving_out_each_group_by_hand() -> None:
    rng = np.random.default_rng(3)
    giver, taker = rng.integers(0, 30, (2, 200))
    giver, taker = giver[giver != taker], taker[giver != taker]
    found = change.period_of_arcs(giver, taker, SIDES[:30])
    assert found.deltas is not None
    for node in range(30):
        stay = (giver != node) & (taker != node)
        expected = log_odds(count_arcs(giver[stay], taker[stay], SIDES[:30]))
        assert found.deltas[node] == pytest.approx(expected)


def test_the_error_of_contact_is_that_of_leaving_out_each_group_by_hand() -> None:
    rng = np.random.default_rng(4)
    shares = np.eye(2)[rng.integers(0, 2, 30)]
    shares[::6], shares[1::9] = (0.3, 0.7), 0
    rows = rng.integers(0, 12, 150), rng.integers(0, 30, 150), rng.integers(1, 5, 150)
    found = change.period_of_meetings(Attendance(12, *rows, shares))
    assert found.deltas is not None
    for group in range(30):
        stay = rows[1] != group
        left = Attendance(12, *(part[stay] for part in rows), shares)
        assert found.deltas[group] == pytest.approx(log_odds(contact_mass(left).matrix))


def _periods(*odds: float, busy: float = 1.0) -> list[change.Period]:
    towns = [_town(9 + seed, each, busy if seed else 1.0) for seed, each in enumerate(odds)]
    return [change.period_of_ties(town, SIDES) for town in towns]


def test_a_slope_is_told_from_four_windows_on() -> None:
    few = change.find_slope(_periods(2, 2, 2))
    assert (few.windows, few.value, few.reason) == (3, None, change.TOO_FEW_WINDOWS)
    closing = change.find_slope(_periods(1, 1.7, 3, 5, 9))
    assert closing.p is not None
    assert closing.value is not None
    assert closing.value > 0.3
    assert closing.p < 0.001
    opening = change.find_slope(_periods(9, 5, 3, 1.7, 1))
    assert opening.value is not None
    assert opening.value < -0.3


def test_a_side_that_becomes_busier_is_no_slope() -> None:
    level = change.find_slope(_periods(2, 2, 2, 2, 2, busy=4.0))
    assert level.p is not None
    assert level.p > 0.05


def test_a_window_that_tells_nothing_keeps_its_place_in_time() -> None:
    periods = _periods(1, 2, 4, 8, 16)
    empty = change.Period(0, periods[0].is_active, None)
    gap = change.find_slope([*periods[:2], empty, *periods[3:]])
    close = change.find_slope([*periods[:2], *periods[3:]])
    assert gap.windows == close.windows == 4
    assert gap.value is not None
    assert close.value is not None
    assert gap.value < close.value


def test_p_is_adjusted_for_as_many_as_were_looked_at() -> None:
    found = change.adjust([0.01, None, 0.04, 0.03, 0.5])
    assert found == [0.04, None, pytest.approx(0.16 / 3), pytest.approx(0.16 / 3), 0.5]
    assert change.adjust([]) == []
