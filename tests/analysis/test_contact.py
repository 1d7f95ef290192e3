"""Contact and giving: what a layer's figures rest on, against the long way round."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from api.analysis.measures import mixing
from api.analysis.measures.arcs import gather
from api.analysis.measures.contact import measure_meetings
from api.analysis.measures.giving import measure_flows
from api.analysis.measures.intervals import interval
from api.analysis.measures.meetings import Attendance, masses, masses_without
from api.analysis.measures.nulls import Ask
from api.analysis.measures.rewiring import rewire_share
from api.analysis.measures.ties import Known

ASK = Ask("N4", 99, 1)


def _came(seed: int, groups: int = 60, meetings: int = 40, rows: int = 300) -> Attendance:
    rng = np.random.default_rng(seed)
    shares = np.eye(3)[rng.integers(0, 3, groups)]
    shares[::5] = rng.dirichlet(np.ones(3), len(shares[::5]))
    shares[3::7] = 0
    meeting, group = rng.integers(0, meetings, rows), rng.integers(0, groups, rows)
    return Attendance(meetings, meeting, group, rng.integers(1, 6, rows), shares)


def test_leaving_a_group_out_is_what_its_meetings_would_have_been_without_it() -> None:
    came = _came(1)
    across, known = masses_without(came)
    for group in range(60):
        stay = came.group != group
        rest = replace(
            came, meeting=came.meeting[stay], group=came.group[stay], heads=came.heads[stay]
        )
        expected = [part.sum() for part in masses(rest)]
        assert [across[group], known[group]] == pytest.approx(expected)


def test_heads_stand_for_as_many_rows() -> None:
    shares = np.array([[1, 0], [0, 1], [0.5, 0.5]])
    heads = np.array([3.0, 2, 4])
    long = shares.repeat(heads.astype(int), axis=0)
    assert mixing.expected_share(shares, heads) == pytest.approx(mixing.expected_share(long))
    assert mixing.finite_baseline(shares, heads) == pytest.approx(mixing.finite_baseline(long))


def test_the_interval_of_contact_is_there_from_fifty_groups_on() -> None:
    many, _ = measure_meetings(_came(2, groups=90, rows=600), ASK)
    assert many.share is not None
    assert many.interval
    assert many.interval.low < many.share < many.interval.high
    few, _ = measure_meetings(_came(2, groups=30), ASK)
    assert few.interval is None
    assert "interval" in few.reasons


def test_the_share_of_arcs_that_cross_is_centred_where_targets_are_chance() -> None:
    rng, high = np.random.default_rng(5), 0
    for seed in range(40):
        giver, taker = rng.integers(0, 14, (2, 50))
        arcs = gather(14, giver, taker, np.ones(50))
        chance = rewire_share(arcs, np.eye(2)[rng.integers(0, 2, 14)], Ask("N6", 99, seed))
        high += chance.p < 0.05
    assert high <= 6


def test_giving_that_keeps_to_its_side_is_found() -> None:
    shares = np.eye(2)[np.arange(12) // 6]
    inside = [(i, j) for i in range(12) for j in range(12) if i != j and i // 6 == j // 6]
    giver, taker = np.array([*inside, (0, 6), (7, 1)]).T
    arcs = gather(12, giver, taker, np.ones(len(giver)))
    found = measure_flows(arcs, shares, np.arange(12), Ask("N6", 199, 1))
    assert found.chance
    assert found.chance.p <= 0.02
    assert found.chance.expected > 5 * found.chance.observed
    assert found.matrix.tolist() == [[30, 1], [1, 30]]


def test_directions_have_an_interval_of_their_own() -> None:
    shares = np.eye(2)[np.arange(10) % 2]
    both = Known(np.arange(10), (np.arange(10) + 1) % 10, shares, 10)
    there = replace(both, a=np.r_[both.a, both.b], b=np.r_[both.b, both.a + 3 * (both.a % 2)])
    there = replace(there, b=there.b % 10, total=20)
    found = interval(there, 1, is_directed=True)
    other = interval(there, 1)
    assert found
    assert other
    assert found.error != other.error
    assert 0 <= found.low < found.high <= 1
