"""Brokers: what introductions crossed, by whom, and how much of it hangs on few."""

from __future__ import annotations

from itertools import combinations, permutations
from math import sqrt
from typing import TYPE_CHECKING

import numpy as np
import pytest

from api.analysis.measures.brokers import (
    Brought,
    concentrate,
    hold_realised,
    interval,
    realise,
)
from api.analysis.measures.nulls import Ask
from api.analysis.measures.ties import fold_numbered

from .graphs import shares_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.analysis.measures.ties import Floats


def brought(*made: tuple[int, Sequence[int]], holders: int = 2) -> Brought:
    """Introductions as (holder, groups)."""
    rows = [(number, group) for number, (_, groups) in enumerate(made) for group in groups]
    holder = np.array([each for each, _ in made])
    batches = fold_numbered(*np.array(rows, dtype=np.int64).T)
    return Brought([b for _, b in batches], [holder[numbers] for numbers, _ in batches], holders)


def crosses(shares: Floats, groups: Sequence[int]) -> bool:
    return any(not (shares[i] * shares[j]).any() for i, j in combinations(groups, 2))


MADE = (
    *((0, (0, 1)), (0, (0, 3)), (0, (0, 3)), (0, (0, 1, 3))),
    *((1, (3, 4)), (1, (2, 3)), (1, (0, 5)), (1, (1, 1))),
)
SIDES = ["A", "A", "A", "B", "B", None]


def test_introductions_are_counted_by_whoever_made_them() -> None:
    found = realise(brought(*MADE), shares_of(SIDES))
    assert found.total.tolist() == [4, 4, 8]
    assert found.known.tolist() == [4, 3, 7], "0 and 5: nobody knows on which side 5 is"
    assert found.crossing.tolist() == [3, 1, 4]
    assert found.share == pytest.approx(4 / 7)


def test_groups_that_share_a_section_do_not_cross() -> None:
    shares = np.array([[1, 0], [0.5, 0.5], [0, 1]])
    found = realise(brought((0, (0, 1)), (0, (1, 2)), (1, (0, 2))), shares)
    assert found.crossing.tolist() == [0, 1, 1]


def test_chance_is_every_way_of_dealing_the_sides_out() -> None:
    shares, ways = shares_of(SIDES), brought(*MADE)
    found = hold_realised(ways, shares, Ask("N1"))
    assert found
    assert (found.is_exact, found.draws) == (True, 10)
    known = [(holder, groups) for holder, groups in MADE if 5 not in groups]
    told = []
    for order in permutations(range(5)):
        dealt = shares[list(order)]
        each = [sum(crosses(dealt, g) for h, g in known if h == who) for who in (0, 1)]
        told.append([*each, sum(each)])
    assert found.observed.tolist() == [3, 1, 4]
    assert found.expected == pytest.approx(np.mean(told, axis=0))
    assert found.spread == pytest.approx(np.std(told, axis=0))


def test_a_share_is_held_against_chance_as_a_part() -> None:
    found = hold_realised(brought(*MADE), shares_of(SIDES), Ask("N1"))
    assert found
    whole, part = found.at(-1), found.at(-1).over(7)
    assert (part.observed, part.expected) == pytest.approx((4 / 7, whole.expected / 7))
    assert (part.z, part.p) == pytest.approx((whole.z, whole.p))


def test_numbers_of_groups_mean_nothing() -> None:
    at = np.random.default_rng(2).permutation(6)
    moved = brought(*((holder, [at[g] for g in groups]) for holder, groups in MADE))
    shares, there = shares_of(SIDES), shares_of(SIDES)
    there[at] = shares
    assert (
        realise(moved, there).crossing.tolist() == realise(brought(*MADE), shares).crossing.tolist()
    )


def test_nothing_known_is_held_against_nothing() -> None:
    assert hold_realised(brought((0, (0, 1))), np.zeros((2, 2)), Ask()) is None
    assert realise(brought((0, (0, 1))), np.zeros((2, 0))).share is None


def test_two_who_share_evenly_are_two_and_one_who_has_all_is_one() -> None:
    even, alone, uneven = (concentrate(np.array(each)) for each in ([4, 0, 4], [5], [5, 2]))
    assert (even.brokers, even.hhi, even.effective, even.top) == (2, 0.5, 2, 0.5)
    assert (alone.hhi, alone.effective, alone.top) == (1, 1, 1)
    assert uneven.effective == pytest.approx(49 / 29)
    assert concentrate(np.array([0, 0])).hhi is None


def test_the_interval_leaves_out_each_connector_in_turn() -> None:
    rng, shares = np.random.default_rng(3), shares_of("AAABBB")
    made = [(int(rng.integers(12)), rng.choice(6, 2, replace=False).tolist()) for _ in range(60)]
    found = realise(brought(*made, holders=13), shares)
    told = interval(found)
    assert told
    left = []
    for who in {holder for holder, _ in made}:
        rest = [crosses(shares, groups) for holder, groups in made if holder != who]
        left.append(np.mean(rest))
    m = len(left)
    assert told.error == pytest.approx(sqrt((m - 1) / m * ((left - np.mean(left)) ** 2).sum()))
    assert told.low < found.share < told.high


def test_few_connectors_have_no_interval() -> None:
    made = [(holder % 9, (0, 3)) for holder in range(40)]
    assert interval(realise(brought(*made, holders=9), shares_of(SIDES))) is None
    made = [(holder, (0, 3)) for holder in range(19)]
    assert interval(realise(brought(*made, holders=19), shares_of(SIDES))) is None
