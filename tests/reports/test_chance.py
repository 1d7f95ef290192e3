"""Chance: what the share across would be if sections were dealt out again."""

from __future__ import annotations

from itertools import combinations

import pytest

from api.reports.chance import chance
from api.reports.facts import Boundary, Introductions, Section
from tests.reports.town import town, uid

A, B = Section(uid(31), "A"), Section(uid(32), "B")
GROUPS = [uid(200 + at) for at in range(8)]
HALVES = Boundary(
    uid(3),
    "Halves",
    "?",
    (A, B),
    {g: frozenset({(A, B)[at % 2].id}) for at, g in enumerate(GROUPS)},
)


def introduced(pairs, count=3):
    return town(introductions=tuple(Introductions(tuple(pair), "made", count) for pair in pairs))


def test_when_everybody_met_everybody_chance_gives_exactly_what_is_seen():
    found = chance(introduced(combinations(GROUPS, 2)), HALVES, seed=1, draws=199)
    assert found.expected == pytest.approx(16 / 28)  # 4 x 4 pairs of 28 lie across
    assert (found.z, found.p) == (None, 1.0)


def test_a_closed_boundary_lies_below_chance():
    closed = [*combinations(GROUPS[::2], 2), *combinations(GROUPS[1::2], 2)]
    found = chance(introduced(closed), HALVES, seed=1, draws=999)
    assert found.z < 0
    assert found.expected > 0.4


def test_the_same_seed_gives_the_same_chance():
    facts = introduced(list(combinations(GROUPS, 2))[::2])
    assert chance(facts, HALVES, 7, 99) == chance(facts, HALVES, 7, 99)
    assert chance(facts, HALVES, 7, 99) != chance(facts, HALVES, 8, 99)


def test_p_is_never_nothing():
    facts = introduced(combinations(GROUPS, 2))
    assert chance(facts, HALVES, seed=1, draws=9).p >= 1 / 10


def test_introductions_within_one_group_stay_within_in_every_draw():
    pairs = [*combinations(GROUPS, 2), GROUPS[:1]]
    found = chance(introduced(pairs), HALVES, seed=1, draws=99)
    assert found.expected == pytest.approx(16 / 29)


def test_too_few_known_introductions_give_a_reason_instead_of_a_number():
    found = chance(introduced([GROUPS[:2]]), HALVES, seed=1)
    assert (found.expected, found.reason) == (None, "too_few_known")


def test_a_section_with_one_known_group_gives_a_reason_instead_of_a_number():
    found = chance(introduced([GROUPS[:2]], count=30), HALVES, seed=1)
    assert (found.expected, found.reason) == (None, "too_few_groups")
