"""The hub without a server around it: what happens when nobody announces anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from api.accounts.authentication import authenticate
from api.core.announce import Announcer
from api.core.problems import Problem
from api.sync import hub as hubs
from api.sync.hub import Hub
from api.sync.listener import BEAT, Listener

from .test_stream import log

if TYPE_CHECKING:
    from collections.abc import Iterator

    from api.core.db import Database
    from tests.fixtures.networks import Member, Network

PLACES = 2


@pytest.fixture
def hub(database: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    """A hub that beats quickly, among people who announce nothing."""
    monkeypatch.setattr(hubs, "BEAT", 0.02)
    monkeypatch.setattr(Announcer, "announce", lambda *_: None)
    made = Hub(database, authenticate, PLACES)
    yield made
    made.close()


def admit(hub: Hub, member: Member, heard: int = -1) -> Listener:
    listener = Listener(member.actor, member.token, heard)
    hub.admit(listener)
    return listener


def news(listener: Listener) -> Iterator[bytes]:
    """What a listener says besides that it lives."""
    return (said for said in listener if said != BEAT)


def test_a_change_that_nobody_announces_is_heard_of_with_a_beat(hub: Hub, network: Network) -> None:
    listener = news(admit(hub, network.connector))
    next(listener)
    revision = log(network.colleague)
    assert next(listener).startswith(f"id: {revision}\n".encode())


def test_the_stream_of_a_device_taken_back_ends_with_a_beat(hub: Hub, network: Network) -> None:
    listener = news(admit(hub, network.connector))
    next(listener)
    network.connector.post("/api/v1/sign-out", None)
    assert list(listener) == []


def test_a_stream_ends_when_it_is_old_for_its_client_may_be_gone(
    hub: Hub, network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hubs, "LIFE", 0)
    assert len(list(news(admit(hub, network.connector)))) == 1


def test_who_hangs_up_makes_room(hub: Hub, network: Network) -> None:
    first, _ = admit(hub, network.connector), admit(hub, network.colleague)
    with pytest.raises(Problem, match="too_many_listeners"):
        admit(hub, network.admin)
    first.close()
    first.close()
    admit(hub, network.admin)


def test_without_a_database_the_streams_end(
    hub: Hub, network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub, "_database", None)
    assert list(news(admit(hub, network.connector))) == []


def test_nobody_is_admitted_once_the_process_is_to_stop(hub: Hub, network: Network) -> None:
    listener = admit(hub, network.connector)
    hub.close()
    assert len(list(news(listener))) <= 1
    with pytest.raises(Problem, match="unavailable"):
        admit(hub, network.connector)


def test_asking_for_the_head_takes_no_place(network: Network) -> None:
    for _ in range(hubs.OF_MEMBER + 1):
        answer = network.connector.ask("HEAD", "sync/stream")
        assert answer.status_code == 200
        assert answer.content_type.startswith("text/event-stream")
