"""Scope: what comes into sight is sent whole, what goes out of sight is taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from api.core import actor as actors
from api.core.actor import Actor, notebook
from tests.sync.phone import Phone

if TYPE_CHECKING:
    from tests.fixtures.networks import Member, Network, Town

PERSON = {"alias": "A", "notice": "not_given", "basis": "consent", "age_band": "adult"}


def become(network: Network, role: str) -> None:
    """Give the colleague another role."""
    answer = network.admin.patch(f"members/{network.colleague.member_id}", {"role": role})
    assert answer.status_code == 200, answer.text


def pages(member: Member, cursor: str, limit: int = 500) -> list[dict[str, Any]]:
    """Every page after a cursor."""
    found: list[dict[str, Any]] = []
    while not found or found[-1]["has_more"]:
        found.append(member.get(f"sync/changes?limit={limit}&cursor={cursor}").json)
        cursor = found[-1]["cursor"]
    return found


def named(found: list[dict[str, Any]], op: str) -> list[str]:
    """The ids that an op of these pages names."""
    return [c["id"] for page in found for c in page["changes"] if c["op"] == op]


@pytest.fixture
def sees(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Say whose notebooks the connector sees beside their own, as an audience of circles would."""
    own, gained = actors.Actor.scope.fget, set[str]()

    def scope(actor: Actor) -> tuple[str, ...]:
        return (*own(actor), *sorted(gained)) if actor.role == "connector" else own(actor)

    monkeypatch.setattr(actors.Actor, "scope", property(scope))

    def see(*members: Member) -> None:
        gained.clear()
        gained.update(notebook(member.member_id) for member in members)

    return see


def test_who_becomes_a_funder_is_told_to_let_go_of_everything(network: Network, town: Town) -> None:
    network.colleague.make("people", PERSON)
    changes, cursor = network.colleague.pull()
    become(network, "funder")
    found = pages(network.colleague, cursor, limit=2)
    assert sorted(named(found, "leave")) == sorted(change["id"] for change in changes)
    assert {page["scope"] == [] for page in found} == {True}
    assert not named(found, "upsert")


def test_a_change_of_membership_stands_in_the_order_of_everything(network: Network) -> None:
    before = network.revision
    become(network, "funder")
    assert network.revision == before + 1
    assert network.admin.delete(f"members/{network.colleague.member_id}").status_code == 204
    assert network.revision == before + 2


def test_who_comes_back_is_sent_everything_again(network: Network, town: Town) -> None:
    phone = Phone(network.colleague)
    phone.pull()
    before = dict(phone.shadow)
    become(network, "funder")
    phone.pull(limit=2)
    assert phone.shadow == {}
    network.connector.make("introductions", town.introduction())
    become(network, "connector")
    phone.pull(limit=2)
    assert len(phone.shadow) == len(before) + 1
    assert before.items() <= phone.shadow.items()


def test_a_funder_is_sent_nothing_and_changes_nothing(network: Network, town: Town) -> None:
    assert network.funder.pull()[0] == []
    assert network.funder.get("sync/manifest").json["records"] == []
    op = {"op_id": str(uuid4()), "id": str(uuid4()), "kind": "introductions", "action": "put"}
    (result,) = network.funder.push(op | {"data": town.introduction()})
    assert (result["status"], result["error"]["code"]) == ("rejected", "out_of_scope")
    assert result["present"] == "absent"
    kept = network.funder.get(f"sync/ops/{op['op_id']}").json
    assert kept["payload"]


def test_a_gained_audience_is_sent_whole_and_no_page_is_lost(
    network: Network, town: Town, sees: Any
) -> None:
    people = {network.colleague.make("people", PERSON)["id"] for _ in range(5)}
    _, cursor = network.connector.pull()
    sees(network.colleague)
    found = pages(network.connector, cursor, limit=2)
    assert set(named(found, "upsert")) == people
    sees()
    left = pages(network.connector, found[-1]["cursor"], limit=2)
    assert set(named(left, "leave")) == people
    assert not named(left, "upsert")


