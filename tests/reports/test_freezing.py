"""Freezing over HTTP: figures from the data, bytes that stay, orders that cannot be met."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from uuid import uuid4

import pytest

from tests.reports.conftest import PERIOD, introduction


def figures(report):
    """All figures of a report by key."""
    return {
        figure["key"]: figure
        for indicator in report["indicators"]
        for figure in indicator["figures"]
    }


def values(report, *keys):
    """The numerator and denominator of figures."""
    found = figures(report)
    return [(found[key]["numerator"]["value"], found[key]["denominator"]["value"]) for key in keys]


def test_a_report_counts_what_was_logged_in_its_period(place, freeze):
    report = freeze(place)
    river = place.ids["river"]
    assert values(report, "K1.made", "K1.declined", f"K2.{river}") == [(36, 38), (2, 38), (12, 36)]


def test_the_crossing_share_stands_beside_chance(place, freeze):
    figure = figures(freeze(place))[f"K2.{place.ids['river']}"]
    assert figure["share"]["value"] == pytest.approx(12 / 36, abs=1e-4)
    assert 0.4 < figure["against"]["expected"] < 0.7
    assert figure["against"]["excess"] < 0
    assert figure["against"]["draws"] == 9999


def test_flows_are_counted_both_ways(place, freeze):
    river = f"K8.{place.ids['river']}"
    report = freeze(place)
    assert values(report, f"{river}.across", f"{river}.pairs_both") == [(4, 4), (1, 2)]


def test_the_basis_counts_weeks_with_a_log_or_an_explicit_nothing(place, freeze):
    # active from the week of the earliest log, the day before the period; the quiet week counts
    weeks, follow_ups = values(freeze(place), "K0.weeks_logged", "K0.follow_ups_answered")
    assert weeks == (3, 4)
    assert follow_ups == (1, 4)


def test_a_removed_introduction_is_not_counted(place, freeze, visit):
    listed = visit("GET", place, "/introductions?limit=500", "coordinator").json["items"]
    one = next(item for item in listed if item["id"] == str(place.ids["i0"]))
    visit(
        "DELETE",
        place,
        f"/introductions/{one['id']}",
        "coordinator",
        headers={"If-Match": f'"{one["version"]}"'},
    )
    assert values(freeze(place), "K1.made") == [(35, 37)]


def test_nobodys_notebook_is_counted(place, freeze, write):
    notebook = f"own:{place.members['connector']}"
    write(place, "connector", [introduction(place.ids, "n0", "s0", audience=notebook)])
    assert values(freeze(place), "K1.made") == [(36, 38)]


def test_a_frozen_report_reads_the_same_after_edits(place, freeze, write, visit):
    report = freeze(place)
    before = visit("GET", place, f"/reports/{report['id']}", "coordinator")
    write(place, "connector", [introduction(place.ids, "n0", "s0")])
    after = visit("GET", place, f"/reports/{report['id']}", "coordinator")
    assert before.data == after.data
    assert values(freeze(place), "K1.made") == [(37, 39)]


def test_the_etag_is_the_digest_of_the_bytes(place, freeze, visit):
    path = f"/reports/{freeze(place)['id']}"
    found = visit("GET", place, path, "coordinator")
    assert found.headers["ETag"] == f'"{sha256(found.data).hexdigest()}"'
    again = visit(
        "GET", place, path, "coordinator", headers={"If-None-Match": found.headers["ETag"]}
    )
    assert (again.status_code, again.data) == (304, b"")


def test_two_freezes_of_the_same_data_have_the_same_figures(place, freeze):
    first, second = freeze(place), freeze(place)
    assert first["id"] != second["id"]
    assert first["indicators"] == second["indicators"]


def test_the_answer_to_freezing_says_where_the_report_is(place, visit):
    made = visit("POST", place, "/reports", "admin", json={"period": PERIOD})
    assert made.headers["Location"].endswith(f"/reports/{made.json['id']}")
    assert visit("GET", place, f"/reports/{made.json['id']}", "admin").data == made.data


def test_only_the_boundaries_asked_for_are_reported(place, freeze):
    report = freeze(place, boundaries=[str(place.ids["river"])])
    assert [boundary["name"] for boundary in report["boundaries"]] == ["River"]


def test_a_report_for_funders_holds_no_exact_small_count(place, freeze):
    report = freeze(place, audience="funder")
    assert not [count for count in counts_in(report) if count["value"] in range(1, 8)]
    assert {count["state"] for count in counts_in(report)} <= {"rounded", "hidden", "withheld"}


def test_a_report_for_coordinators_holds_exact_counts(place, freeze):
    assert {count["state"] for count in counts_in(freeze(place))} == {"exact"}


def counts_in(value):
    """Every count anywhere in a report."""
    if isinstance(value, list):
        return [count for inner in value for count in counts_in(inner)]
    if not isinstance(value, dict):
        return []
    if {"value", "state", "text"} == set(value):
        return [value]
    return [count for inner in value.values() for count in counts_in(inner)]


def day(offset):
    return str(datetime.now(UTC).date() + timedelta(days=offset))


@pytest.mark.parametrize(
    ("order", "path", "word"),
    [
        ({"period": {"from": "2025-02-03", "to": "2025-01-06"}}, "period.to", "turned round"),
        ({"period": {"from": "2025-02-03", "to": "2025-02-03"}}, "period.to", "empty"),
        ({"period": {"from": "2025-02-03", "to": day(2)}}, "period.to", "future"),
        ({"period": {"from": "2019-02-02", "to": "2024-02-03"}}, "period.from", "5 years"),
        ({"period": {"from": "2025-02-30", "to": "2025-03-03"}}, "period.from", "day"),
        ({"period": {"from": "2025-01-06"}}, "period.to", "Missing"),
        ({}, "period", "Missing"),
        ({"period": PERIOD, "boundaries": [str(uuid4())]}, "boundaries.0", "no such boundary"),
        ({"period": PERIOD, "boundaries": []}, "boundaries", "Length"),
        ({"period": PERIOD, "boundaries": ["river"]}, "boundaries.0", "UUID"),
        ({"period": PERIOD, "language": "tlh"}, "language", "en"),
        ({"period": PERIOD, "template": "impact-0"}, "template", "impact-1"),
        ({"period": PERIOD, "audience": "press"}, "audience", "funder"),
        ({"period": PERIOD, "threshold": 1}, "threshold", "Unknown"),
    ],
)
def test_an_order_that_cannot_be_met_is_refused_by_field(place, visit, order, path, word):
    found = visit("POST", place, "/reports", "coordinator", json=order)
    assert found.status_code == 422
    assert found.json["code"] == "validation_failed"
    assert word in " ".join(found.json["fields"][path])


def test_a_refused_order_leaves_nothing_behind(place, visit):
    order = {"period": PERIOD, "boundaries": [str(uuid4())]}
    visit("POST", place, "/reports", "coordinator", json=order)
    assert visit("GET", place, "/reports", "coordinator").json["items"] == []


def test_the_period_may_end_today(place, visit):
    order = {"period": {"from": day(-5), "to": day(1)}}
    assert visit("POST", place, "/reports", "coordinator", json=order).status_code == 201


def test_an_empty_period_of_an_empty_network_gives_reasons_instead_of_numbers(place, freeze):
    report = freeze(place, period={"from": "2024-01-01", "to": "2024-02-01"})
    figure = figures(report)[f"K2.{place.ids['river']}"]
    assert (figure["share"]["value"], figure["share"]["reason"]) == (None, "none")
