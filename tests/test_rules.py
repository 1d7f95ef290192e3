"""Rules of the kinds: what a record's fields must be to each other and to what it refers to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from werkzeug.test import TestResponse

    from tests.fixtures.networks import Network, Town

HALL = {"name": "Hall", "type": "other", "geometry": {"type": "Point", "coordinates": [1, 52]}}
HOME = {"type": "home"}
PERSON = {"alias": "Blue door", "notice": "not_given", "basis": "consent", "age_band": "adult"}
MEETING = {"starts_at": "2026-04-01T10:00:00Z"}
GROUP = {"name": "Choir", "type": "arts"}


def flow(town: Town, **more: Any) -> dict[str, Any]:
    ends = {"from_group_id": town.groups[0], "to_group_id": town.groups[1]}
    return {"happened_at": "2026-04-01T10:00:00Z", "resource": "goods"} | ends | more


def came(town: Town, *parts: tuple[int, int]) -> list[dict[str, Any]]:
    return [{"group_id": town.groups[group], "headcount": count} for group, count in parts]


# kind, values that break one rule, the path that says so, and the least change that mends it
BROKEN: list[tuple[str, Any, str, dict[str, Any]]] = [
    ("flows", lambda t: flow(t, to_group_id=t.groups[0]), "to_group_id", {}),
    ("flows", lambda t: flow(t, quantity=3), "unit", {"unit": "chairs"}),
    ("flows", lambda t: flow(t, quantity=3, unit=""), "unit", {"unit": "chairs"}),
    ("groups", GROUP | {"active_from": "2020-02-02", "active_to": "2020-02-01"}, "active_to",
     {"active_to": "2020-02-02"}),
    ("meetings", MEETING | {"ends_at": "2026-04-01T09:59:59.5Z"}, "ends_at",
     {"ends_at": "2026-04-01T10:00:00.5Z"}),
    ("meetings", MEETING | {"starts_at": "2026-04-01T10:00:00.5Z",
                            "ends_at": "2026-04-01T10:00:00Z"}, "ends_at",
     {"ends_at": "2026-04-01T10:00:00.75Z"}),
    ("meetings", lambda t: MEETING | {"attendance": came(t, (0, 3), (0, 4))}, "attendance",
     {"attendance": []}),
    ("people", PERSON | {"notice_on": "2026-03-30"}, "notice_on", {"notice_on": None}),
    ("people", PERSON | {"notice": "given"}, "notice_on", {"notice_on": "2026-03-30"}),
    ("people", PERSON | {"notice": "declined"}, "notice_on", {"notice_on": "2026-03-30"}),
    ("quiet-weeks", {"week_on": "2026-04-07"}, "week_on", {"week_on": "2026-04-06"}),
    ("spaces", HALL | {"name": None}, "name", {"name": "Hall"}),
    ("spaces", HALL | {"geometry": None}, "geometry", {"geometry": HALL["geometry"]}),
    ("spaces", HALL | {"type": "online", "name": None}, "name", {"name": "Forum"}),
    ("spaces", HOME | {"name": "At number nine"}, "name", {"name": None}),
    ("spaces", HOME | {"geometry": HALL["geometry"]}, "geometry", {"geometry": None}),
    ("spaces", HOME | {"address": "9 Weir Street"}, "address", {"address": None}),
    ("spaces", HOME | {"opening_hours": "24/7"}, "opening_hours", {"opening_hours": None}),
    ("spaces", lambda t: HOME | {"steward_group_id": t.groups[0]}, "steward_group_id",
     {"steward_group_id": None}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "broken", "path", "mend"),
    BROKEN,
    ids=[f"{kind} {path} {i}" for i, (kind, _, path, _) in enumerate(BROKEN)],
)
def test_a_broken_rule_is_named_and_mending_it_is_enough(
    kind: str, broken: Any, path: str, mend: dict[str, Any], network: Network, town: Town
) -> None:
    values = broken(town) if callable(broken) else broken
    mend = mend or {"to_group_id": town.groups[1]}
    refused = network.coordinator.post(kind, values)
    assert list(refused.json["fields"]) == [path]
    assert network.coordinator.post(kind, values | mend).status_code == 201


def test_a_party_stands_once_unless_its_people_differ(network: Network, town: Town) -> None:
    one, other = (network.connector.make("people", PERSON)["id"] for _ in range(2))

    def introduce(*people: str | None) -> TestResponse:
        parties = [{"group_id": town.groups[0], "person_id": person} for person in people]
        return network.connector.post("introductions", town.introduction(parties=parties))

    assert introduce(one, other).status_code == 201
    assert introduce(one, None).status_code == 201
    assert list(introduce(one, one).json["fields"]) == ["parties.1"]
    assert list(introduce(None, None).json["fields"]) == ["parties.1"]


def test_no_more_people_come_than_are_counted(network: Network, town: Town) -> None:
    people = [network.connector.make("people", PERSON)["id"] for _ in range(2)]

    def meet(headcount: int) -> TestResponse:
        part = {"group_id": town.groups[0], "headcount": headcount, "person_ids": people}
        return network.connector.post("meetings", MEETING | {"attendance": [part]})

    assert meet(2).status_code == 201
    assert list(meet(1).json["fields"]) == ["attendance.0.person_ids"]


@pytest.mark.parametrize("name", ["sections", "spaces"])
def test_a_group_names_each_section_and_space_once(name: str, network: Network, town: Town) -> None:
    part = {
        "sections": {"section_id": town.sections[0], "share": 0.5},
        "spaces": {"space_id": town.space, "stance": "valued"},
    }[name]
    refused = network.coordinator.post("groups", GROUP | {name: [part, part]})
    assert list(refused.json["fields"]) == [name]


def test_a_group_may_be_edited_though_its_section_was_removed(network: Network, town: Town) -> None:
    halves = [{"section_id": section, "share": 0.5} for section in town.sections]
    group = network.coordinator.make("groups", GROUP | {"sections": halves})
    removed = network.coordinator.delete(f"sections/{town.sections[0]}", If_Match="*")
    assert removed.status_code == 204
    path = f"groups/{group['id']}"
    edited = network.coordinator.patch(path, {"description": "Sings"}, If_Match="*")
    assert edited.status_code == 200, edited.text
    alone = [{"section_id": town.sections[1], "share": 0.5}]
    refused = network.coordinator.patch(path, {"sections": alone}, If_Match="*")
    assert list(refused.json["fields"]) == ["sections"]


def test_a_removed_section_is_missing_to_whoever_names_it_anew(
    network: Network, town: Town
) -> None:
    network.coordinator.delete(f"sections/{town.sections[0]}", If_Match="*")
    values = GROUP | {"sections": [{"section_id": town.sections[0]}]}
    refused = network.coordinator.post("groups", values)
    assert refused.json["code"] == "reference_missing"
    assert list(refused.json["fields"]) == ["sections.0.section_id"]
