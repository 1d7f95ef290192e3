"""Handover: what passes to another connector, what never does, and what phones hear of it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import pytest

from api.accounts.commands import add_member, issue_token
from api.core.change import Change
from api.core.problems import Problem
from api.core.write import apply
from api.handover import plan, shelf
from api.jobs.follow_ups import make_due_follow_ups
from api.records.people.example import EXAMPLE
from tests.fixtures.networks import Member

from .conftest import LATE, SOON

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from api.core.db import Database
    from tests.fixtures.networks import Network

    from .conftest import Desk


def test_open_questions_and_the_pack_pass_on_once_accepted(desk: Desk) -> None:
    mine, theirs = (str(m.member_id) for m in (desk.network.connector, desk.network.colleague))
    offered = desk.offer()
    assert (offered["status"], offered["moves"]) == ("offered", {"follow_ups": 1, "people": 1})
    assert [group["name"] for group in offered["pack"]["groups"]] == ["Mill Lane", "Weir Street"]
    assert desk.asked() == {desk.question: mine, desk.answered: mine}
    taken = desk.accept(offered["id"])
    assert (taken.status_code, taken.json["status"]) == (200, "accepted")
    assert taken.json["pack"] is None, "it is for who has to decide"
    assert desk.asked() == {desk.question: theirs, desk.answered: mine}
    answer = {"outcome": "ended", "answered_by": "party"}
    path = f"follow-ups/{desk.question}/answer"
    assert desk.network.connector.post(path, answer).status_code == 403
    assert desk.network.colleague.post(path, answer).status_code == 200


def test_what_others_hold_stays_theirs(desk: Desk) -> None:
    mine, theirs = desk.network.connector, desk.network.colleague
    offered = desk.offer(theirs, receiver_id=str(mine.member_id))
    assert (offered["moves"], offered["stays"]) == ({"follow_ups": 0, "people": 0}, [])


def test_an_entry_that_was_removed_does_not_move(desk: Desk) -> None:
    mine = desk.network.connector
    assert mine.delete(f"people/{desk.told}", If_Match="*").status_code == 204
    assert desk.accept(desk.offer()["id"]).json["moves"] == {"follow_ups": 1, "people": 0}


def test_an_entry_moves_only_where_its_person_was_told(desk: Desk) -> None:
    offered = desk.offer()
    answer = desk.accept(offered["id"]).json
    mine, theirs = desk.network.connector, desk.network.colleague
    assert [p["id"] for p in theirs.get("people").json["items"]] == [desk.told]
    assert {p["id"] for p in mine.get("people").json["items"]} == {desk.untold, desk.declined}
    assert answer["moves"]["people"] == 1
    told = {(s["kind"], s["reason"], s["count"]) for s in answer["stays"]}
    assert told == {("people", "not_given", 1), ("people", "declined", 1)}
    assert all(each["sentence"] and each["ids"] is None for each in answer["stays"])
    own = mine.get(f"handovers/{offered['id']}").json["stays"]
    assert {i for each in own for i in each["ids"]} == {desk.untold, desk.declined}
    changed = theirs.patch(f"people/{desk.told}", {"alias": "Heron"}, If_Match="*")
    assert changed.status_code == 200
    assert mine.get(f"people/{desk.told}").status_code == 404


def test_who_takes_back_the_notice_before_it_is_accepted_stays(desk: Desk) -> None:
    offered = desk.offer()
    path = f"people/{desk.told}"
    assert (
        desk.network.connector.patch(path, {"notice": "declined"}, If_Match="*").status_code == 200
    )
    assert desk.accept(offered["id"]).json["moves"] == {"follow_ups": 1, "people": 0}


def test_who_takes_back_the_notice_while_it_is_being_accepted_stays(desk: Desk) -> None:
    mine, offered = desk.network.connector, desk.offer()["id"]
    told = {"alias", "notice", "notice_on", "basis", "age_band", "group_ids"}
    now = mine.get(f"people/{desk.told}").json
    values = {name: now[name] for name in told} | {"notice": "declined"}
    no = Change("people", UUID(desk.told), values, base_version=UUID(now["version"]))

    def decline(cx: Connection) -> None:
        (outcome,) = apply(cx, mine.actor, [no])
        assert outcome.is_done

    accepted = desk.meanwhile(decline, lambda: desk.accept(offered))
    assert accepted.json["moves"] == {"follow_ups": 1, "people": 0}
    assert desk.network.colleague.get("people").json["items"] == []


def test_what_else_is_in_a_notebook_and_what_is_not_offered_stays(desk: Desk) -> None:
    mine = desk.network.connector
    private = mine.make("introductions", desk.town.introduction(audience=mine.notebook))["id"]
    offered = desk.offer(notebook=False)
    answer = desk.accept(offered["id"]).json
    told = {(s["kind"], s["reason"], s["count"]) for s in answer["stays"]}
    assert told == {("introductions", "private", 1), ("people", "not_offered", 3)}
    assert desk.network.colleague.get(f"introductions/{private}").status_code == 404
    assert desk.network.colleague.get("people").json["items"] == []


def test_a_coordinator_reads_the_handover_and_nothing_of_a_notebook(desk: Desk) -> None:
    offered = desk.offer()["id"]
    for _ in range(2):
        read = desk.network.coordinator.get(f"handovers/{offered}").json
        assert (read["moves"], read["stays"]) == ({"follow_ups": 1, "people": 0}, [])
        desk.accept(offered)


def test_an_id_is_not_traded_for_an_address(desk: Desk) -> None:
    mine, theirs = desk.network.connector, desk.network.colleague
    offered = desk.offer()
    path = f"handovers/{offered['id']}"
    listed = mine.get("handovers").json["items"][0]
    assert {each["receiver"] for each in (offered, mine.get(path).json, listed)} == {None}
    address = desk.network.coordinator.get(path).json["receiver"]
    assert address.endswith("@town.example")
    assert theirs.get(path).json["receiver"] == address
    assert mine.delete(path).json["receiver"] is None
    given = {"receiver_id": None, "receiver": address}
    again = desk.offer(**given)
    assert again["receiver"] == address
    desk.accept(again["id"])
    assert mine.get(f"handovers/{again['id']}").json["receiver"] == address


def test_for_who_has_left_a_coordinator_offers_all_but_the_notebook(desk: Desk) -> None:
    coordinator, gone = desk.network.coordinator, desk.network.connector
    giver = {"giver_id": str(gone.member_id)}
    for nobody in (giver, {"giver_id": str(uuid4())}):
        assert list(desk.offer(coordinator, 403, **nobody)["fields"]) == ["giver_id"]
    desk.leave(gone)
    assert list(desk.offer(coordinator, 403, notebook=True, **giver)["fields"]) == ["notebook"]
    assert list(desk.offer(desk.network.colleague, 403, **giver)["fields"]) == ["giver_id"]
    offered = desk.offer(coordinator, **giver)
    assert (offered["notebook"], offered["moves"]["people"]) == (False, 0)
    assert offered["giver"] is None, "whoever has left has no address here"
    assert desk.accept(offered["id"]).json["moves"] == {"follow_ups": 1, "people": 0}
    assert desk.network.colleague.get("people").json["items"] == []
    assert desk.asked()[desk.question] == str(desk.network.colleague.member_id)


def test_phones_hear_who_has_what_now(desk: Desk) -> None:
    mine, theirs = desk.network.connector, desk.network.colleague
    (_, my_place), (_, their_place) = mine.pull(), theirs.pull()
    desk.accept(desk.offer()["id"])
    heard = {(c["op"], c["kind"], c["id"]) for c in mine.pull(my_place)[0]}
    assert ("leave", "people", desk.told) in heard
    heard = {(c["op"], c["kind"], c["id"]) for c in theirs.pull(their_place)[0]}
    assert heard == {("upsert", "people", desk.told), ("upsert", "follow-ups", desk.question)}
    edit = {"op_id": str(uuid4()), "kind": "people", "id": desk.told, "action": "put"}
    edit |= {"base_version": str(uuid4()), "data": EXAMPLE | {"group_ids": []}}
    (late,) = mine.push(edit)
    assert (late["status"], late["error"]["code"]) == ("rejected", "out_of_scope")


def test_said_twice_it_happens_once(desk: Desk) -> None:
    chosen = str(uuid4())
    first = desk.offer(id=chosen)
    assert desk.offer(id=chosen) == first
    assert desk.offer(id=chosen, notebook=False, status=409)["code"] == "already_exists"
    assert desk.offer(status=409)["code"] == "already_exists"
    taken, revision = desk.accept(chosen), desk.network.revision
    assert desk.accept(chosen).json == taken.json
    assert desk.network.revision == revision


def test_a_handover_that_breaks_off_has_moved_nothing(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    offered = desk.offer()["id"]
    before = desk.asked(), desk.network.revision

    def die(*given: Any) -> Any:
        apply(*given)
        raise Problem("busy")

    with monkeypatch.context() as broken:
        broken.setattr(plan, "apply", die)
        assert desk.accept(offered).status_code == 503
    assert (desk.asked(), desk.network.revision) == before
    assert desk.network.connector.get(f"handovers/{offered}").json["status"] == "offered"
    assert desk.accept(offered).json["moves"] == {"follow_ups": 1, "people": 1}


def test_a_record_that_cannot_move_keeps_back_all(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    offered, before = desk.offer()["id"], desk.asked()

    def clash(*given: Any) -> Any:
        outcomes = apply(*given)
        outcomes[-1].status = "conflict"
        return outcomes

    monkeypatch.setattr(plan, "apply", clash)
    assert desk.accept(offered).json["code"] == "conflict"
    assert desk.asked() == before


@pytest.mark.parametrize("status", ["withdrawn", "accepted"])
def test_of_two_who_close_an_offer_at_once_one_is_told(desk: Desk, status: str) -> None:
    network, offered = desk.network, desk.offer()["id"]

    def close(cx: Connection) -> None:
        found = shelf.find(cx, network.id, UUID(offered), changing=True)
        shelf.close(cx, network.id, found, status)

    path = f"handovers/{offered}"
    after = {
        "withdrawn": lambda: desk.accept(offered),
        "accepted": lambda: network.connector.delete(path),
    }
    assert desk.meanwhile(close, after[status]).json["code"] == "gone"
    assert network.connector.get(path).json["status"] == status
    assert desk.asked()[desk.question] == str(network.connector.member_id)


@pytest.mark.parametrize("role", ["coordinator", "funder"])
def test_who_is_no_connector_any_more_accepts_nothing(desk: Desk, role: str) -> None:
    offered, colleague = desk.offer()["id"], desk.network.colleague
    changed = desk.network.admin.patch(f"members/{colleague.member_id}", {"role": role})
    assert changed.status_code == 200
    assert desk.accept(offered).json["code"] == "out_of_scope"


def test_only_whom_it_was_offered_to_accepts(desk: Desk) -> None:
    offered = desk.offer()["id"]
    for who, status in (("connector", 403), ("coordinator", 403), ("funder", 403)):
        assert desk.accept(offered, getattr(desk.network, who)).status_code == status
    assert desk.network.funder.get(f"handovers/{offered}").status_code == 403
    assert desk.network.funder.get("handovers").status_code == 403
    assert desk.asked()[desk.question] == str(desk.network.connector.member_id)


def test_a_third_connector_neither_reads_nor_closes_it(desk: Desk) -> None:
    offered = desk.offer()["id"]
    mine = desk.network.connector
    with desk.network.database.transaction() as cx:
        email = f"third-{offered}@town.example"
        member_id = add_member(cx, desk.network.id, email, "connector")
        third = Member(mine.app, mine.network_id, member_id, "connector", issue_token(cx, email))
    assert third.get("handovers").json["items"] == []
    assert third.get(f"handovers/{offered}").status_code == 404
    assert third.delete(f"handovers/{offered}").status_code == 404
    assert desk.accept(offered, third).status_code == 404


def test_an_offer_of_others_is_nobody_elses(desk: Desk, other_network: Network) -> None:
    offered = desk.offer()["id"]
    assert other_network.coordinator.get(f"handovers/{offered}").status_code == 404
    assert [h["id"] for h in desk.network.colleague.get("handovers").json["items"]] == [offered]
    assert other_network.coordinator.get("handovers").json["items"] == []


@pytest.mark.parametrize(("who", "status"), [("connector", "withdrawn"), ("colleague", "declined")])
def test_an_offer_can_be_taken_back_or_declined(desk: Desk, who: str, status: str) -> None:
    offered = desk.offer()["id"]
    for _ in range(2):
        closed = getattr(desk.network, who).delete(f"handovers/{offered}")
        assert (closed.status_code, closed.json["status"]) == (200, status)
    refused = desk.accept(offered)
    assert (refused.status_code, refused.json["code"]) == (410, "gone")
    taken = desk.offer()["id"]
    assert desk.accept(taken).status_code == 200
    assert getattr(desk.network, who).delete(f"handovers/{taken}").status_code == 410


def test_it_is_offered_to_another_connector_of_this_network(
    desk: Desk, other_network: Network
) -> None:
    for who in (
        desk.network.connector,
        desk.network.coordinator,
        desk.network.funder,
        other_network.connector,
    ):
        refused = desk.offer(receiver_id=str(who.member_id), status=422)
        assert list(refused["fields"]) == ["receiver_id"]
    assert list(desk.offer(receiver_id="Ann", status=422)["fields"]) == ["receiver_id"]
    desk.leave(desk.network.colleague)
    assert list(desk.offer(status=422)["fields"]) == ["receiver_id"]
    assert desk.offer(desk.network.funder, 403)["code"] == "out_of_scope"


def test_questions_that_come_due_later_go_to_who_has_it_now(desk: Desk, database: Database) -> None:
    mine, theirs = (m.member_id for m in (desk.network.connector, desk.network.colleague))
    desk.accept(desk.offer()["id"])
    make_due_follow_ups(database, LATE)
    questions = desk.asked().keys() - {desk.question, desk.answered}
    assert {desk.asked()[each] for each in questions} == {str(theirs)}
    back = desk.offer(desk.network.colleague, receiver_id=str(mine))["id"]
    assert desk.accept(back, desk.network.connector).status_code == 200
    make_due_follow_ups(database, LATE + dt.timedelta(90))
    found = desk.network.connector.get("follow-ups?limit=500&state=open").json["items"]
    assert [each["author_id"] for each in found] == [str(mine)] * 5


def test_who_hands_over_and_goes_on_is_asked_about_what_came_after(
    desk: Desk, database: Database
) -> None:
    desk.accept(desk.offer()["id"])
    mine = desk.network.connector
    late = mine.make("introductions", desk.town.introduction(made_at=_today()))["id"]
    make_due_follow_ups(database, dt.datetime.now(dt.UTC).date() + dt.timedelta(30))
    (asked,) = mine.get(f"follow-ups?introduction_id={late}").json["items"]
    assert asked["author_id"] == str(mine.member_id)


def _today() -> str:
    """After the handover: made now, by the database's clock."""
    return (dt.datetime.now(dt.UTC) + dt.timedelta(hours=1)).isoformat()


def test_a_long_pack_moves_whole(desk: Desk, database: Database, monkeypatch: Any) -> None:
    monkeypatch.setattr(plan, "BATCH", 2)
    for _ in range(4):
        desk.network.connector.make("introductions", desk.town.introduction())
    make_due_follow_ups(database, SOON)
    assert desk.accept(desk.offer()["id"]).json["moves"]["follow_ups"] == 5
    theirs = UUID(str(desk.network.colleague.member_id))
    assert list(desk.asked().values()).count(str(theirs)) == 5
