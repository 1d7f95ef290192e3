"""Who reads a report when: coordinators first, then the groups, then funders."""

from __future__ import annotations

from dataclasses import replace

import pytest


@pytest.fixture
def report(place):
    """The path of a report made for funders."""
    return f"reports/{place.freeze(audience='funder')['id']}"


def statuses(place, path):
    """What each role gets when it asks for one report."""
    roles = ("admin", "coordinator", "connector", "funder")
    return [place.visit("GET", path, role).status_code for role in roles]


def test_a_fresh_report_is_the_coordinators_alone(place, report):
    assert statuses(place, report) == [200, 200, 404, 404]
    assert statuses(place, f"{report}.html") == [200, 200, 404, 404]


def test_a_shared_report_is_the_connectors_too(place, report):
    place.visit("POST", f"{report}/share", "coordinator")
    assert statuses(place, report) == [200, 200, 200, 404]


def test_a_released_report_is_the_funders_too(place, report):
    place.visit("POST", f"{report}/share", "coordinator")
    place.visit("POST", f"{report}/release", "coordinator")
    assert statuses(place, report) == [200, 200, 200, 200]
    assert statuses(place, f"{report}.html") == [200, 200, 200, 200]


def test_release_is_refused_before_the_groups_have_it(place, report):
    found = place.visit("POST", f"{report}/release", "coordinator")
    assert (found.status_code, found.json["code"]) == (409, "not_shared_yet")
    assert place.visit("GET", report, "funder").status_code == 404


def test_exact_counts_are_never_released(place):
    path = f"reports/{place.freeze()['id']}"
    place.visit("POST", f"{path}/share", "coordinator")
    found = place.visit("POST", f"{path}/release", "coordinator")
    assert (found.status_code, found.json["code"]) == (409, "not_for_outside")


def test_release_comes_after_sharing(place, report):
    place.visit("POST", f"{report}/share", "coordinator")
    entry = place.visit("POST", f"{report}/release", "coordinator").json
    assert entry["released_at"] > entry["shared_with_groups_at"]


def test_sharing_and_releasing_twice_keeps_the_first_time(place, report):
    for step in ("share", "release"):
        first = place.visit("POST", f"{report}/{step}", "coordinator").json
        assert place.visit("POST", f"{report}/{step}", "admin").json == first


@pytest.mark.parametrize("step", ["share", "release"])
@pytest.mark.parametrize("role", ["connector", "funder"])
def test_only_coordinators_and_admins_share_and_release(place, report, step, role):
    found = place.visit("POST", f"{report}/{step}", role)
    assert (found.status_code, found.json["code"]) == (403, "out_of_scope")


@pytest.mark.parametrize("role", ["connector", "funder"])
def test_only_coordinators_and_admins_freeze(place, role):
    order = {"period": {"from": "2025-01-06", "to": "2025-02-03"}}
    found = place.visit("POST", "reports", role, json=order)
    assert (found.status_code, found.json["code"]) == (403, "out_of_scope")


def test_the_list_holds_what_a_role_may_read(place, report):
    def listed(role):
        return len(place.visit("GET", "reports", role).json["items"])

    assert [listed(role) for role in ("coordinator", "connector", "funder")] == [1, 0, 0]
    place.visit("POST", f"{report}/share", "coordinator")
    assert [listed(role) for role in ("coordinator", "connector", "funder")] == [1, 1, 0]
    place.visit("POST", f"{report}/release", "coordinator")
    assert [listed(role) for role in ("coordinator", "connector", "funder")] == [1, 1, 1]


def test_the_list_tells_of_reports_and_not_what_is_in_them(place, report):
    (entry,) = place.visit("GET", "reports", "coordinator").json["items"]
    assert "body" not in entry
    assert entry["period"] == {"from": "2025-01-06", "to": "2025-02-03"}


def test_the_list_is_paged_newest_first(place):
    ids = [place.freeze()["id"] for _ in range(3)]
    page = place.visit("GET", "reports?limit=2", "coordinator")
    first = page.json
    assert f"cursor={first['next']}" in page.headers["Link"]
    rest = place.visit("GET", f"reports?limit=2&cursor={first['next']}", "coordinator").json
    assert [entry["id"] for entry in first["items"] + rest["items"]] == ids[::-1]
    assert rest["next"] is None


def test_a_cursor_nobody_gave_out_is_refused(place):
    found = place.visit("GET", "reports?cursor=made-up", "coordinator")
    assert (found.status_code, found.json["code"]) == (400, "bad_cursor")


def test_a_member_of_another_network_gets_nothing(place, report, other_network):
    path = f"/api/v1/networks/{place.network.id}/{report}"
    assert other_network.admin.get(path).status_code == 403
    assert other_network.admin.get(report).status_code == 404


def test_nobody_reads_without_signing_in(place, report):
    nobody = replace(place.network.coordinator, token="")
    assert [nobody.get(path).status_code for path in (report, "reports")] == [401, 401]
