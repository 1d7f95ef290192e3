"""Indicators: shares, intervals, chance and their guards, for readers inside and outside."""

from __future__ import annotations

from dataclasses import replace

import pytest

from api.reports.chance import Chance
from api.reports.chance_ties import chances_of
from api.reports.counts import tally
from api.reports.disclosure import HIDDEN, RULES, Count, protect
from api.reports.facts import Basis, merge_small
from api.reports.figures import against, ratio, wilson
from api.reports.indicators import indicators
from api.reports.material import Material
from api.reports.voice import Voice
from tests.reports.town import NORTH, RIVER, SOUTH, town

CHANCE = Chance(expected=0.5, z=2.44, p=0.012, draws=999)


def made(audience="coordinators", **changes):
    """All figures of the town for one audience, by key."""
    facts, rule = town(**changes), RULES[audience]
    found = tally(facts)
    counts = protect(found, rule)
    chances = {str(boundary.id): CHANCE for boundary in facts.boundaries}
    for boundary in facts.boundaries:
        chances |= chances_of(facts, boundary, 1)
    every = indicators(Material(facts, counts, chances, Voice("en", rule)))
    return {figure.key: figure for indicator in every for figure in indicator.figures}


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    [(7, 10, 0.40, 0.89), (14, 20, 0.48, 0.85), (70, 100, 0.60, 0.78)],
)
def test_wilson_gives_the_published_intervals(part, whole, low, high):
    assert wilson(part, whole) == (pytest.approx(low, abs=0.006), pytest.approx(high, abs=0.006))


def test_there_is_no_percentage_of_fewer_than_twenty():
    assert ratio(Count(10), Count(19)).reason == "below_20"
    assert ratio(Count(10), Count(20)).value == 0.5


def test_there_is_no_percentage_of_a_hidden_count():
    found = ratio(Count(None, HIDDEN), Count(40))
    assert (found.value, found.interval, found.reason) == (None, None, "hidden")


def test_nothing_of_nothing_is_no_percentage():
    assert ratio(Count(0), Count(0)).reason == "none"


def test_logging_coverage_and_follow_up_response_are_shares_of_what_was_due():
    figures = made()
    assert figures["K0.weeks_logged"].share.value == 0.75
    assert figures["K0.follow_ups_answered"].share.value == 0.75


def test_the_median_lag_needs_ten_logs():
    assert made()["K0.lag"].median_hours == 9
    few = made(basis=Basis(logs=9, lag_hours=3.0))["K0.lag"]
    assert (few.median_hours, few.reason) == (None, "too_few_lags")


def test_the_share_across_stands_beside_chance_and_coverage():
    figure = made()[f"K2.{RIVER.id}"]
    assert figure.share.value == pytest.approx(32 / 46, abs=1e-4)
    assert figure.coverage.value == pytest.approx(46 / 49, abs=1e-4)
    assert figure.against.excess == pytest.approx(32 / 46 - 0.5, abs=2e-4)
    assert (figure.against.z, figure.against.p, figure.against.beyond) == (2.44, 0.012, "more")


def test_chance_is_not_shown_without_a_percentage():
    beside = against(ratio(Count(5), Count(9)), CHANCE)
    assert (beside.expected, beside.reason) == (None, "no_percentage")


def test_what_cannot_be_told_from_chance_is_said_so():
    beside = against(ratio(Count(20), Count(40)), Chance(0.4, 1.1, 0.27, 999))
    assert beside.beyond == "as_expected"


def test_readers_outside_get_percentages_of_rounded_counts():
    figure = made("funder")[f"K2.{RIVER.id}"]
    assert (figure.numerator.value, figure.denominator.value) == (30, 45)
    assert figure.share.value == 0.67


def test_readers_outside_get_neither_z_nor_p():
    beside = made("funder")[f"K2.{RIVER.id}"].against
    assert (beside.z, beside.p, beside.beyond) == (None, None, "more")


def test_a_sentence_says_fewer_than_eight_for_a_hidden_count():
    assert (
        "Connectors active in the period: fewer than 8." in made("funder")["K0.connectors"].reading
    )


def test_pairs_both_ways_are_counts_while_there_are_few():
    figure = made()[f"K8.{RIVER.id}.pairs_both"]
    assert (figure.numerator.value, figure.denominator.value, figure.share.value) == (1, 2, None)


def test_a_section_of_under_eight_people_stands_with_another_in_tables_for_outside():
    few = replace(RIVER, sections=(replace(NORTH, population=7), replace(SOUTH, population=90)))
    (boundary,) = merge_small(town(boundaries=(few,))).boundaries
    assert boundary.merged == {NORTH.id, SOUTH.id}
    assert boundary.ends() == ("other",)
    many = replace(RIVER, sections=(replace(NORTH, population=8), SOUTH))
    assert not merge_small(town(boundaries=(many,))).boundaries[0].merged
