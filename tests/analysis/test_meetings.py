"""Meetings: contact is counted without pairs and is what the pairs would give."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest

from api.analysis.measures import mixing
from api.analysis.measures.meetings import (
    Attendance,
    blau,
    contact_mass,
    diversities,
    iqv,
    masses,
    mean_diversity,
    unbiased_blau,
)

from .graphs import shares_of


def _attend(rows: list[tuple[int, int, int]], shares: np.ndarray, meetings: int = 3) -> Attendance:
    """Rows of meeting, group and heads."""
    meeting, group, heads = np.array(rows, dtype=np.int64).reshape(-1, 3).T
    return Attendance(meetings, meeting, group, heads, shares)


def _draw(seed: int, *, mixed: bool = False, unknown: int = 0) -> Attendance:
    """Fifteen meetings of nine groups; the first `unknown` have no side."""
    rng = np.random.default_rng(seed)
    meeting, group = np.divmod(rng.choice(15 * 9, 50, replace=False), 9)
    shares = rng.dirichlet(np.ones(3), 9) if mixed else np.eye(3)[rng.integers(0, 3, 9)]
    shares[:unknown] = 0
    return Attendance(15, meeting, group, rng.integers(1, 6, 50), shares)


def _by_pairs(attendance: Attendance) -> tuple[np.ndarray, list[float], list[list[float]]]:
    """The matrix and the total, head by head; per meeting the chance of each pair to differ."""
    sections = attendance.shares.shape[1]
    matrix, total, differ = np.zeros((sections, sections)), 0.0, []
    for meeting in range(attendance.meetings):
        here = attendance.meeting == meeting
        heads = np.repeat(attendance.group[here], attendance.heads[here])
        pairs = [attendance.shares[[i, j]] for i, j in permutations(heads, 2)]
        for s, t in pairs:
            matrix += np.outer(s, t) / (len(heads) - 1)
            total += 1 / (len(heads) - 1)
        differ.append([1 - s @ t for s, t in pairs if s.any() and t.any()])
    return matrix, [total / 2], differ


@pytest.mark.parametrize("mixed", [False, True])
@pytest.mark.parametrize("unknown", [0, 2, 9])
def test_mass_by_counts_is_that_of_every_pair_of_heads(mixed: bool, unknown: int) -> None:
    attendance = _draw(1, mixed=mixed, unknown=unknown)
    matrix, (total,), differ = _by_pairs(attendance)
    found = contact_mass(attendance)
    assert found.matrix == pytest.approx(matrix)
    assert found.total == pytest.approx(total)
    across = matrix.sum() - np.trace(matrix)
    crossing, known = masses(attendance)
    assert (crossing.sum(), known.sum()) == pytest.approx((across / 2, matrix.sum() / 2))
    means = [np.mean(each) for each in differ if each]
    expected = pytest.approx(np.mean(means)) if means else None
    assert mean_diversity(attendance) == expected


def test_a_group_of_twelve_beside_a_group_of_three_is_twelve_heads_and_three() -> None:
    attendance = _attend([(0, 0, 12), (0, 1, 3)], np.eye(2), 1)
    found = contact_mass(attendance)
    assert found.matrix.tolist() == [
        [pytest.approx(12 * 11 / 14), pytest.approx(12 * 3 / 14)],
        [pytest.approx(12 * 3 / 14), pytest.approx(3 * 2 / 14)],
    ]
    assert (found.total, found.meetings, found.coverage) == (7.5, 1, pytest.approx(1))
    assert masses(attendance)[0].tolist() == [pytest.approx(36 / 14)]
    assert diversities(attendance)[0].tolist() == [pytest.approx(1 - (132 + 6) / 210)]


def test_an_assembly_weighs_as_much_a_head_as_a_kitchen_table() -> None:
    table = contact_mass(_attend([(0, 0, 1), (0, 1, 1)], np.eye(2)))
    assembly = contact_mass(_attend([(0, 0, 100), (0, 1, 100)], np.eye(2)))
    assert (table.total, assembly.total) == (1, 100)


def test_unknown_heads_were_in_the_room_and_widen_the_bounds() -> None:
    found = contact_mass(_attend([(0, 0, 1), (0, 1, 1), (0, 2, 2)], shares_of(["A", "B", None])))
    assert found.matrix.tolist() == [[0, pytest.approx(1 / 3)], [pytest.approx(1 / 3), 0]]
    assert found.coverage == pytest.approx(1 / 6)
    bounds = mixing.worst_case_share(found.matrix, found.total)
    assert bounds == mixing.Bounds(pytest.approx(1 / 6), pytest.approx(1))


def test_one_head_alone_met_nobody() -> None:
    for rows in ([(0, 0, 1)], []):
        attendance = _attend(rows, np.eye(2))
        found = contact_mass(attendance)
        assert (found.matrix.sum(), found.total, found.meetings, found.coverage) == (0, 0, 0, None)
        assert mixing.cross_share(found.matrix) is None
        assert masses(attendance)[0].tolist() == [0, 0, 0]
        assert mean_diversity(attendance) is None


def test_one_group_alone_and_all_sides_unknown_never_divide_by_nothing() -> None:
    inside = contact_mass(_attend([(0, 0, 4)], np.eye(2)))
    assert mixing.cross_share(inside.matrix) == 0
    hidden = _attend([(0, 0, 4), (1, 1, 2)], np.zeros((2, 2)))
    assert contact_mass(hidden).coverage == 0
    assert mean_diversity(hidden) is None
    assert np.isfinite(diversities(hidden)[0]).all()


def test_numbering_groups_meetings_and_sections_otherwise_changes_nothing() -> None:
    before, rng = _draw(2, mixed=True), np.random.default_rng(0)
    group, meeting, section = (rng.permutation(n) for n in (9, 15, 3))
    shares = np.empty_like(before.shares)
    shares[group] = before.shares[:, section]
    after = Attendance(15, meeting[before.meeting], group[before.group], before.heads, shares)
    expected = contact_mass(before).matrix[np.ix_(section, section)]
    assert contact_mass(after).matrix == pytest.approx(expected)
    assert masses(after)[0][meeting] == pytest.approx(masses(before)[0])


def test_diversity_of_counts_that_are_not_there_is_none() -> None:
    assert blau(np.zeros(3)) is None
    assert unbiased_blau(np.array([1.0, 0])) is None
    assert iqv(np.zeros(2)) is None
    assert iqv(np.array([4.0])) is None
    assert unbiased_blau(np.array([1.0, 1, 1])) == 1
    assert iqv(np.array([2.0, 2])) == 1


def test_the_supper_and_the_walk_of_the_documentation() -> None:
    """Groups a, b of North and f, g of South, and u of neither known."""
    rows = [(0, 0, 12), (0, 2, 3), (1, 1, 2), (1, 3, 2), (1, 4, 4)]
    came = _attend(rows, shares_of(["N", "N", "S", "S", None]), 2)
    found = contact_mass(came)
    assert masses(came)[0].round(3).tolist() == [2.571, 0.571]
    assert mixing.cross_share(found.matrix) == pytest.approx(0.376, abs=0.0005)
    assert (found.total, found.coverage) == (11.5, pytest.approx(0.727, abs=0.0005))
    bounds = mixing.worst_case_share(found.matrix, found.total)
    assert bounds == mixing.Bounds(*(pytest.approx(end, abs=0.0005) for end in (0.273, 0.547)))
    assert diversities(came)[0].round(3).tolist() == [0.343, 0.667]
    assert mean_diversity(came) == pytest.approx(0.505, abs=0.0005)
