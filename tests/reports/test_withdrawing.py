"""A withdrawn report is taken back from everybody outside, and leaves a trace."""

from __future__ import annotations

import pytest

BECAUSE = "Flows of January were logged twice; a new report follows."
QUARTERS = [
    {"from": "2024-10-01", "to": "2025-01-01"},
    {"from": "2025-01-01", "to": "2025-04-01"},
]


def withdraw(place, report, role="coordinator", because=BECAUSE):
    path = f"reports/{report}/withdraw"
    return place.visit("POST", path, role, json={"because": because})


def test_funders_are_told_why_in_its_place(place):
    report = place.release()
    entry = withdraw(place, report)
    assert (entry.status_code, entry.json["withdrawn_because"]) == (200, BECAUSE)
    for path in ("", ".json", ".html", "/figures/K1.made"):
        found = place.visit("GET", f"reports/{report}{path}", "funder")
        assert (found.status_code, found.json["code"]) == (410, "report_withdrawn")
        assert found.json["detail"] == BECAUSE
    assert place.visit("GET", "reports", "funder").json["items"] == [entry.json]


def test_inside_it_is_read_as_before_with_the_reason_above_the_page(place):
    report = place.release()
    before = place.visit("GET", f"reports/{report}", "connector").data
    withdraw(place, report, because="<b>Twice</b>")
    assert place.visit("GET", f"reports/{report}", "connector").data == before
    page = place.visit("GET", f"reports/{report}.html", "connector").text
    assert "This report was withdrawn on" in page
    assert "&lt;b&gt;Twice" in page


def test_a_withdrawn_report_is_neither_released_nor_linked(place):
    report = place.freeze(audience="funder")["id"]
    place.visit("POST", f"reports/{report}/share", "coordinator")
    withdraw(place, report)
    for path, body in (("release", None), ("links", {"label": "Fund"})):
        found = place.visit("POST", f"reports/{report}/{path}", "coordinator", json=body)
        assert (found.status_code, found.json["code"]) == (410, "report_withdrawn")
    about = place.visit("GET", f"reports/{report}/about", "coordinator").json
    assert about["released_at"] is None


def test_the_first_reason_stands(place):
    report = place.release()
    first = withdraw(place, report).json
    assert withdraw(place, report, because="Another.").json == first


def test_a_series_goes_on_without_it_and_machines_hear_of_it(app, place):
    earlier, later = (place.release(period=period) for period in QUARTERS)
    asked = {"label": "Fund", "covers": "series"}
    made = place.visit("POST", f"reports/{later}/links", "coordinator", json=asked).json
    seen = place.visit("GET", "reports", "funder").json["items"][0]["released_at"]
    gone = withdraw(place, later).json
    assert place.visit("GET", "reports/latest", "funder").json["id"] == earlier
    assert app.test_client().get(f"/r/{made['token']}.json").json["id"] == earlier
    rows = app.test_client().get(f"/odata/{made['token']}/Reports").json["value"]
    assert [row["id"] for row in rows] == [earlier]
    since = {"since": gone["withdrawn_at"]}
    assert seen < gone["withdrawn_at"]
    found = place.visit("GET", "reports", "funder", query_string=since).json["items"]
    assert found == [gone]
    every = {"since": "2025-01-01T00:00:00Z", "limit": 1}
    first = place.visit("GET", "reports", "funder", query_string=every).json
    rest = {"since": "2025-01-01T00:00:00Z", "cursor": first["next"]}
    rest = place.visit("GET", "reports", "funder", query_string=rest).json
    assert [each["id"] for each in first["items"] + rest["items"]] == [earlier, later]


@pytest.mark.parametrize("role", ["connector", "funder"])
def test_only_coordinators_and_admins_withdraw(place, role):
    report = place.release()
    assert withdraw(place, report, role).json["code"] == "out_of_scope"
    assert place.visit("GET", f"reports/{report}", "funder").status_code == 200


def test_a_reason_is_needed(place):
    report = place.release()
    found = withdraw(place, report, because=" ")
    assert (found.status_code, list(found.json["fields"])) == (422, ["because"])
    assert place.visit("GET", f"reports/{report}", "funder").status_code == 200
