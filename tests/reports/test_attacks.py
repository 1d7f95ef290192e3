"""Over HTTP, as a funder: nothing released, asked for or filtered gives a small count away."""

from __future__ import annotations

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
        "text": "a number not shown",
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


def addresses(app, place):
    """Every address inside the network that can be read, but for those of reports."""
    filled = {"z": 12, "x": 2012, "y": 1342, "kind": "introductions"}
    for rule in app.url_map.iter_rules():
        is_inside = "<uuid:network_id>/" in rule.rule and "/reports" not in rule.rule
        if is_inside and "GET" in (rule.methods or ()):
            ids = dict.fromkeys(rule.arguments, place.ids["i0"])
            given = ids | {"network_id": place.network.id} | filled
            yield rule.build({name: given[name] for name in rule.arguments})[1]


def rows(found):
    """Whatever an answer holds of the network."""
    if found.status_code in (400, 403, 404, 410, 422):
        return []
    names = ("items", "changes", "records", "features", "nodes", "value")
    said = found.json if found.is_json else {"value": found.text}
    return [row for name in names for row in said.get(name, ())]


def test_a_funder_has_no_way_to_live_counts(app, place):
    place.release()
    river = f"boundary={place.ids['river']}"
    every = list(addresses(app, place))
    assert len(every) > 40
    for path in every:
        for query in ("", "?status=declined", f"?{river}", "?limit=1", f"?{river}&layer=flows"):
            found = place.visit("GET", path + query, "funder")
            assert (path, rows(found), "ETag" in found.headers) == (path, [], False)
    (introductions,) = (path for path in every if path.endswith("/introductions"))
    assert rows(place.visit("GET", introductions, "coordinator"))


def test_a_report_can_take_the_place_of_another(place):
    old = place.release()
    new = place.freeze(audience="funder", supersedes=old)
    assert new["supersedes"] == old
    about = place.visit("GET", f"reports/{new['id']}/about", "coordinator").json
    assert about["supersedes"] == old
    assert superseded_by(place, old) is None  # not while readers cannot have the new one
    assert "has taken the place" not in place.visit("GET", f"reports/{old}.html", "funder").text
    for step in ("share", "release"):
        place.visit("POST", f"reports/{new['id']}/{step}", "coordinator")
    assert superseded_by(place, old) == new["id"]
    page = place.visit("GET", f"reports/{old}.html", "funder").text
    assert f"has taken the place of this one: <bdi>{new['id']}" in page


def superseded_by(place, report):
    return place.visit("GET", f"reports/{report}/about", "funder").json["superseded_by"]


def test_a_report_takes_no_place_with_other_readers(place):
    order = {"period": PERIOD, "audience": "public", "supersedes": place.release()}
    found = place.visit("POST", "reports", "coordinator", json=order)
    assert (found.status_code, list(found.json["fields"])) == (422, ["supersedes"])


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
