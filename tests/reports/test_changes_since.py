"""A frozen report stays, and says which of its figures would differ today, and why."""

from __future__ import annotations

from uuid import UUID

import pytest

from tests.reports.conftest import introduction


def changes(place, report, role="coordinator"):
    return place.visit("GET", f"reports/{report['id']}/changes-since", role)


def test_nothing_changed_means_no_figure_differs(place):
    assert changes(place, place.freeze()).json["figures"] == []


def test_what_was_logged_and_removed_since_is_counted(place):
    report = place.freeze()
    place.write("connector", introduction(place.ids, "n0", "s0"))
    listed = place.visit("GET", "introductions?limit=500", "coordinator").json["items"]
    one = next(item for item in listed if item["id"] == str(place.ids["i0"]))
    tag = {"If-Match": f'"{one["version"]}"'}
    place.visit("DELETE", f"introductions/{one['id']}", "coordinator", headers=tag)
    place.write("connector", introduction(place.ids, "n1", "s1"))
    found = {figure["key"]: figure for figure in changes(place, report).json["figures"]}
    made = found["K1.made"]
    assert (made["numerator"], made["denominator"]) == (
        {"then": 36, "now": 37},
        {"then": 38, "now": 39},
    )
    assert made["because"] == {
        "logged": 2,
        "removed": 1,
        "edited": 0,
        "sections_changed": False,
        "method_changed": False,
    }
    assert "K8.delivered" not in found


def test_a_group_that_declares_another_section_is_the_reason(place):
    report = place.freeze()
    moved = (
        f"UPDATE grp_section SET section_id = '{place.ids['north']}'"
        f" WHERE grp_id = '{place.ids['s0']}'"
    )
    with place.network.database.transaction(place.network.id) as cx:
        cx.exec_driver_sql(moved)
    found = {figure["key"]: figure for figure in changes(place, report).json["figures"]}
    assert found[f"K2.{place.ids['river']}"]["because"]["sections_changed"]
    assert "K1.made" not in found


def test_a_forgotten_person_changes_no_frozen_count_and_leaves_no_id(place):
    values = {
        "alias": "Blue door",
        "notice": "not_given",
        "basis": "consent",
        "age_band": "adult",
        "group_ids": [str(place.ids["n0"])],
    }
    made = place.network.connector.make("people", values)
    person = UUID(made["id"])
    report = place.freeze()
    before = place.visit("GET", f"reports/{report['id']}", "coordinator").data
    tag = f'"{made["version"]}"'
    gone = place.network.connector.delete(f"people/{person}", If_Match=tag)
    assert gone.status_code == 204
    after = place.visit("GET", f"reports/{report['id']}", "coordinator").data
    assert before == after
    assert str(person).encode() not in after
    packed = place.network.database
    with packed.snapshot(place.network.id) as cx:
        kept = cx.exec_driver_sql("SELECT content FROM report_input").scalars().all()
    assert kept
    assert not any(person.bytes in bytes(each) for each in kept)
    assert changes(place, report).json["figures"] == []


@pytest.mark.parametrize("role", ["connector", "funder"])
def test_live_counts_are_for_coordinators_and_admins(place, role):
    found = changes(place, place.freeze(), role)
    assert found.json["code"] == "out_of_scope"
