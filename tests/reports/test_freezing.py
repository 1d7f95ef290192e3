"""Freezing over HTTP: figures from the data, bytes that stay, orders that cannot be met."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
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


def test_a_report_counts_what_was_logged_in_its_period(place):
    report = place.freeze()
    river = place.ids["river"]
    assert values(report, "K1.made", "K1.declined", f"K2.{river}") == [(36, 38), (2, 38), (12, 36)]


def test_the_crossing_share_stands_beside_chance(place):
    figure = figures(place.freeze())[f"K2.{place.ids['river']}"]
    assert figure["share"]["value"] == pytest.approx(12 / 36, abs=1e-4)
    assert 0.4 < figure["against"]["expected"] < 0.7
    assert figure["against"]["excess"] < 0
    assert figure["against"]["draws"] == 9999


def test_flows_are_counted_both_ways(place):
    river = f"K8.{place.ids['river']}"
    report = place.freeze()
    assert values(report, f"{river}.across", f"{river}.pairs_both") == [(4, 4), (1, 2)]


def test_the_basis_counts_weeks_with_a_log_or_an_explicit_nothing(place):
    # active from the week of the earliest log, the day before the period; the quiet week counts
    weeks, follow_ups = values(place.freeze(), "K0.weeks_logged", "K0.follow_ups_answered")
    assert weeks == (3, 4)
    assert follow_ups == (1, 4)


def test_a_removed_introduction_is_not_counted(place):
    listed = place.visit("GET", "introductions?limit=500", "coordinator").json["items"]
    one = next(item for item in listed if item["id"] == str(place.ids["i0"]))
    place.visit(
        "DELETE",
        f"introductions/{one['id']}",
        "coordinator",
        headers={"If-Match": f'"{one["version"]}"'},
    )
    assert values(place.freeze(), "K1.made") == [(35, 37)]


def test_nobodys_notebook_is_counted(place):
    notebook = place.network.connector.notebook
    place.write("connector", introduction(place.ids, "n0", "s0", audience=notebook))
    assert values(place.freeze(), "K1.made") == [(36, 38)]


def test_a_removed_boundary_is_reported_on_no_more(place):
    other = place.network.coordinator.make("boundaries", {"name": "Tenure"})
    path = f"boundaries/{other['id']}"
    place.network.coordinator.delete(path, If_Match=f'"{other["version"]}"')
    assert [boundary["name"] for boundary in place.freeze()["boundaries"]] == ["River"]
    order = {"period": PERIOD, "boundaries": [other["id"]]}
    assert place.visit("POST", "reports", "admin", json=order).status_code == 422


def test_another_networks_boundary_cannot_be_reported_on(place, other_network):
    order = {"period": PERIOD, "boundaries": [str(place.ids["river"])]}
    found = other_network.coordinator.post("reports", order)
    assert list(found.json["fields"]) == ["boundaries.0"]


def test_a_frozen_report_reads_the_same_after_edits(place):
    report = place.freeze()
    before = place.visit("GET", f"reports/{report['id']}", "coordinator")
    place.write("connector", introduction(place.ids, "n0", "s0"))
    after = place.visit("GET", f"reports/{report['id']}", "coordinator")
    assert before.data == after.data
    assert values(place.freeze(), "K1.made") == [(37, 39)]


def test_the_etag_is_the_digest_of_the_bytes(place):
    path = f"reports/{place.freeze()['id']}"
    found = place.visit("GET", path, "coordinator")
    assert found.headers["ETag"] == f'"{sha256(found.data).hexdigest()}"'
    again = place.visit(
        "GET", path, "coordinator", headers={"If-None-Match": found.headers["ETag"]}
    )
    assert (again.status_code, again.data) == (304, b"")


def test_two_freezes_of_the_same_data_have_the_same_figures(place):
    first, second = place.freeze(), place.freeze()
    assert first["id"] != second["id"]
    assert first["indicators"] == second["indicators"]


def test_the_answer_to_freezing_says_where_the_report_is(place):
    made = place.visit("POST", "reports", "admin", json={"period": PERIOD})
    assert made.headers["Location"].endswith(f"reports/{made.json['id']}")
    assert place.visit("GET", f"reports/{made.json['id']}", "admin").data == made.data


def test_only_the_boundaries_asked_for_are_reported(place):
    report = place.freeze(boundaries=[str(place.ids["river"])])
    assert [boundary["name"] for boundary in report["boundaries"]] == ["River"]


def test_a_report_for_funders_holds_no_exact_small_count(place):
    report = place.freeze(audience="funder")
    assert not [count for count in counts_in(report) if count["value"] in range(1, 8)]
    assert {count["state"] for count in counts_in(report)} <= {"rounded", "hidden", "withheld"}


def test_a_report_for_coordinators_holds_exact_counts(place):
    assert {count["state"] for count in counts_in(place.freeze())} == {"exact"}


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
def test_an_order_that_cannot_be_met_is_refused_by_field(place, order, path, word):
    found = place.visit("POST", "reports", "coordinator", json=order)
    assert found.status_code == 422
    assert found.json["code"] == "validation_failed"
    assert word in " ".join(found.json["fields"][path])


@pytest.mark.parametrize("role", ["connector", "funder"])
def test_who_may_freeze_nothing_does_not_hear_what_is_wrong_with_it(place, role):
    order = {"period": PERIOD, "boundaries": [str(uuid4())]}
    found = place.visit("POST", "reports", role, json=order)
    assert (found.status_code, found.json["code"]) == (403, "out_of_scope")


def test_a_period_may_begin_a_year_before_anything_was_logged_and_no_earlier(place):
    order = {"period": {"from": "2024-01-04", "to": "2025-02-03"}}
    found = place.visit("POST", "reports", "coordinator", json=order)
    assert found.json["fields"] == {
        "period.from": ["The network began on 2025-01-05: begin on 2024-01-05 or later."]
    }
    place.freeze(period={"from": "2024-01-05", "to": "2025-02-03"})


def test_two_freezes_at_once_are_two_reports_of_the_same_figures(place):
    with ThreadPoolExecutor(2) as both:
        first, second = both.map(lambda _: place.freeze(audience="funder"), range(2))
    assert first["id"] != second["id"]
    assert first["indicators"] == second["indicators"]


def test_a_refused_order_leaves_nothing_behind(place):
    order = {"period": PERIOD, "boundaries": [str(uuid4())]}
    place.visit("POST", "reports", "coordinator", json=order)
    assert place.visit("GET", "reports", "coordinator").json["items"] == []


def test_the_period_may_end_today(place):
    order = {"period": {"from": day(-5), "to": day(1)}}
    assert place.visit("POST", "reports", "coordinator", json=order).status_code == 201


def test_an_empty_period_of_an_empty_network_gives_reasons_instead_of_numbers(place):
    report = place.freeze(period={"from": "2024-02-01", "to": "2024-03-01"})
    figure = figures(report)[f"K2.{place.ids['river']}"]
    assert (figure["share"]["value"], figure["share"]["reason"]) == (None, "none")


def test_a_group_that_lost_a_section_is_unknown(place):
    half = f"UPDATE grp_section SET share = 0.5 WHERE grp_id = '{place.ids['n0']}'"
    with place.network.database.transaction(place.network.id) as cx:
        cx.exec_driver_sql(half)
    figure = figures(place.freeze())[f"K2.{place.ids['river']}"]
    assert (figure["coverage"]["numerator"]["value"], figure["numerator"]["value"]) == (27, 9)
