"""Connectedness: exposure and bias are told apart, and hold what the definition says."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest

from api.analysis.measures import connectedness
from api.analysis.measures.connectedness import Made, connect
from api.analysis.measures.ties import NOBODY

from .graphs import shares_of

TOWN = "A" * 12 + "B" * 12


def _made(rows: list[tuple[int, int, int]], members: dict[int, list[int]], sides: str) -> Made:
    """Rows of two nodes and a setting; who belongs to each setting."""
    a, b, setting = np.array(rows, dtype=np.int64).reshape(-1, 3).T
    pairs = [(node, place) for place, nodes in members.items() for node in nodes]
    member, member_of = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    shares = shares_of([None if side == "?" else side for side in sides])
    return Made(a, b, setting, member, member_of, shares)


def test_a_node_is_exposed_to_the_others_there_and_not_to_itself() -> None:
    """Setting 0 has A0 A1 A2 and B12 B13: A0 sees two B among four others, half of parity 1/2."""
    made = _made([(0, 1, 0), (0, 12, 0)], {0: [0, 1, 2, 12, 13]}, TOWN)
    found = connect(made, 0)
    assert found.exposure == pytest.approx(2 / 4 / 0.5)
    assert found.connectedness == pytest.approx(1 / 3 / 0.5)  # of A's three ends one reaches B
    assert found.bias == pytest.approx(1 - 2 / 3)
    assert (found.placed, found.unplaced, found.reason) == (3, 0, None)


def test_one_who_is_no_member_of_the_setting_is_exposed_to_all_its_members() -> None:
    made = _made([(5, 12, 0)], {0: [0, 1, 2, 12, 13]}, TOWN)
    assert connect(made, 0).exposure == pytest.approx(2 / 5 / 0.5)


def test_a_tie_made_in_two_settings_is_split_equally() -> None:
    members = {0: [0, 1, 2, 3, 12], 1: [0, 12, 13, 14, 15]}
    made = _made([(0, 12, 0), (12, 0, 1), (0, 1, 0)], members, TOWN)
    found = connect(made, 0)
    assert found.exposure == pytest.approx((0.5 * 1 / 4 + 0.5 * 1 + 2 * 1 / 4) / 3 / 0.5)
    assert found.connectedness == pytest.approx(1 / 3 / 0.5)


def test_ties_without_a_setting_or_in_a_small_one_stand_in_a_line_of_their_own() -> None:
    members = {0: [0, 1, 2, 12, 13], 1: [3, 4, 14]}
    made = _made([(0, 12, 0), (3, 14, 1), (4, 5, NOBODY), (0, 13, NOBODY)], members, TOWN)
    found = connect(made, 0)
    assert (found.placed, found.unplaced, found.unplaced_share) == (1, 4, 0.5)
    assert found.connectedness == pytest.approx(1 / 0.5)


def test_unknown_members_are_not_in_the_mix_and_their_ties_not_counted() -> None:
    made = _made([(0, 12, 0), (0, 24, 0)], {0: [0, 1, 2, 3, 12, 24, 24]}, TOWN + "?")
    found = connect(made, 0)
    assert found.exposure == pytest.approx(1 / 4 / 0.5)
    assert found.placed == 1


def _draw(seed: int) -> Made:
    rng = np.random.default_rng(seed)
    a, b = rng.integers(0, 40, (2, 80))
    shares = rng.dirichlet(np.ones(3), 40)
    shares[:2] = 0
    return Made(a, b, rng.integers(-1, 5, 80), *rng.integers(0, [[40], [5]], (2, 90)), shares)


def test_it_is_what_the_definition_gives_tie_by_tie() -> None:
    made, known = _draw(1), range(2, 40)
    rows = {(min(a, b), max(a, b), k) for a, b, k in zip(made.a, made.b, made.setting, strict=True)}
    rows = {row for row in rows if row[0] in known and row[0] != row[1]}
    share, found = made.shares[:, 1].sum() / 38, []
    for i, j, k in ((i, j, k) for a, b, k in rows if k >= 0 for i, j in permutations((a, b))):
        there = set(made.member[made.member_of == k]) & set(known)
        others = there - {i}
        weight = made.shares[i, 0] / sum({i, j} == {a, b} for a, b, _ in rows)
        mix = sum(made.shares[node, 1] for node in others) / len(others)
        found.append((weight, weight * mix, weight * made.shares[j, 1]))
    ties, mixes, reaching = np.sum(found, axis=0)
    answer = connect(made, 0, 1)
    assert answer.placed == pytest.approx(ties)
    assert answer.exposure == pytest.approx(mixes / ties / share)
    assert answer.connectedness == pytest.approx(reaching / ties / share)


def test_numbering_otherwise_and_rows_told_twice_change_nothing() -> None:
    made, rng = _draw(2), np.random.default_rng(0)
    node, setting = rng.permutation(40), rng.permutation(5)
    shares = np.empty_like(made.shares)
    shares[node] = made.shares[:, [1, 0, 2]]
    twice = [np.tile(part, 2) for part in (made.b, made.a, made.setting, made.member)]
    b, a, places, member = twice
    moved = np.where(places == NOBODY, NOBODY, setting[places])
    again = Made(node[b], node[a], moved, node[member], np.tile(setting[made.member_of], 2), shares)
    before, after = connect(made, 0), connect(again, 1)
    assert (after.exposure, after.bias) == pytest.approx((before.exposure, before.bias))
    assert (after.placed, after.unplaced) == pytest.approx((before.placed, before.unplaced))


def test_what_too_little_is_known_for_is_none_with_a_reason() -> None:
    some = _made([(0, 12, 0)], {0: [0, 1, 2, 12, 13]}, TOWN)
    few = replace(some, shares=some.shares[:, ::-1] * (np.arange(24) < 21)[:, None])
    rare = _made([(0, 12, 0)], {0: [0, 1, 2, 12, 13]}, "A" * 12 + "B" * 9)
    cases = [
        (few, connectedness.TOO_FEW_NODES),
        (rare, connectedness.TOO_FEW_NODES),
        (_made([(0, 1, NOBODY)], {}, TOWN), connectedness.NOBODY_THERE),
        (_made([], {}, TOWN), connectedness.NOBODY_THERE),
        (replace(some, shares=some.shares * 0), connectedness.TOO_FEW_NODES),
    ]
    for made, reason in cases:
        found = connect(made, 0)
        assert (found.connectedness, found.exposure, found.bias) == (None, None, None)
        assert found.reason == reason


def test_never_exposed_has_no_bias() -> None:
    found = connect(_made([(0, 1, 0)], {0: [0, 1, 2, 3, 4]}, TOWN), 0)
    assert (found.connectedness, found.exposure, found.bias) == (0, 0, None)
    assert found.reason == connectedness.NEVER_EXPOSED
