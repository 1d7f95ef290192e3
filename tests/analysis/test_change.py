"""Change: called on the log-odds, when more than single nodes make it."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm

from api.analysis.measures import change
from api.analysis.measures.change import compare_windows
from api.analysis.measures.mixing import mixing_matrix
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
