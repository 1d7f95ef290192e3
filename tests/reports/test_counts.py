"""Counting: each number on hand-worked cases, and the sums that hold between them."""

from __future__ import annotations

import re

from api.reports.counts import tally
from api.reports.sums import side
from tests.reports.town import CHOIR, GARDEN, LIBRARY, MOSQUE, NORTH, RIVER, SOUTH, STALL, town

K2, K8 = f"K2.{RIVER.id}", f"K8.{RIVER.id}"


def test_an_introduction_crosses_when_two_of_its_groups_share_no_section():
    assert side((CHOIR, MOSQUE), RIVER.declared) == "across"
    assert side((CHOIR, LIBRARY), RIVER.declared) == "within"
    assert side((CHOIR, LIBRARY, MOSQUE), RIVER.declared) == "across"


def test_groups_that_share_one_of_several_sections_do_not_cross():
    assert side((CHOIR, GARDEN), RIVER.declared) == "within"


def test_a_group_without_a_section_or_a_party_without_a_group_is_unknown():
    assert side((CHOIR, STALL), RIVER.declared) == "unknown"
    assert side((CHOIR, None), RIVER.declared) == "unknown"
    assert side((CHOIR, MOSQUE, None), RIVER.declared) == "unknown"


def test_introductions_are_counted_by_status():
    counts = tally(town()).counts
    assert (counts["K1.made"], counts["K1.declined"], counts["K1.offered"]) == (49, 5, 0)
    assert counts["K1.total"] == 54


def test_only_introductions_made_are_counted_as_crossing():
    counts = tally(town()).counts
    assert [counts[f"{K2}.{name}"] for name in ("across", "within", "unknown", "known")] == [
        32,
        14,
        3,
        46,
    ]


def test_flows_are_counted_in_the_period_by_kind_and_side():
    counts = tally(town()).counts
    assert (counts["K8.delivered"], counts["K8.promised"], counts["K8.goods"]) == (10, 6, 8)
    assert (counts[f"{K8}.goods.across"], counts[f"{K8}.goods.within"]) == (3, 1)
    assert (counts[f"{K8}.goods.unknown"], counts[f"{K8}.skill.across"]) == (4, 2)


def test_directions_tell_giver_from_taker_and_groups_of_several_sections_apart():
    counts = tally(town()).counts
    assert counts[f"{K8}.{NORTH.id}>{SOUTH.id}"] == 3
    assert counts[f"{K8}.{SOUTH.id}>{NORTH.id}"] == 2
    assert counts[f"{K8}.several>{SOUTH.id}"] == 1


def test_pairs_both_ways_look_at_the_whole_year():
    counts = tally(town()).counts
    assert (counts[f"{K8}.pairs_both"], counts[f"{K8}.pairs_any"]) == (1, 2)


def test_every_stated_sum_holds():
    found = tally(town())
    for sum_ in found.sums:
        assert found.counts[sum_.total] == sum(found.counts[part] for part in sum_.parts)


def test_every_count_that_adds_up_with_another_is_in_a_stated_sum():
    found = tally(town())
    linked = {key for sum_ in found.sums for key in (sum_.total, *sum_.parts)}
    alone = re.compile(r"K0\.(connectors|weeks_\w+|logs)$|K(12|13|14|15|17)\.recorded$")
    assert {key for key in found.counts if not alone.match(key)} == linked
