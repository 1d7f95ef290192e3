"""Over HTTP, as a funder: nothing released, asked for or filtered gives a small count away."""

from __future__ import annotations

import pytest

from tests.reports.conftest import PERIOD, introduction

WEEKS = [
    {"from": "2025-01-06", "to": "2025-01-20"},
    {"from": "2025-01-20", "to": "2025-02-03"},
]


def figure(report, key):
    (found,) = (f for i in report["indicators"] for f in i["figures"] if f["key"] == key)
    return found


def log(place, day, status, times):
    pairs = [("n0", "s0"), ("n1", "s1"), ("n2", "s2"), ("n3", "s3")]
    made_at = f"2025-01-{day}T12:00:00Z"
    place.write(
        "connector",
        *(
            introduction(place.ids, *pairs[at % 4], made_at=made_at, status=status)
            for at in range(times)
        ),
    )


def read(place, report):
    return place.visit("GET", f"reports/{report}", "funder").json


def test_the_whole_period_does_not_give_its_halves_away(place):
    log(place, "09", "declined", 5)  # with the two there are: 7 in the first two weeks
    log(place, "22", "declined", 7)
    halves = [read(place, place.release(period=weeks)) for weeks in WEEKS]
    assert [figure(half, "K1.declined")["numerator"]["state"] for half in halves] == ["hidden"] * 2
    whole = read(place, place.release(period=PERIOD))
    # 14 would be shown as about 15, which leaves 6 or 7 for each half
    assert figure(whole, "K1.declined")["numerator"] == {
        "value": None,
        "state": "withheld",
        "text": "not shown",
    }


def test_a_report_frozen_before_another_was_released_is_checked_again(place):
    log(place, "09", "declined", 5)
    log(place, "22", "declined", 7)
    whole = place.freeze(audience="funder", period=PERIOD)["id"]
    for weeks in WEEKS:
        place.release(period=weeks)
    place.visit("POST", f"reports/{whole}/share", "coordinator")
    found = place.visit("POST", f"reports/{whole}/release", "coordinator")
    assert (found.status_code, found.json["code"]) == (409, "not_safe_outside")
    assert "K1.declined" in found.json["detail"]
    assert place.visit("GET", f"reports/{whole}", "funder").status_code == 404


def test_what_was_withdrawn_still_counts_as_read(place):
    log(place, "09", "declined", 5)
    log(place, "22", "declined", 7)
    for weeks in WEEKS:
        half = place.release(period=weeks)
        because = {"because": "Counted twice."}
        place.visit("POST", f"reports/{half}/withdraw", "coordinator", json=because)
    whole = place.freeze(audience="funder", period=PERIOD)
    assert figure(whole, "K1.declined")["numerator"]["state"] == "withheld"


@pytest.mark.parametrize(
    "path",
    [
        "introductions",
        "introductions?status=declined",
        "follow-ups",
        "flows",
        "analysis/crossing",
        "reports?audience=coordinators",
    ],
)
def test_a_funder_has_no_way_to_live_counts(place, path):
    found = place.visit("GET", path, "funder")
    assert found.status_code in (403, 404, 422) or found.json["items"] == []


def test_a_report_can_take_the_place_of_another(place):
    old = place.release()
    new = place.freeze(audience="funder", supersedes=old)
    assert new["supersedes"] == old
    about = place.visit("GET", f"reports/{new['id']}/about", "coordinator").json
    assert about["supersedes"] == old


def test_a_report_takes_the_place_of_none_that_is_not_there(place, other_network):
    report = place.freeze()["id"]
    order = {"period": PERIOD, "supersedes": report}
    found = other_network.coordinator.post("reports", order)
    assert (found.status_code, list(found.json["fields"])) == (422, ["supersedes"])


def test_what_depends_on_one_of_fewer_than_three_connectors_is_not_told_outside(place):
    inside = figure(place.freeze(), "K11.one")
    assert inside["denominator"]["value"] > 0
    outside = figure(place.freeze(audience="funder"), "K11.one")
    assert (outside["denominator"]["state"], outside["reason"]) == (
        "withheld",
        "too_few_connectors",
    )
