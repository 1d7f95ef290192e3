"""Series: machines ask what is new, an address stays while reports come, grants stand beside."""

from __future__ import annotations

import pytest

QUARTERS = [
    {"from": "2024-10-01", "to": "2025-01-01"},
    {"from": "2025-01-01", "to": "2025-04-01"},
]
GRANT = "360G-ValleyFund-2026-0117"


def ids(answer):
    return [entry["id"] for entry in answer.json["items"]]


def test_a_machine_gets_what_was_released_since_page_by_page(place):
    made = [place.release(period=period) for period in (*QUARTERS, *QUARTERS)]
    place.freeze(audience="funder")
    first = place.visit("GET", "reports?since=2025-01-01T00:00:00Z&limit=3", "funder")
    rest = place.visit("GET", first.headers["Link"].split(">")[0][1:], "funder")
    assert (ids(first), ids(rest)) == (made[:3], made[3:])
    assert rest.json["next"] is None
    last = rest.json["items"][-1]["released_at"].replace("+", "%2B")
    assert ids(place.visit("GET", f"reports?since={last}", "funder")) == made[3:]
    assert ids(place.visit("GET", "reports?since=2199-01-01T00:00:00Z", "funder")) == []


@pytest.mark.parametrize("since", ["yesterday", "2026-01-01T00:00:00", "%00"])
def test_since_is_an_instant_with_its_offset(place, since):
    found = place.visit("GET", f"reports?since={since}", "funder")
    assert (found.status_code, list(found.json["fields"])) == (422, ["since"])


def test_a_cursor_of_the_plain_list_does_not_continue_another(place):
    for _ in range(2):
        place.release()
    cursor = place.visit("GET", "reports?limit=1", "funder").json["next"]
    found = place.visit("GET", f"reports?since=2025-01-01T00:00:00Z&cursor={cursor}", "funder")
    assert (found.status_code, found.json["code"]) == (400, "bad_cursor")


def test_latest_is_the_latest_period_that_the_reader_may_see(place):
    later, earlier = (place.release(period=period) for period in reversed(QUARTERS))
    found = place.visit("GET", "reports/latest?template=impact-1", "funder")
    assert found.json["id"] == later
    assert found.headers["Content-Location"].endswith(f"/reports/{later}.json")
    page = place.visit("GET", "reports/latest.html", "funder")
    assert page.headers["Content-Location"].endswith(f"/reports/{later}.html")
    public = place.release(period=QUARTERS[0], audience="public")
    found = place.visit("GET", "reports/latest?audience=public", "funder")
    assert found.json["id"] == public
    newest = place.freeze(audience="funder", period=QUARTERS[1])["id"]
    assert place.visit("GET", "reports/latest", "funder").json["id"] == later
    assert place.visit("GET", "reports/latest?language=en", "coordinator").json["id"] == newest
    assert earlier in ids(place.visit("GET", "reports", "funder"))


def test_latest_is_of_exactly_the_boundaries_asked_for(place):
    river = str(place.ids["river"])
    made = place.release(boundaries=[river])
    found = place.visit("GET", f"reports/latest?boundaries={river}", "funder")
    assert found.json["id"] == made
    other = place.visit("GET", f"reports/latest?boundaries={made}", "funder")
    both = place.visit("GET", f"reports/latest?boundaries={river},{made}", "funder")
    assert [other.status_code, both.status_code] == [404, 404]
    broken = place.visit("GET", "reports/latest?boundaries=river", "funder")
    assert (broken.status_code, list(broken.json["fields"])) == (422, ["boundaries"])


def test_who_has_the_latest_is_told_so(place):
    place.release()
    etag = place.visit("GET", "reports/latest", "funder").headers["ETag"]
    again = place.visit("GET", "reports/latest", "funder", headers={"If-None-Match": etag})
    assert (again.status_code, again.data) == (304, b"")
    place.release(period=QUARTERS[1])
    new = place.visit("GET", "reports/latest", "funder", headers={"If-None-Match": etag})
    assert new.status_code == 200


def test_grants_stand_beside_a_report_and_leave_its_bytes_alone(place):
    path = f"reports/{place.release()}"
    before = place.visit("GET", path, "funder").data
    asked = {"grants": [GRANT, "360G-blf-0031009988", GRANT]}
    entry = place.visit("PUT", f"{path}/grants", "coordinator", json=asked)
    assert entry.json["grants"] == asked["grants"][:2]
    assert place.visit("GET", f"{path}/about", "funder").json == entry.json
    assert place.visit("GET", "reports", "funder").json["items"] == [entry.json]
    assert place.visit("GET", path, "funder").data == before
    assert f"{GRANT}, 360G-blf-0031009988" in place.visit("GET", f"{path}.html", "funder").text
    place.visit("PUT", f"{path}/grants", "coordinator", json={"grants": []})
    assert "360G" not in place.visit("GET", f"{path}.html", "funder").text


@pytest.mark.parametrize(
    "grant", ["2026-0117", "360G-", "360G-Fund", "360G-Fund-a b", "360G-Fund-\n", "360g-Fund-1"]
)
def test_what_is_no_grant_is_refused(place, grant):
    path = f"reports/{place.freeze()['id']}/grants"
    found = place.visit("PUT", path, "coordinator", json={"grants": [GRANT, grant]})
    assert (found.status_code, list(found.json["fields"])) == (422, ["grants.1"])


@pytest.mark.parametrize("role", ["connector", "funder"])
def test_only_coordinators_and_admins_attach_grants(place, role):
    path = f"reports/{place.release()}/grants"
    found = place.visit("PUT", path, role, json={"grants": [GRANT]})
    assert (found.status_code, found.json["code"]) == (403, "out_of_scope")
    assert place.visit("GET", f"{path.replace('grants', 'about')}", "funder").json["grants"] == []
