"""An intruder with everything released: totals, differences of periods, later reports."""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.reports.disclosure import (
    HIDDEN,
    LEAST_FEASIBLE,
    RULES,
    cells_of,
    is_dominated,
    not_safe,
    protect,
)
from api.reports.sums import Sum, Tally

FUNDER = RULES["funder"]
ROW = (Sum("K1.total", ("K1.made", "K1.declined")),)
Q1 = date(2026, 1, 1), date(2026, 4, 1)
Q2 = date(2026, 4, 1), date(2026, 7, 1)
HALF = date(2026, 1, 1), date(2026, 7, 1)
SMALL = st.integers(0, 24)


def tallied(made, declined):
    counts = {"K1.made": made, "K1.declined": declined, "K1.total": made + declined}
    return Tally(counts, ROW)


def released(found, span, earlier=()):
    """A report as readers hold it, protected with those before it in mind."""
    shown = protect(found, FUNDER, span, earlier)
    return cells_of(found, shown, FUNDER, span)


def test_a_half_year_that_would_give_its_quarters_away_is_withheld():
    first = released(tallied(40, 7), Q1)
    second = released(tallied(40, 7), Q2, (first,))
    # about 15 in the half year would leave only 6 and 7 for each quarter of at most 7
    assert {"1|K1.declined", "2|K1.declined"} <= not_safe(
        (released(tallied(80, 14), HALF), first, second)
    )
    half = released(tallied(80, 14), HALF, (first, second))
    assert not not_safe((half, first, second))
    assert half.known["K1.declined"] == (0, None)


def test_a_half_year_that_tells_nothing_new_is_shown():
    first = released(tallied(40, 1), Q1)
    second = released(tallied(38, 7), Q2, (first,))
    half = released(tallied(78, 8), HALF, (first, second))
    assert half.known["K1.declined"] == (8, 12)


def test_the_same_period_frozen_twice_is_looked_at_together():
    first = released(tallied(40, 5), Q1)
    later = released(tallied(41, 5), Q1, (first,))  # one was logged afterwards
    assert not not_safe((later, first))


@given(st.lists(SMALL, min_size=4, max_size=4))
@settings(max_examples=40, deadline=None)
def test_no_hidden_cell_of_overlapping_releases_has_fewer_than_four_values(values):
    first = tallied(*values[:2])
    second = tallied(*values[2:])
    half = tallied(values[0] + values[2], values[1] + values[3])
    out = [released(first, Q1)]
    out.append(released(second, Q2, out))
    out.append(released(half, HALF, out))
    for at, key in product((0, 1), ("K1.made", "K1.declined")):
        if out[at].exact[key] in range(1, 8):
            assert len(feasible(out, at, key)) >= LEAST_FEASIBLE


def feasible(out, at, key):
    """Every value of one cell that fits the three reports, by trying all of them."""
    ends = [
        {
            k: range(low, (120 if high is None else high) + 1)
            for k, (low, high) in cells.known.items()
        }
        for cells in out
    ]
    name = "K1.declined" if key == "K1.made" else "K1.made"
    found = set()
    for mine, theirs in product(ends[at][key], ends[1 - at][key]):
        if mine + theirs not in ends[2][key] or mine in found:
            continue
        for a, b in product(ends[at][name], ends[1 - at][name]):
            if (
                a + b in ends[2][name]
                and mine + a in ends[at]["K1.total"]
                and theirs + b in ends[1 - at]["K1.total"]
                and mine + theirs + a + b in ends[2]["K1.total"]
            ):
                found.add(mine)
                break
    return found


def test_twelve_quarters_and_their_years_are_safe_together():
    starts = [date(2023 + at // 4, 3 * (at % 4) + 1, 1) for at in range(13)]
    out = []
    for at in range(12):
        out.append(released(tallied(20 + 3 * at, at % 9), (starts[at], starts[at + 1]), out))
    assert not not_safe(out)


def test_answers_that_are_nearly_all_the_same_are_withheld():
    counts = {"K10.yes": 38, "K10.no": 2, "K10.asked": 40}
    row = (Sum("K10.asked", ("K10.yes", "K10.no"), is_of_answers=True),)
    shown = protect(Tally(counts, row), FUNDER)
    assert (shown["K10.yes"].value, shown["K10.no"].value, shown["K10.asked"].value) == (
        None,
        None,
        40,
    )
    plain = protect(Tally({**counts, "K10.yes": 30, "K10.no": 10}, row), FUNDER)
    assert plain["K10.yes"].value == 30


def test_what_adds_up_parts_of_such_a_row_is_withheld_with_them():
    counts = {"K7.90.yes": 0, "K7.90.no": 40, "K7.90.unsaid": 0, "K7.90.due": 40}
    counts |= {"K7.90.at_most": 0}  # as 0 of 40, it would tell that everybody said no
    sums = (
        Sum("K7.90.due", ("K7.90.yes", "K7.90.no", "K7.90.unsaid"), is_of_answers=True),
        Sum("K7.90.at_most", ("K7.90.yes", "K7.90.unsaid")),
    )
    shown = protect(Tally(counts, sums), FUNDER)
    assert shown["K7.90.at_most"].value is None
    assert shown["K7.90.due"].value == 40


@pytest.mark.parametrize(
    ("logs", "told"),
    [
        ((10,) * 10, False),
        ((10,) * 9, True),
        ((91, *(10,) * 9), True),
        ((95, 95, *(10,) * 9), True),
    ],
)
def test_a_median_of_few_people_or_mostly_of_one_is_dominated(logs, told):
    assert is_dominated(logs) is told


def test_a_count_that_is_small_alone_stays_hidden_in_every_release():
    for value in range(1, 8):
        assert protect(tallied(40, value), FUNDER)["K1.declined"].state == HIDDEN
