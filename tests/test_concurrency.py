"""Many at once, in real transactions: nothing lost, nothing twice, no reader misses anything."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import count
from threading import Barrier, Event
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import create_engine

from api.accounts.members import change_role, changing_members
from api.core.db import sqlalchemy_url
from api.core.lock import lock_network
from api.core.write import Change, apply

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.fixtures.networks import Member, Network, Town

CROWD = 4


@pytest.fixture
def crowd() -> Iterator[Callable[..., list[Any]]]:
    """Do something several times at the same moment; the answers in order."""
    with ThreadPoolExecutor(CROWD) as pool:

        def at_once(*tasks: Callable[[], Any]) -> list[Any]:
            start = Barrier(len(tasks))

            def begin(task: Callable[[], Any]) -> Any:
                start.wait()
                return task()

            return list(pool.map(begin, tasks))

        yield at_once


@pytest.fixture
def introduction(network: Network, town: Town) -> dict[str, Any]:
    """An introduction that several want to change."""
    return network.connector.make("introductions", town.introduction())


def op(record: dict[str, Any], town: Town, **more: Any) -> dict[str, Any]:
    """An edit of the record as a phone pushes it."""
    named = {"op_id": str(uuid4()), "kind": "introductions", "id": record["id"], "action": "put"}
    return named | {"base_version": record["version"], "data": town.introduction(**more)}


def test_writers_take_turns_and_every_revision_is_taken_once(
    network: Network, town: Town, crowd: Any
) -> None:
    before = network.revision

    def log() -> list[int]:
        values = town.introduction()
        return [network.connector.make("introductions", values)["revision"] for _ in range(5)]

    taken = [revision for revisions in crowd(*[log] * CROWD) for revision in revisions]
    assert sorted(taken) == list(range(before + 1, before + 1 + 5 * CROWD))
    assert network.revision == before + 5 * CROWD


def test_of_edits_of_one_version_one_wins_and_the_others_see_it(
    network: Network, introduction: dict[str, Any], crowd: Any
) -> None:
    path, tag = f"introductions/{introduction['id']}", f'"{introduction["version"]}"'

    def edit(number: int) -> Any:
        purpose = {"purpose": f"Edit {number}"}
        return lambda: network.connector.patch(path, purpose, If_Match=tag)

    answers = crowd(*map(edit, range(CROWD)))
    (won,) = [answer for answer in answers if answer.status_code == 200]
    lost = [answer for answer in answers if answer.status_code == 412]
    assert len(lost) == CROWD - 1
    assert network.connector.get(path).json == won.json
    assert {answer.json["current"]["version"] for answer in lost} == {won.json["version"]}


def test_edits_of_different_fields_are_all_kept(
    network: Network, town: Town, introduction: dict[str, Any], crowd: Any
) -> None:
    edits = [{"channel": "video"}, {"purpose": "A hall"}, {"status": "offered"}]

    def push(edit: dict[str, Any]) -> Any:
        sent = op(introduction, town, **edit)
        return lambda: network.connector.push(sent)[0]["status"]

    assert sorted(crowd(*map(push, edits))) == ["applied", "merged", "merged"]
    told = network.connector.get(f"introductions/{introduction['id']}").json
    assert told | edits[0] | edits[1] | edits[2] == told


def test_one_operation_sent_many_times_is_carried_out_once(
    network: Network, town: Town, introduction: dict[str, Any], crowd: Any
) -> None:
    before = network.revision
    sent = op(introduction, town, purpose="Once")
    answers = crowd(*[lambda: network.connector.push(sent)[0]] * CROWD)
    assert {answer["status"] for answer in answers} == {"applied"}
    assert sorted(answer.get("replayed", False) for answer in answers) == [False, True, True, True]
    assert network.revision == before + 1


def test_who_may_not_write_waits_for_nobody(
    network: Network, other_network: Network, town: Town
) -> None:
    network.admin.delete(f"members/{network.colleague.member_id}")
    unknown = replace(network.connector, token="weft_of-nobody")
    strange = replace(other_network.connector, network_id=network.id)
    values = town.introduction()
    with network.database.transaction(network.id) as cx:
        lock_network(cx, network.id)
        refused = [
            member.post("introductions", values).json["code"]
            for member in (unknown, strange, network.colleague)
        ]
    assert refused == ["not_signed_in", "unknown_network", "account_disabled"]


def test_one_key_sent_many_times_makes_one_record(network: Network, town: Town, crowd: Any) -> None:
    def log() -> Any:
        return network.connector.post("introductions", town.introduction(), Idempotency_Key="once")

    answers = crowd(*[log] * CROWD)
    assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 201]
    assert len({answer.json["id"] for answer in answers}) == 1
    assert network.rows("SELECT count(*) FROM introduction") == [(1,)]


def test_what_may_be_there_once_is_there_once(network: Network, crowd: Any) -> None:
    def log() -> Any:
        return network.connector.post("quiet-weeks", {"week_on": "2026-04-06"}).status_code

    assert sorted(crowd(*[log] * CROWD)) == [201, 409, 409, 409]


def test_a_removal_and_an_edit_never_both_succeed(
    network: Network, introduction: dict[str, Any], crowd: Any
) -> None:
    path, tag = f"introductions/{introduction['id']}", f'"{introduction["version"]}"'
    edited, removed = crowd(
        lambda: network.connector.patch(path, {"purpose": "Stays"}, If_Match=tag).status_code,
        lambda: network.connector.delete(path, If_Match=tag).status_code,
    )
    assert (edited, removed) in [(200, 412), (410, 204)]
    left = network.connector.get(path).status_code
    assert left == (200 if edited == 200 else 410)


def test_a_phone_that_pulls_all_the_while_misses_nothing(
    network: Network, town: Town, crowd: Any
) -> None:
    over = Event()

    def log() -> list[str]:
        try:
            values = town.introduction()
            return [network.connector.make("introductions", values)["id"] for _ in range(15)]
        finally:
            over.set()

    def pull() -> list[Any]:
        changes, cursor = network.colleague.pull(limit=3)
        while not over.is_set():
            more, cursor = network.colleague.pull(cursor, limit=3)
            changes += more
        return changes + network.colleague.pull(cursor, limit=3)[0]

    made, changes = crowd(log, pull)
    revisions = [change["revision"] for change in changes]
    assert revisions == sorted(set(revisions))
    heard = [change["id"] for change in changes if change["kind"] == "introductions"]
    assert heard == made


class Held:
    """A transaction that has written, and holds its network, and is not committed yet."""

    def __init__(self, member: Member, network: Network, town: Town) -> None:
        self.member, self.network, self.town = member, network, town

    def __enter__(self) -> UUID:
        self.block = self.network.database.transaction(self.network.id)
        cx = self.block.__enter__()
        change = Change("introductions", uuid4(), self.town.introduction())
        (outcome,) = apply(cx, self.member.actor, [change])
        assert outcome.status == "applied"
        return change.id

    def __exit__(self, *error: object) -> None:
        self.block.__exit__(None, None, None)


@pytest.fixture
def is_waiting(database_url: str) -> Iterator[Callable[[], bool]]:
    """Tells whether some transaction of this database waits for another; its owner can see."""
    statement = (
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    engine = create_engine(sqlalchemy_url(database_url), isolation_level="AUTOCOMMIT")
    with engine.connect() as cx:
        yield lambda: cx.exec_driver_sql(statement).scalar_one() > 0
    engine.dispose()


def test_the_order_of_revisions_is_the_order_of_commits(
    network: Network, town: Town, is_waiting: Callable[[], bool]
) -> None:
    _, cursor = network.colleague.pull()
    with ThreadPoolExecutor(1) as pool:
        with Held(network.connector, network, town) as first:
            later = pool.submit(network.connector.make, "introductions", town.introduction())
            assert any(is_waiting() or later.done() for _ in count())
            assert not later.done()  # else its revision would be heard of before the first's
            nothing, cursor = network.colleague.pull(cursor)
        second = later.result()["id"]
    changes, _ = network.colleague.pull(cursor)
    assert nothing == []
    assert [change["id"] for change in changes] == [str(first), second]


def test_who_lost_a_role_while_they_waited_is_judged_by_the_new_one(
    network: Network, town: Town, is_waiting: Callable[[], bool]
) -> None:
    member = network.connector
    new = {"op_id": str(uuid4()), "kind": "introductions", "id": str(uuid4()), "action": "put"}
    sent = {"client_id": str(uuid4()), "ops": [new | {"data": town.introduction()}]}
    with ThreadPoolExecutor(1) as pool:
        with (
            network.database.transaction(network.id) as cx,
            changing_members(cx, network.id),
        ):
            change_role(cx, network.id, member.member_id, "funder")
            waiting = pool.submit(member.post, "sync/push", sent)
            assert any(is_waiting() or waiting.done() for _ in count())
        answer = waiting.result()
    assert (answer.status_code, answer.json["code"]) == (503, "busy")
    (result,) = member.post("sync/push", sent).json["results"]
    assert result["error"]["code"] == "out_of_scope"


def test_whatever_it_is_now_holds_for_who_waited_too(
    network: Network, introduction: dict[str, Any], is_waiting: Callable[[], bool]
) -> None:
    path, tag = f"introductions/{introduction['id']}", f'"{introduction["version"]}"'
    values = {name: introduction[name] for name in ("made_at", "parties")} | {"channel": "phone"}
    theirs = Change("introductions", UUID(introduction["id"]), values,
                    base_version=UUID(introduction["version"]))  # fmt: skip
    with ThreadPoolExecutor(1) as pool:
        with network.database.transaction(network.id) as cx:
            apply(cx, network.coordinator.actor, [theirs])
            tap = {"purpose": "Waited"}
            waiting = pool.submit(network.connector.patch, path, tap, If_Match="*")
            assert any(is_waiting() or waiting.done() for _ in count())
        answer = waiting.result()
    assert answer.status_code == 200, answer.json
    assert (answer.json["channel"], answer.json["purpose"]) == ("phone", "Waited")
    assert network.connector.patch(path, {"purpose": "Late"}, If_Match=tag).status_code == 412


def test_networks_do_not_wait_for_each_other(
    network: Network, other_network: Network, town: Town
) -> None:
    with Held(network.connector, network, town):
        assert other_network.coordinator.post("boundaries", {"name": "Rail"}).status_code == 201


def test_who_only_refers_to_a_network_does_not_wait_for_its_writer(
    network: Network, town: Town
) -> None:
    with Held(network.connector, network, town), network.database.transaction(network.id) as cx:
        cx.exec_driver_sql("SELECT FROM network FOR KEY SHARE NOWAIT")  # as foreign keys do


def test_who_waits_too_long_is_asked_to_come_again(network: Network, town: Town) -> None:
    with Held(network.connector, network, town):
        answer = network.connector.post("introductions", town.introduction())
    assert (answer.status_code, answer.json["code"]) == (503, "busy")
    assert int(answer.headers["Retry-After"]) >= 1
    assert network.rows("SELECT count(*) FROM introduction") == [(1,)]


def test_what_a_reader_sees_is_of_one_moment(network: Network, town: Town) -> None:
    statement = "SELECT count(*) FROM introduction"
    with network.database.snapshot(network.id) as cx:
        before = cx.exec_driver_sql(statement).scalar_one()
        network.connector.make("introductions", town.introduction())
        assert cx.exec_driver_sql(statement).scalar_one() == before
    assert network.rows(statement) == [(before + 1,)]


def test_two_readers_side_by_side_see_one_moment(network: Network, town: Town) -> None:
    statement = "SELECT count(*) FROM introduction"
    network.connector.make("introductions", town.introduction())
    with network.database.snapshot(network.id) as cx:
        assert cx.exec_driver_sql(statement).scalar_one() == 1
        network.connector.make("introductions", town.introduction())
        with network.database.beside(cx, network.id) as other:
            assert other.exec_driver_sql(statement).scalar_one() == 1
