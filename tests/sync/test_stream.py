"""The change stream, on a server as an operator starts it: who hears what, and who does not."""

from __future__ import annotations

import http.client
import json
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.request import urlopen
from uuid import uuid4

import psycopg
import pytest

from api.core.record import KINDS
from api.sync.hub import NAME, OF_MEMBER, RETRY_AFTER
from tests.fixtures.server import serving

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.fixtures.networks import Member, Network

THREADS, LISTENERS = 2, 32
MOST_BEATS = 4  # in silence, three of them as it opens; only a stream that fails comes to that


@pytest.fixture(scope="module")
def port(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of a server of one process, so that its bounds are the server's."""
    with serve(database_url, tmp_path_factory.mktemp("stream")) as found:
        yield found


@contextmanager
def serve(database_url: str, var: Path) -> Iterator[int]:
    room = {"WEFT_WORKERS": "1", "WEFT_THREADS": str(THREADS), "WEFT_LISTENERS": str(LISTENERS)}
    with serving(database_url, var, **room) as env:
        yield int(env["WEFT_PORT"])


@dataclass
class Stream:
    """An open stream as a client reads it."""

    answer: http.client.HTTPResponse

    def line(self) -> str:
        """The next line that is no comment; empty when the stream has ended."""
        for _ in range(2 * MOST_BEATS):
            line = self.answer.readline().decode()
            if line not in ("\n", ":\n"):
                return line.rstrip("\n")
        message = "nothing came but beats"
        raise AssertionError(message)

    def hear(self) -> int:
        """The next event's revision; an event says nothing else."""
        said = [self.line() for _ in range(3)]
        revision = int(said[0].removeprefix("id: "))
        assert said == [f"id: {revision}", "event: changed", f'data: {{"revision": {revision}}}']
        return revision


@contextmanager
def asking(port: int, member: Member, **headers: str) -> Iterator[http.client.HTTPResponse]:
    """GET the stream; hang up at the end."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    sent = {"Authorization": f"Bearer {member.token}"} | headers
    path = f"/api/v1/networks/{member.network_id}/sync/stream"
    connection.request("GET", path, headers=sent)
    answer = connection.getresponse()
    try:
        yield answer
    finally:
        answer.close()
        connection.close()


@contextmanager
def listening(port: int, member: Member, *, after: int | None = None) -> Iterator[Stream]:
    """Open a stream, as one who has heard of revision `after`."""
    with asking(port, member, **({} if after is None else {"Last-Event-ID": str(after)})) as answer:
        assert answer.status == 200, answer.read()
        yield Stream(answer)


def log(member: Member, week: str = "2026-03-30") -> int:
    """Push a quiet week; its revision."""
    op = {"op_id": str(uuid4()), "kind": "quiet-weeks", "id": str(uuid4()), "action": "put"}
    (result,) = member.push(op | {"data": {"week_on": week}})
    assert result["status"] == "applied", result
    revision: int = result["revision"]
    return revision


def note_down(member: Member) -> int:
    """Write somebody into the member's own notebook; the revision."""
    made = member.make("people", KINDS["people"].example | {"group_ids": []})
    revision: int = made["revision"]
    return revision


def test_a_listener_hears_what_another_member_pushes(port: int, network: Network) -> None:
    with listening(port, network.connector) as stream:
        stream.hear()
        revision = log(network.colleague)
        assert stream.hear() == revision


def test_a_stream_without_a_last_event_tells_at_once_where_things_stand(
    port: int, network: Network
) -> None:
    revision = log(network.colleague)
    with listening(port, network.connector) as stream:
        assert stream.hear() == revision


def test_who_missed_something_is_told_at_once(port: int, network: Network) -> None:
    first, second = log(network.colleague), log(network.colleague, "2026-04-06")
    with listening(port, network.connector, after=first) as stream:
        assert stream.hear() == second


def test_who_missed_nothing_hears_the_next_change_first(port: int, network: Network) -> None:
    first = log(network.colleague)
    with listening(port, network.connector, after=first) as stream:
        second = log(network.colleague, "2026-04-06")
        assert stream.hear() == second


def test_an_event_of_another_life_of_the_database_counts_as_none(
    port: int, network: Network
) -> None:
    revision = log(network.colleague)
    with listening(port, network.connector, after=revision + 1000) as stream:
        assert stream.hear() == revision


def test_nobody_hears_that_others_write_in_their_notebooks(port: int, network: Network) -> None:
    shared = log(network.colleague)
    own = note_down(network.colleague)
    with listening(port, network.colleague, after=shared) as stream:
        assert stream.hear() == own
    with listening(port, network.connector, after=shared) as stream:
        later = log(network.colleague, "2026-04-06")
        assert stream.hear() == later


def test_a_lost_connection_to_the_database_costs_nothing_but_time(
    port: int, network: Network, database_url: str
) -> None:
    with listening(port, network.connector) as stream:
        stream.hear()
        revision = log(network.colleague)
        assert stream.hear() == revision
        with psycopg.connect(database_url) as cx:
            assert (True,) in cx.execute(END_LISTENING, [NAME]).fetchall()
        revision = log(network.colleague, "2026-04-06")
        assert stream.hear() == revision


END_LISTENING = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE application_name = %s AND datname = current_database()
"""


def test_the_stream_of_who_leaves_ends(port: int, network: Network) -> None:
    with listening(port, network.connector) as stream:
        stream.hear()
        network.admin.delete(f"members/{network.connector.member_id}")
        assert stream.line() == ""


def test_the_stream_of_who_becomes_a_funder_ends(port: int, network: Network) -> None:
    with listening(port, network.connector) as stream:
        stream.hear()
        network.admin.patch(f"members/{network.connector.member_id}", {"role": "funder"})
        assert stream.line() == ""


def test_who_gets_another_role_is_told(port: int, network: Network) -> None:
    with listening(port, network.connector) as stream:
        known = stream.hear()
        network.admin.patch(f"members/{network.connector.member_id}", {"role": "coordinator"})
        assert stream.hear() == known


@pytest.mark.parametrize(
    ("name", "status", "code"),
    [
        ("funder", 403, "out_of_scope"),
        ("stranger", 403, "unknown_network"),
        ("", 401, "not_signed_in"),
    ],
)
def test_nobody_listens_who_may_not_sync(
    port: int, network: Network, other_network: Network, name: str, status: int, code: str
) -> None:
    funder, stranger = network.funder, other_network.connector
    token = {"funder": funder.token, "stranger": stranger.token}.get(name, "made-up")
    with asking(port, network.connector, Authorization=f"Bearer {token}") as answer:
        assert (answer.status, json.load(answer)["code"]) == (status, code)


def test_no_proxy_is_to_keep_the_stream_or_to_hold_it_back(port: int, network: Network) -> None:
    with asking(port, network.connector) as answer:
        assert answer.headers["Content-Type"] == "text/event-stream; charset=utf-8"
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Accel-Buffering"] == "no"


def test_one_member_cannot_take_all_the_places(port: int, network: Network) -> None:
    with ExitStack() as streams:
        for _ in range(OF_MEMBER):
            streams.enter_context(listening(port, network.connector))
        with asking(port, network.connector) as answer:
            assert answer.status == 503
            assert answer.headers["Retry-After"] == str(RETRY_AFTER)
            assert json.load(answer)["code"] == "too_many_listeners"
        streams.enter_context(listening(port, network.colleague))


def test_however_many_listen_requests_are_answered_and_the_bound_is_told(
    database_url: str, tmp_path: Path, make_network: Callable[[], Network]
) -> None:
    members = [each for _ in range(2) for each in syncers(make_network())]
    with serve(database_url, tmp_path) as port, ExitStack() as streams:
        for member in members * OF_MEMBER:
            streams.enter_context(listening(port, member))
        assert len(members) * OF_MEMBER == LISTENERS > THREADS
        figures = urlopen(f"http://127.0.0.1:{port}/metrics", timeout=60).read()
        assert f"weft_listeners {LISTENERS}.0".encode() in figures
        assert urlopen(f"http://127.0.0.1:{port}/readyz", timeout=60).status == 200
        with asking(port, syncers(make_network())[0]) as answer:
            assert (answer.status, json.load(answer)["code"]) == (503, "too_many_listeners")


def syncers(network: Network) -> list[Member]:
    return [each for each in network.members.values() if each.role != "funder"]


def test_a_server_that_stops_ends_its_streams_first(
    database_url: str, tmp_path: Path, network: Network
) -> None:
    with ExitStack() as streams:
        with serve(database_url, tmp_path) as port:
            stream = streams.enter_context(listening(port, network.connector))
            stream.hear()
        assert stream.line() == ""  # whole; a stream cut off raises IncompleteRead
