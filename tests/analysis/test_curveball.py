"""Curveball: margins stay, every table is as likely, and busyness is not taken for closure."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from api.analysis.measures import curveball, mixing
from api.analysis.measures.curveball import Mixed, compare_meetings, deal
from api.analysis.measures.meetings import Attendance, contact_mass, diversities, mean_diversity
from api.analysis.measures.nulls import Ask

ASK = Ask(draws=199)


def _table(seed: int, groups: int = 12, meetings: int = 20, often: float = 0.3) -> np.ndarray:
    return np.random.default_rng(seed).random((groups, meetings)) < often


def _attend(table: np.ndarray, shares: np.ndarray, heads: np.ndarray | None = None) -> Attendance:
    group, meeting = np.nonzero(table)
    many = np.ones(len(group), int) if heads is None else heads[group, meeting]
    return Attendance(table.shape[1], meeting, group, many, shares)


def _deal(table: np.ndarray, part: np.ndarray, copies: int, seed: int) -> np.ndarray:
    """Tables (copies, rows, columns)."""
    row, column = np.nonzero(table)
    dealt = deal(row, column, part, copies, np.random.default_rng(seed))
    tables = np.zeros((copies, *table.shape), int)
    np.add.at(tables, (np.arange(copies)[:, None], row, dealt), 1)
    return tables


def _compare(attendance: Attendance, ask: Ask = ASK, stratum: np.ndarray | None = None) -> Mixed:
    found = compare_meetings(attendance, ask, stratum)
    assert found
    return found


@pytest.mark.parametrize("rows", [2, 5, 12])
def test_how_often_groups_come_and_how_many_come_stays_the_same(rows: int) -> None:
    table = _table(1, groups=rows)
    for dealt in _deal(table, np.zeros(rows, int), 20, 1):
        assert dealt.max() == 1
        assert dealt.sum(axis=0).tolist() == table.sum(axis=0).tolist()
        assert dealt.sum(axis=1).tolist() == table.sum(axis=1).tolist()


def test_it_goes_as_far_from_what_was_seen_as_two_deals_are_from_each_other() -> None:
    table = _table(2, groups=40, meetings=60, often=0.2)
    dealt = _deal(table, np.zeros(40, int), 40, 2)
    from_seen = np.mean([(table & ~(one > 0)).sum() for one in dealt])
    from_other = np.mean([((a > 0) & (b == 0)).sum() for a, b in pairwise(dealt)])
    assert from_seen == pytest.approx(from_other, rel=0.02)


def test_four_rows_that_trade_in_two_pairs_at_once_reach_every_table_alike() -> None:
    tables = Counter(
        one.tobytes() for one in _deal(np.eye(4, dtype=int), np.zeros(4, int), 4800, 3)
    )
    assert len(tables) == 24
    assert sum((count - 200) ** 2 / 200 for count in tables.values()) / 23 < 2


def test_rows_trade_within_their_part_only() -> None:
    table = np.eye(4, dtype=int)
    dealt = _deal(table, np.array([0, 0, 1, 1]), 50, 4)
    assert dealt[:, :2, 2:].sum() == dealt[:, 2:, :2].sum() == 0
    assert 0 < dealt[:, 0, 0].sum() < 50


def test_groups_trade_meetings_of_the_same_month_only() -> None:
    """Sides alternate by month: within a month nothing can be traded, so nothing is by chance."""
    table = np.zeros((8, 6), int)
    table[:4, :3] = table[4:, 3:] = 1
    came = _attend(table, np.repeat(np.eye(2), 4, axis=0))
    order = np.random.default_rng(0).permutation(len(came.group))
    attendance = replace(came, group=came.group[order], meeting=came.meeting[order])
    month = np.repeat([0, 1], 3)
    assert _compare(attendance).share.expected > 0.3
    assert _compare(attendance, stratum=month).share.expected == 0


def test_what_was_seen_is_the_share_of_contact_and_the_mean_diversity() -> None:
    heads = np.random.default_rng(5).integers(1, 9, (12, 20))
    attendance = _attend(_table(5, often=0.12), np.eye(3)[np.arange(12) % 3], heads)
    found = _compare(attendance)
    assert found.share.observed == pytest.approx(
        mixing.cross_share(contact_mass(attendance).matrix)
    )
    assert found.mean_diversity.observed == pytest.approx(mean_diversity(attendance))


def test_expected_diversity_of_each_meeting_averages_to_the_expected_mean() -> None:
    attendance = _attend(_table(6, often=0.5), np.eye(2)[np.arange(12) % 2])
    found = _compare(attendance)
    assert (diversities(attendance)[1] > 1).all()
    assert found.diversity.mean() == pytest.approx(found.mean_diversity.expected)


def test_a_group_takes_its_headcounts_along_and_unknown_groups_stay() -> None:
    """Groups of 2 and 3 trade the second and third meeting; a crowd of unknown side does not."""
    table = np.array([[1, 1, 0], [1, 0, 1], [0, 1, 0]])
    sides = np.array([[1.0, 0], [0, 1], [0, 0]])
    found = _compare(_attend(table, sides, np.array([[2] * 3, [3] * 3, [50] * 3])))
    seen = 1.5 / (2.5 + 1 / 51 + 1.5)  # the 2 beside the crowd, the 3 alone
    traded = 1.5 / (2.5 + 3 / 52 + 1)
    assert found.share.observed == pytest.approx(seen)
    assert found.share.expected == pytest.approx((seen + traded) / 2, abs=0.008)


def test_headcounts_are_dealt_over_the_meetings_of_their_group() -> None:
    """A full table cannot be traded: only 1 and 9 heads change places, two by two."""
    attendance = _attend(np.ones((2, 2), int), np.eye(2), np.array([[1, 9], [1, 9]]))
    found = _compare(attendance, Ask(draws=999))
    like, unlike = (1 * 1 / 1 + 81 / 17) / 10, (2 * 9 / 9) / 10
    assert found.share.observed == pytest.approx(like)
    assert found.share.expected == pytest.approx((like + unlike) / 2, abs=0.03)


def _open(seed: int, times: float) -> Attendance:
    """Nobody minds whom they meet; the groups of one side come `times` as often."""
    rng = np.random.default_rng(seed)
    often = np.where(np.arange(30) % 2 == 0, times, 1.0)[:, None] * 0.15
    return _attend(rng.random((30, 20)) < often, np.eye(2)[np.arange(30) % 2])


@pytest.mark.parametrize("times", [1, 3])
def test_a_side_that_comes_more_often_does_not_pass_for_closed(times: float) -> None:
    found = [_compare(_open(seed, times), Ask(draws=99, seed=seed)).share for seed in range(60)]
    assert sum(one.p <= 0.05 for one in found) < 9
    excess = [one.excess for one in found]
    assert abs(np.mean(excess)) < 3 * np.std(excess) / 60**0.5


def test_closure_that_is_there_is_found() -> None:
    rng, side = np.random.default_rng(7), np.arange(30) % 2
    like = side[:, None] == rng.integers(0, 2, 40)
    attendance = _attend(rng.random((30, 40)) < np.where(like, 0.4, 0.1), np.eye(2)[side])
    found = _compare(attendance)
    for chance in (found.share, found.mean_diversity):
        assert chance.excess < 0
        assert chance.p == pytest.approx(2 / 200)


def test_blocks_change_neither_how_many_are_drawn_nor_the_mean(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    attendance = _attend(_table(8), np.eye(3)[np.arange(12) % 3])
    whole = _compare(attendance)
    monkeypatch.setattr(curveball, "CELLS", 300)
    parts = _compare(attendance)
    assert (whole.share.draws, parts.share.draws) == (199, 199)
    assert parts.share.expected == pytest.approx(whole.share.expected, abs=0.01)
    assert parts.diversity == pytest.approx(whole.diversity, abs=0.1)


def test_the_same_seed_gives_the_same_answer_and_another_seed_another() -> None:
    attendance = _attend(_table(9), np.eye(3)[np.arange(12) % 3])
    assert _compare(attendance).share == _compare(attendance).share
    assert _compare(attendance).share != _compare(attendance, replace(ASK, seed=2)).share


def test_where_nobody_known_met_there_is_nothing_to_compare() -> None:
    for table, shares in (
        (np.zeros((2, 3), int), np.eye(2)),
        (np.array([[1, 0, 0]]), np.eye(2)[:1]),
        (np.ones((2, 3), int), np.zeros((2, 2))),
    ):
        assert compare_meetings(_attend(table, shares), ASK) is None
    alone = _compare(_attend(np.ones((2, 3), int), np.eye(2)[[0, 0]]))
    assert (alone.share.observed, alone.share.z, alone.share.p) == (0, None, 1)
