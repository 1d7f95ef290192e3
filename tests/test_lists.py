"""Lists: every filter of every kind narrows to what it says, and pages leave nothing out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from uuid import UUID

import pytest

from api.core.actor import Actor
from api.core.write import Change, apply
from api.records import RECORD_TYPES

if TYPE_CHECKING:
    from tests.fixtures.networks import Network, Town

PERSON = {"alias": "Blue door", "notice": "not_given", "basis": "consent", "age_band": "adult"}
BAKERY = {"name": "Bakery", "type": "shop", "geometry": {"type": "Point", "coordinates": [1, 52]}}


@pytest.fixture
def pair(network: Network, town: Town) -> Any:
    """Two records of a kind that differ in everything its filters look at: (one, other)."""
    weir, mill, _ = town.groups

    def place(name: str, kind: str, east: float, **more: Any) -> dict[str, Any]:
        point = {"type": "Point", "coordinates": [east, 52]}
        return {"name": name, "type": kind, "geometry": point, "address": f"1 {name}"} | more

    def introduced(group: str, day: str, **more: Any) -> dict[str, Any]:
        parties = [{"group_id": group}, {"group_id": town.groups[2]}]
        return town.introduction(parties=parties, made_at=f"{day}T10:00:00Z") | more

    def moved(one: str, other: str, day: str, **more: Any) -> dict[str, Any]:
        ends = {"from_group_id": one, "to_group_id": other}
        return {"happened_at": f"{day}T10:00:00Z"} | ends | more

    hall = network.coordinator.make("spaces", place("Hall", "other", 0.5))["id"]
    east = network.coordinator.make("boundaries", {"name": "Rail"})["id"]
    meant = [network.connector.make("introductions", town.introduction())["id"] for _ in range(2)]
    return {
        "boundaries": [{"name": "Faith", "question": "Which hall?"}, {"name": "Age"}],
        "sections": [{"boundary_id": town.boundary, "name": "Bank"},
                     {"boundary_id": east, "name": "Yard"}],
        "spaces": [place("Forge", "cafe", 1, steward_group_id=weir),
                   place("Ferry", "park", 2, steward_group_id=mill, status="retired")],
        "groups": [{"name": "Bells", "type": "arts", "home_space_id": town.space,
                    "sections": [{"section_id": town.sections[0]}]},
                   {"name": "Rowers", "type": "sports", "status": "retired",
                    "spaces": [{"space_id": hall, "stance": "avoided"}],
                    "sections": [{"section_id": town.sections[1]}]}],
        "people": [PERSON | {"group_ids": [weir]},
                   {**PERSON, "alias": "Red gate", "notice": "given", "notice_on": "2026-03-30",
                    "group_ids": [mill]}],
        "introductions": [introduced(weir, "2026-04-01", space_id=hall, status="offered"),
                          introduced(mill, "2026-05-01", space_id=town.space, status="unwanted",
                                     connector_id=str(network.colleague.member_id))],
        "follow-ups": [{"introduction_id": meant[0], "due_on": "2026-04-01"},
                       {"introduction_id": meant[1], "due_on": "2026-05-01", "outcome": "met",
                        "answered_by": "party"}],
        "meetings": [{"starts_at": "2026-04-01T10:00:00Z", "space_id": hall, "title": "Supper",
                      "host_group_id": weir, "attendance": [{"group_id": weir, "headcount": 3}]},
                     {"starts_at": "2026-05-01T10:00:00Z", "space_id": town.space, "title": "Walk",
                      "host_group_id": mill, "attendance": [{"group_id": mill, "headcount": 3}]}],
        "listings": [{"side": "need", "resource": "time", "group_id": weir, "space_id": hall,
                      "description": "Hours"},
                     {"side": "offer", "resource": "goods", "group_id": mill, "status": "met",
                      "space_id": town.space, "description": "Chairs"}],
        "flows": [moved(weir, town.groups[2], "2026-04-01", resource="time", space_id=hall,
                        introduction_id=meant[0], status="promised"),
                  moved(town.groups[2], mill, "2026-05-01", resource="goods", space_id=town.space,
                        introduction_id=meant[1])],
        "quiet-weeks": [{"week_on": "2026-04-06"}, {"week_on": "2026-05-04"}],
    }  # fmt: skip


# What to ask for to find the first of the pair and not the second, where no field says it.
ASKED: dict[tuple[str, str], str] = {
    ("spaces", "bbox"): "0.9,51,1.1,53",
    ("spaces", "near"): "1,52,500",
    ("follow-ups", "state"): "open",
}
SPANS = {"from": "2026-05-01", "to": "2026-05-01"}
TEXTS = ("name", "alias", "title", "description")
CASES = [
    pytest.param(kind, f, id=f"{kind.name} {f.name}") for kind in RECORD_TYPES for f in kind.filters
]


def wanted(kind: Any, name: str, made: list[dict[str, Any]], network: Network) -> tuple[Any, int]:
    """What to ask a filter for, and which of the pair that finds."""
    one, other = made
    if (kind.name, name) in ASKED:
        return ASKED[kind.name, name], 0
    if name in SPANS:
        is_day = kind.name in ("follow-ups", "quiet-weeks")
        return SPANS[name] + ("" if is_day else "T10:00:00Z"), int(name == "from")
    if name == "q":
        text = next(one[t] for t in TEXTS if one.get(t))
        return text[1:].upper(), 0
    if name == "connector_id":
        return network.colleague.member_id, 1
    if name in one and other[name]:
        return other[name], 1
    return INSIDE[kind.name, name](one), 0


INSIDE: dict[tuple[str, str], Any] = {
    ("groups", "section_id"): lambda one: one["sections"][0]["section_id"],
    ("groups", "space_id"): lambda one: one["home_space_id"],
    ("people", "group_id"): lambda one: one["group_ids"][0],
    ("introductions", "group_id"): lambda one: one["parties"][0]["group_id"],
    ("meetings", "group_id"): lambda one: one["attendance"][0]["group_id"],
    ("flows", "group_id"): lambda one: one["from_group_id"],
}


@pytest.mark.parametrize(("kind", "by"), CASES)
def test_a_filter_keeps_what_it_says_and_nothing_else(
    kind: Any, by: Any, pair: Any, network: Network
) -> None:
    if kind.name not in pair:
        pytest.skip("the contract alone tests the filters of a kind without a pair here")
    authors = (network.coordinator, network.admin)
    if kind.name in ("follow-ups", "people", "quiet-weeks"):
        authors = (network.connector, network.colleague)
    if kind.notebook:
        authors = (network.connector, network.connector)
    made = [_make(network, kind, author, values) for author, values in
            zip(authors, pair[kind.name], strict=True)]  # fmt: skip
    asked, found = wanted(kind, by.name, made, network)
    reader = network.connector
    narrowed = reader.get(f"{kind.name}?limit=500&{urlencode({by.name: asked})}")
    assert narrowed.status_code == 200, narrowed.text
    ids = {item["id"] for item in narrowed.json["items"]}
    assert made[found]["id"] in ids
    assert made[1 - found]["id"] not in ids


def _make(network: Network, kind: Any, author: Any, values: dict[str, Any]) -> dict[str, Any]:
    if kind.writers != "server":
        made: dict[str, Any] = author.make(kind.name, values)
        return made
    server = Actor(network.id, author.member_id, None, "server")
    change = Change(kind.name, UUID(int=len(str(values))), values, author_id=author.member_id)
    with network.database.transaction(network.id) as cx:
        apply(cx, server, [change])
    told: dict[str, Any] = author.get(f"{kind.name}/{change.id}").json
    return told


def everything(network: Network, kind: str, limit: int) -> list[str]:
    """The ids of a whole list, page after page."""
    seen: list[str] = []
    query = f"limit={limit}"
    while query:
        page = network.coordinator.get(f"{kind}?{query}").json
        seen += [item["id"] for item in page["items"]]
        query = page["next"] and urlencode({"limit": limit, "cursor": page["next"]})
    return seen


def test_places_without_a_name_are_on_some_page(network: Network) -> None:
    homes = [network.coordinator.make("spaces", {"type": "home"})["id"] for _ in range(3)]
    named = network.coordinator.make("spaces", BAKERY)["id"]
    assert sorted(everything(network, "spaces", 1)) == sorted([*homes, named])


def test_records_of_one_name_are_each_on_one_page(network: Network) -> None:
    made = [network.coordinator.make("spaces", BAKERY)["id"] for _ in range(5)]
    assert sorted(everything(network, "spaces", 2)) == sorted(made)


@pytest.mark.parametrize("letter", ["ক", "ع", "😀"])
def test_names_of_any_script_lead_to_the_next_page(network: Network, letter: str) -> None:
    made = [
        network.coordinator.make("spaces", BAKERY | {"name": letter * 118 + end})["id"]
        for end in "12"
    ]
    assert everything(network, "spaces", 1) == made


def test_filters_narrow_together_and_pages_keep_them(network: Network, town: Town) -> None:
    days = ("2026-04-01", "2026-04-02", "2026-04-03")
    made = [
        network.connector.make(
            "introductions", town.introduction(made_at=f"{day}T10:00:00Z", status=status)
        )["id"]
        for day in days
        for status in ("made", "offered")
    ]
    query = {"limit": 1, "status": "made", "from": "2026-04-02T00:00:00Z"}
    page = network.connector.get(f"introductions?{urlencode(query)}")
    later = network.connector.get(page.headers["Link"].partition(">")[0][1:])
    shown = [item["id"] for answer in (page, later) for item in answer.json["items"]]
    assert shown == [made[4], made[2]]
    assert later.json["next"] is None


def test_a_cursor_is_of_use_in_its_own_list_alone(
    network: Network, other_network: Network, town: Town
) -> None:
    cursor = network.coordinator.get("groups?limit=1").json["next"]
    assert cursor
    assert network.coordinator.get(f"groups?limit=1&cursor={cursor}").status_code == 200
    for member, kind in ((network.coordinator, "spaces"), (other_network.coordinator, "groups")):
        assert member.get(f"{kind}?cursor={cursor}").json["code"] == "bad_cursor"