def test_an_audience_lost_while_it_is_being_sent_sends_nothing_more(
    network: Network, town: Town, sees: Any
) -> None:
    people = {network.colleague.make("people", PERSON)["id"] for _ in range(5)}
    _, cursor = network.connector.pull()
    sees(network.colleague)
    first = network.connector.get(f"sync/changes?limit=2&cursor={cursor}").json
    sees()
    rest = pages(network.connector, first["cursor"])
    assert len(first["changes"]) == 2
    assert not named(rest, "upsert")
    assert set(named(rest, "leave")) == people


def test_an_audience_regained_while_it_is_taken_back_is_sent_whole(
    network: Network, town: Town, sees: Any
) -> None:
    sees(network.colleague)
    people = {network.colleague.make("people", PERSON)["id"] for _ in range(5)}
    _, cursor = network.connector.pull()
    sees()
    first = network.connector.get(f"sync/changes?limit=2&cursor={cursor}").json
    sees(network.colleague)
    rest = pages(network.connector, first["cursor"], limit=2)
    assert len(named([first], "leave")) == 2
    assert not named(rest, "leave")
    assert set(named(rest, "upsert")) == people


def test_what_changes_while_an_audience_is_sent_arrives_too(
    network: Network, town: Town, sees: Any
) -> None:
    people = [network.colleague.make("people", PERSON) for _ in range(4)]
    _, cursor = network.connector.pull()
    sees(network.colleague)
    first = network.connector.get(f"sync/changes?limit=1&cursor={cursor}").json
    where = f"people/{people[-1]['id']}"
    network.colleague.patch(where, {"alias": "B"}, If_Match=f'"{people[-1]["version"]}"')
    network.colleague.delete(f"people/{people[0]['id']}", If_Match="*")
    rest = pages(network.connector, first["cursor"], limit=1)
    last = [c for page in rest for c in page["changes"] if c["id"] == people[-1]["id"]]
    assert last[-1]["data"]["alias"] == "B"
    assert named(rest, "delete") == [people[0]["id"]]


def test_a_record_taken_into_a_notebook_leaves_the_others_phones(
    network: Network, town: Town
) -> None:
    phone = Phone(network.colleague)
    record = network.connector.make("introductions", town.introduction())
    phone.pull()
    assert ("introductions", record["id"]) in phone.shadow
    where, seen = f"introductions/{record['id']}", f'"{record["version"]}"'
    moved = network.connector.patch(where, {"audience": network.connector.notebook}, If_Match=seen)
    assert moved.status_code == 200
    found = pages(network.colleague, phone.cursor)
    assert named(found, "leave") == [record["id"]]
    assert "version" not in found[0]["changes"][0]
    back = network.connector.patch(
        where, {"audience": "network"}, If_Match=f'"{moved.json["version"]}"'
    )
    assert back.status_code == 200
    assert named(pages(network.colleague, found[-1]["cursor"]), "upsert") == [record["id"]]


def test_who_pushes_while_out_and_is_back_before_a_pull_lacks_nothing(
    network: Network, town: Town
) -> None:
    record = network.colleague.make("introductions", town.introduction())
    phone = Phone(network.colleague)
    phone.pull()
    become(network, "funder")
    phone.put("introductions", town.introduction(purpose="Edited"), record["id"])
    (result,) = phone.push()
    assert (result["error"]["code"], result["present"]) == ("out_of_scope", "absent")
    become(network, "connector")
    phone.pull()
    assert phone.shadow["introductions", record["id"]]["version"] == record["version"]


def test_a_phone_that_gave_everything_back_and_lost_that_cursor_is_sent_it_again(
    network: Network, town: Town
) -> None:
    phone = Phone(network.colleague)
    phone.sync()
    before = phone.cursor
    become(network, "funder")
    phone.pull()
    assert phone.shadow == {}
    phone.cursor = before  # it died before the later one was stored
    become(network, "connector")
    phone.pull()
    assert {("groups", group) for group in town.groups} <= set(phone.shadow)
    assert phone.read_page()["changes"] == [], "and only once"
