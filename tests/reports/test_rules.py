"""How strictly counts are hidden outside: a network may tighten it, and nobody loosens it again."""

from __future__ import annotations

import pytest

FUNDER = "reports/rules/funder"


def tighten(place, threshold, rounding, audience="funder", role="admin"):
    body = {"threshold": threshold, "rounding": rounding}
    return place.visit("PUT", f"reports/rules/{audience}", role, json=body)


def disclosure(place, audience="funder"):
    said = place.freeze(audience=audience)["disclosure"]
    return said["threshold"], said["rounding"]


def test_a_tightened_rule_holds_for_what_is_frozen_from_then_on(place):
    before = place.freeze(audience="funder")
    assert tighten(place, 20, 15).json == {
        "funder": {"threshold": 20, "rounding": 15},
        "public": {"threshold": 20, "rounding": 15},
    }
    assert (disclosure(place), disclosure(place, "public")) == ((20, 15), (20, 15))
    (made,) = (i for i in place.freeze(audience="funder")["indicators"] if i["id"] == "K1")
    assert made["figures"][0]["numerator"]["value"] == 30  # 36, to the nearest 15
    assert place.visit("GET", f"reports/{before['id']}", "admin").json == before


@pytest.mark.parametrize(
    ("threshold", "rounding", "fields"),
    [
        (7, 5, ["threshold"]),
        (8, 4, ["rounding"]),
        (1, 1, ["threshold", "rounding"]),
        (8, 9, ["rounding"]),
        (101, 5, ["threshold"]),
        ("many", 5, ["threshold"]),
        (8.5, 5, ["threshold"]),
    ],
)
def test_no_rule_becomes_looser_than_ours_or_makes_a_count_nothing(
    place, threshold, rounding, fields
):
    found = tighten(place, threshold, rounding)
    assert (found.status_code, list(found.json["fields"])) == (422, fields)
    assert disclosure(place) == (8, 5)


def test_what_was_tightened_is_not_loosened_again(place):
    tighten(place, 12, 10)
    found = tighten(place, 12, 5)
    assert found.json["fields"] == {"rounding": ["Rules only ever tighten: 10 or more."]}
    assert tighten(place, 10, 10, "public").json["fields"]["threshold"]
    assert disclosure(place) == (12, 10)


def test_what_was_frozen_under_a_looser_rule_is_released_no_more(place):
    report = place.freeze(audience="funder")["id"]
    place.visit("POST", f"reports/{report}/share", "coordinator")
    tighten(place, 12, 5)
    found = place.visit("POST", f"reports/{report}/release", "coordinator")
    assert (found.status_code, found.json["code"]) == (409, "not_safe_outside")
    place.release()


@pytest.mark.parametrize("role", ["connector", "coordinator", "funder"])
def test_only_admins_tighten(place, role):
    assert tighten(place, 12, 10, role=role).json["code"] == "out_of_scope"


def test_rules_are_a_networks_own(place, other_network):
    tighten(place, 12, 10)
    theirs = other_network.coordinator.get("reports/rules").json
    assert theirs["funder"] == {"threshold": 8, "rounding": 5}
    assert place.visit("GET", "reports/rules", "funder").json["code"] == "out_of_scope"


def test_there_is_no_rule_to_set_for_the_people_of_the_network(place):
    assert tighten(place, 12, 10, "coordinators").status_code == 404
