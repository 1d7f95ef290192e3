"""The hub without a server around it: with announcements alone, and without any."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
from granian.wsgi import ResponseIterWrap

from api.accounts.authentication import authenticate
from api.core.announce import CHANNEL, NOTIFY, Announcer
from api.core.driver import ask
from api.core.problems import Problem
from api.server import Protocol
from api.sync import hub as hubs
from api.sync.hub import Hub
from api.sync.listener import BEAT, Listener

from .test_stream import log

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask
    from sqlalchemy import Connection

    from api.core.db import Database
    from tests.fixtures.networks import Member, Network

PLACES = 2
PATIENCE = 30  # seconds
MOST_BEATS = 500  # in silence; only a hub that fails comes to that


class Observed(Hub):
    """A hub that says when its beginning is over: two looks come with that, beat or not."""

    def __init__(self, database: Database) -> None:
        super().__init__(database, authenticate, PLACES)
        self.settled = threading.Event()
        self.looks = 0

    def _look_at(self, cx: Connection, networks: set[str] | None) -> None:
        super()._look_at(cx, networks)
        self.looks += networks is None
        if self.looks > 1:
            self.settled.set()


@pytest.fixture
def hub(database: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[Observed]:
    """A hub that beats quickly, among people who announce nothing."""
    monkeypatch.setattr(hubs, "BEAT", 0.02)
    monkeypatch.setattr(Announcer, "announce", lambda *_: None)
    with patiently(Observed(database)) as made:
        yield made


@pytest.fixture
def listening_hub(database: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[Observed]:
    """A hub that never beats, so it hears what is announced or nothing."""
    monkeypatch.setattr(hubs, "BEAT", 3600)
    with patiently(Observed(database)) as made:
        yield made


@contextmanager
def patiently(hub: Observed) -> Iterator[Observed]:
    """Only a hub that fails to tell anything is ended by the clock."""
    clock = threading.Timer(PATIENCE, hub.close)
    clock.start()
    yield hub
    clock.cancel()
    hub.close()


def admit(hub: Hub, member: Member, heard: int = -1) -> Listener:
    listener = Listener(member.actor, member.token, heard)
    hub.admit(listener)
    return listener


def admit_settled(hub: Observed, member: Member) -> Listener:
    """A listener told of all that happened before."""
    listener = admit(hub, member)
    next(news(listener))
    hub.settled.wait(PATIENCE)
    return listener


def news(listener: Listener) -> Iterator[bytes]:
    """What a listener says besides that it lives."""
    for beats, said in enumerate(listener):
        assert beats < MOST_BEATS, "nothing came but beats"
        if said != BEAT:
            yield said


def revision_in(said: bytes) -> int:
    return int(said.partition(b"\n")[0].removeprefix(b"id: "))


def test_a_change_that_nobody_announces_is_heard_of_with_a_beat(
    hub: Observed, network: Network
) -> None:
    listener = admit_settled(hub, network.connector)
    revision = log(network.colleague)
    assert revision_in(next(news(listener))) == revision


def test_an_announced_change_is_heard_of_without_a_beat(
    listening_hub: Observed, network: Network
) -> None:
    listener = admit_settled(listening_hub, network.connector)
    revision = log(network.colleague)
    assert revision_in(next(news(listener))) == revision


def test_what_follows_too_soon_to_be_announced_is_heard_of_without_a_beat(
    listening_hub: Observed, network: Network
) -> None:
    listener = admit_settled(listening_hub, network.connector)
    for week in ("2026-03-30", "2026-04-06", "2026-04-13"):
        revision = log(network.colleague, week)
        assert revision_in(next(news(listener))) == revision


def test_what_is_announced_while_the_hub_looks_is_heard_of_without_a_beat(
    listening_hub: Observed, network: Network, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    listener = admit_settled(listening_hub, network.connector)
    told, meanwhile, look = news(listener), [], listening_hub.look

    def look_and_be_late(cx: Connection, found: list[Listener]) -> None:
        look(cx, found)
        if told_first and not meanwhile:  # after the second look, before its transaction ends
            meanwhile.append(log(network.colleague, "2026-04-06"))
            announce(database, network)

    told_first: list[int] = []
    monkeypatch.setattr(listening_hub, "look", look_and_be_late)
    log(network.colleague)
    told_first.append(revision_in(next(told)))
    assert revision_in(next(told)) == meanwhile[0]


def announce(database: Database, network: Network) -> None:
    """Say that a network moved on, however lately that was said."""
    with database.transaction() as cx:
        ask(cx, NOTIFY, {"channel": CHANNEL, "network": str(network.id)})


def test_a_change_of_membership_is_announced(listening_hub: Observed, network: Network) -> None:
    listener = admit_settled(listening_hub, network.connector)
    network.admin.delete(f"members/{network.connector.member_id}")
    assert list(news(listener)) == []
    assert not listening_hub._is_closed, "it was the clock"


def test_the_stream_of_a_device_taken_back_ends_with_a_beat(
    hub: Observed, network: Network
) -> None:
    listener = news(admit(hub, network.connector))
    next(listener)
    network.connector.post("/api/v1/sign-out", None)
    assert list(listener) == []


def test_a_stream_ends_when_it_is_old_for_its_client_may_be_gone(
    hub: Observed, network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hubs, "LIFE", 0)
    assert len(list(news(admit(hub, network.connector)))) == 1


def test_who_hangs_up_makes_room(hub: Observed, network: Network) -> None:
    first, _ = admit(hub, network.connector), admit(hub, network.colleague)
    with pytest.raises(Problem, match="too_many_listeners"):
        admit(hub, network.admin)
    first.close()
    first.close()
    admit(hub, network.admin)


def test_without_a_database_the_streams_end(
    hub: Observed, network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub, "_database", None)
    assert list(news(admit(hub, network.connector))) == []
    assert not hub._is_closed, "it was the clock"


def test_nobody_is_admitted_once_the_process_is_to_stop(hub: Observed, network: Network) -> None:
    listener = admit(hub, network.connector)
    hub.close()
    assert len(list(news(listener))) <= 1
    with pytest.raises(Problem, match="unavailable"):
        admit(hub, network.connector)


def test_who_opens_a_stream_is_told_at_once(
    app: Flask, network: Network, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Hub, "_run", lambda _: None)
    monkeypatch.setitem(app.extensions, "hub", Hub(database, authenticate, PLACES))
    revision = log(network.colleague)
    answer = network.connector.get("sync/stream")
    assert revision_in(next(iter(answer.response))) == revision


def test_a_stream_that_cannot_begin_takes_no_place(
    app: Flask, network: Network, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise Problem("unavailable")

    monkeypatch.setattr(Hub, "look", fail)
    monkeypatch.setattr(Hub, "_run", lambda _: None)
    monkeypatch.setitem(app.extensions, "hub", Hub(database, authenticate, PLACES))
    for _ in range(PLACES + 1):
        assert network.connector.get("sync/stream").json["code"] == "unavailable"


def test_a_stream_that_no_thread_is_left_for_takes_no_place(
    hub: Observed, network: Network
) -> None:
    with no_thread_left(), pytest.raises(RuntimeError):
        admit(hub, network.connector)
    for _ in range(PLACES + 1):
        listener = admit(hub, network.connector)
        with no_thread_left(), pytest.raises(RuntimeError):
            Protocol(SimpleNamespace(response_bytes=None, response_iter=None)).response_iter(
                200, [], ResponseIterWrap(listener)
            )
    assert revision_in(next(news(admit(hub, network.connector)))) >= 0


@contextmanager
def no_thread_left() -> Iterator[None]:
    """No thread can start: none finds room for so large a stack."""
    before = threading.stack_size(2**62)
    try:
        yield
    finally:
        threading.stack_size(before)


def test_asking_for_the_head_takes_no_place(network: Network) -> None:
    for _ in range(hubs.OF_MEMBER + 1):
        answer = network.connector.ask("HEAD", "sync/stream")
        assert answer.status_code == 200
        assert answer.content_type.startswith("text/event-stream")
