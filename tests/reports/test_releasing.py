"""Who reads a report when: coordinators first, then the groups, then funders."""

from __future__ import annotations

import pytest


@pytest.fixture
def report(place, freeze):
    """The path of a report made for funders."""
    return f"/reports/{freeze(place, audience='funder')['id']}"


def statuses(visit, place, path):
    """What each role gets when it asks for one report."""
    roles = ("admin", "coordinator", "connector", "funder")
    return [visit("GET", place, path, role).status_code for role in roles]


def test_a_fresh_report_is_the_coordinators_alone(place, report, visit):
    assert statuses(visit, place, report) == [200, 200, 404, 404]
    assert statuses(visit, place, f"{report}.html") == [200, 200, 404, 404]


def test_a_shared_report_is_the_connectors_too(place, report, visit):
    visit("POST", place, f"{report}/share", "coordinator")
    assert statuses(visit, place, report) == [200, 200, 200, 404]


def test_a_released_report_is_the_funders_too(place, report, visit):
    visit("POST", place, f"{report}/share", "coordinator")
    visit("POST", place, f"{report}/release", "coordinator")
    assert statuses(visit, place, report) == [200, 200, 200, 200]
    assert statuses(visit, place, f"{report}.html") == [200, 200, 200, 200]


def test_release_is_refused_before_the_groups_have_it(place, report, visit):
    found = visit("POST", place, f"{report}/release", "coordinator")
    assert (found.status_code, found.json["code"]) == (409, "not_shared_yet")
    assert visit("GET", place, report, "funder").status_code == 404


def test_exact_counts_are_never_released(place, freeze, visit):
    path = f"/reports/{freeze(place)['id']}"
    visit("POST", place, f"{path}/share", "coordinator")
    found = visit("POST", place, f"{path}/release", "coordinator")
    assert (found.status_code, found.json["code"]) == (409, "not_for_outside")


def test_release_comes_after_sharing(place, report, visit):
    visit("POST", place, f"{report}/share", "coordinator")
    entry = visit("POST", place, f"{report}/release", "coordinator").json
    assert entry["released_at"] > entry["shared_with_groups_at"]


def test_sharing_and_releasing_twice_keeps_the_first_time(place, report, visit):
    for step in ("share", "release"):
        first = visit("POST", place, f"{report}/{step}", "coordinator").json
        assert visit("POST", place, f"{report}/{step}", "admin").json == first


@pytest.mark.parametrize("step", ["share", "release"])
@pytest.mark.parametrize("role", ["connector", "funder"])
def test_only_coordinators_and_admins_share_and_release(place, report, visit, step, role):
    found = visit("POST", place, f"{report}/{step}", role)
    assert (found.status_code, found.json["code"]) == (403, "out_of_scope")


@pytest.mark.parametrize("role", ["connector", "funder"])
def test_only_coordinators_and_admins_freeze(place, visit, role):
    order = {"period": {"from": "2025-01-06", "to": "2025-02-03"}}
    found = visit("POST", place, "/reports", role, json=order)
    assert (found.status_code, found.json["code"]) == (403, "out_of_scope")


def test_the_list_holds_what_a_role_may_read(place, report, visit):
    def listed(role):
        return len(visit("GET", place, "/reports", role).json["items"])

    assert [listed(role) for role in ("coordinator", "connector", "funder")] == [1, 0, 0]
    visit("POST", place, f"{report}/share", "coordinator")
    assert [listed(role) for role in ("coordinator", "connector", "funder")] == [1, 1, 0]
    visit("POST", place, f"{report}/release", "coordinator")
    assert [listed(role) for role in ("coordinator", "connector", "funder")] == [1, 1, 1]


def test_the_list_tells_of_reports_and_not_what_is_in_them(place, report, visit):
    (entry,) = visit("GET", place, "/reports", "coordinator").json["items"]
    assert "body" not in entry
    assert entry["period"] == {"from": "2025-01-06", "to": "2025-02-03"}


def test_the_list_is_paged_newest_first(place, freeze, visit):
    ids = [freeze(place)["id"] for _ in range(3)]
    first = visit("GET", place, "/reports?limit=2", "coordinator").json
    rest = visit("GET", place, f"/reports?limit=2&cursor={first['next']}", "coordinator").json
    assert [entry["id"] for entry in first["items"] + rest["items"]] == ids[::-1]
    assert rest["next"] is None


def test_a_cursor_nobody_gave_out_is_refused(place, visit):
    found = visit("GET", place, "/reports?cursor=made-up", "coordinator")
    assert (found.status_code, found.json["code"]) == (400, "bad_cursor")


def test_a_stranger_gets_nothing(place, report, visit):
    place.tokens["stranger"] = "not-a-token"
    assert visit("GET", place, report, "stranger").status_code == 401
    assert visit("GET", place, "/reports", "stranger").status_code == 401
