"""Disclosure: small counts are hidden, others rounded, and none can be worked out again."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.reports.counts import tally
from api.reports.disclosure import (
    HIDDEN,
    LEAST_FEASIBLE,
    RULES,
    Count,
    Rule,
    bounds,
    protect,
)
from api.reports.sums import Sum, Tally
from tests.reports.town import town

FUNDER, PUBLIC = RULES["funder"], RULES["public"]
ROW = (Sum("total", ("a", "b", "c")),)
FACES = (Sum("total", ("a", "b")), Sum("total", ("c", "d")))  # one total, taken apart twice
SMALL = st.integers(0, 24)


def row(a, b, c):
    return {"a": a, "b": b, "c": c, "total": a + b + c}


@pytest.mark.parametrize("value", range(1, 8))
def test_one_to_seven_are_hidden_from_a_funder(value):
    assert protect(Tally({"a": value}, ()), FUNDER)["a"] == Count(None, HIDDEN)


def test_nothing_is_shown_as_nothing():
    assert protect(Tally({"a": 0}, ()), FUNDER)["a"].value == 0


@pytest.mark.parametrize(("value", "seen"), [(8, 10), (12, 10), (13, 15), (17, 15), (18, 20)])
def test_eight_and_over_are_rounded_to_five_for_a_funder(value, seen):
    assert protect(Tally({"a": value}, ()), FUNDER)["a"].value == seen


@pytest.mark.parametrize(("value", "seen"), [(9, None), (10, 10), (14, 10), (15, 20), (24, 20)])
def test_the_public_sees_tens_from_ten_on(value, seen):
    assert protect(Tally({"a": value}, ()), PUBLIC)["a"].value == seen


def test_inside_the_network_counts_stay_exact():
    assert protect(Tally(row(3, 0, 9), ROW), RULES["coordinators"])["a"] == Count(3)


@pytest.mark.parametrize(
    ("other", "both"), [(None, (8, 5)), (Rule(12, 10), (12, 10)), (Rule(6, 6), (8, 6))]
)
def test_of_two_rules_the_stricter_numbers_hold(other, both):
    assert FUNDER.at_least(other) == Rule(*both)


def test_a_total_that_gives_a_hidden_count_away_is_withheld():
    shown = protect(Tally(row(1, 8, 8), ROW), FUNDER)  # *, 10, 10 | 15: only 1 fits
    assert shown["total"].value is None
    assert shown["a"].state == HIDDEN


def test_a_total_that_leaves_enough_room_stays():
    assert protect(Tally(row(4, 30, 50), ROW), FUNDER)["total"].value == 85


def test_a_total_is_withheld_when_the_same_one_can_be_added_up_elsewhere():
    counts = {"a": 1, "b": 11, "c": 12, "d": 0, "total": 12}
    shown = protect(Tally(counts, FACES), FUNDER)
    assert len(possible(counts, shown, FACES, FUNDER)["a"]) >= LEAST_FEASIBLE


@given(st.lists(SMALL, min_size=3, max_size=3), st.sampled_from([FUNDER, PUBLIC]))
@settings(max_examples=60, deadline=None)
def test_no_hidden_part_of_a_row_can_be_worked_out(values, rule):
    counts = row(*values)
    require_room(counts, protect(Tally(counts, ROW), rule), ROW, rule)


@given(SMALL, SMALL, SMALL)
@settings(max_examples=60, deadline=None)
def test_no_hidden_part_of_a_total_taken_apart_twice_can_be_worked_out(a, b, c):
    total = a + b
    counts = {"a": a, "b": b, "c": min(c, total), "d": total - min(c, total), "total": total}
    require_room(counts, protect(Tally(counts, FACES), FUNDER), FACES, FUNDER)


@given(st.lists(SMALL, min_size=1, max_size=6))
@settings(max_examples=100, deadline=None)
def test_what_is_shown_is_never_a_small_count_and_always_rounded(values):
    counts = {f"k{at}": value for at, value in enumerate(values)}
    for count in protect(Tally(counts, ()), FUNDER).values():
        assert count.value is None or count.value == 0 or count.value >= FUNDER.threshold
        assert count.value is None or count.value % FUNDER.base == 0


@given(SMALL)
def test_a_shown_count_is_within_the_bounds_a_reader_is_told(value):
    low, high = bounds(protect(Tally({"a": value}, ()), FUNDER)["a"], FUNDER)
    assert low <= value <= (value if high is None else high)


def test_a_whole_report_shows_no_small_count():
    found = tally(town())
    shown = protect(found, FUNDER)
    assert not [key for key, count in shown.items() if count.value in range(1, 8)]


def require_room(counts, shown, sums, rule):
    """Fail unless every count from 1 to the threshold could have four values or more."""
    for key, found in possible(counts, shown, sums, rule).items():
        if 0 < counts[key] < rule.threshold:
            assert len(found) >= LEAST_FEASIBLE, (key, counts, shown)


def possible(counts, shown, sums, rule):
    """Every value of every count that fits what is shown, by trying all of them.

    A withheld count can be anything up to 60, more than any total here.
    """
    ends = {key: bounds(count, rule) for key, count in shown.items()}
    ranges = {
        key: range(low, (60 if high is None else high) + 1) for key, (low, high) in ends.items()
    }
    found = {key: set() for key in counts}
    for total in ranges["total"]:
        ways = [list(taken_apart(total, sum_.parts, ranges)) for sum_ in sums]
        if all(ways):
            found["total"].add(total)
            for sum_, guesses in zip(sums, ways, strict=True):
                for key, values in zip(sum_.parts, zip(*guesses, strict=True), strict=True):
                    found[key].update(values)
    return found


def taken_apart(total, parts, ranges):
    """All ways in which the parts can add up to the total."""
    *first, last = parts
    for values in product(*(ranges[key] for key in first)):
        if (rest := total - sum(values)) in ranges[last]:
            yield (*values, rest)
