"""A server that dies at any point of a push, and the phone that asks again."""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
import time
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from api.settings import HOME
from tests.fixtures.server import free_port
from tests.sync.crashing import HEADER, POINTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.fixtures.networks import Member, Network, Town

PATIENCE = 60  # seconds; only a server that never comes takes them


@contextmanager
def serving(url: str, var: Path) -> Iterator[int]:
    """The crashing server, whose one worker is replaced whenever it dies; its port."""
    port = free_port()
    granian = str(Path(sys.executable).with_name("granian"))
    words = ["--interface", "wsgi", "--factory", "--workers", "1", "--blocking-threads", "8"]
    words += ["--respawn-failed-workers", "--port", str(port), "tests.sync.crashing:create"]
    own = {"WEFT_DATABASE_URL": url, "WEFT_VAR": str(var), "WEFT_SECRET": "only for tests"}
    process = subprocess.Popen([granian, *words], cwd=HOME, env=os.environ | own)
    try:
        yield port
    finally:
        process.terminate()
        process.wait(PATIENCE)


@pytest.fixture
def port(database_url: str, tmp_path: Path) -> Iterator[int]:
    """A server for one test: it takes a second crash in quick succession for a hopeless case."""
    with serving(database_url, tmp_path) as found:
        yield found


def push(port: int, member: Member, body: dict[str, Any], **headers: str) -> dict[str, Any]:
    """Push once; ConnectionError when nobody answers."""
    path = f"/api/v1/networks/{member.network_id}/sync/push"
    named = {"Authorization": f"Bearer {member.token}", "Content-Type": "application/json"}
    server = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    with closing(server) as connection:
        connection.request("POST", path, json.dumps(body), named | headers)
        answer = connection.getresponse()
        assert answer.status == 200
        found: dict[str, Any] = json.loads(answer.read())
    return found


def push_until_answered(port: int, member: Member, body: dict[str, Any]) -> dict[str, Any]:
    """What a phone does: the same request again until somebody answers."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            return push(port, member, body)
        except (ConnectionError, http.client.HTTPException):
            assert time.monotonic() < deadline
            time.sleep(0.05)


@pytest.mark.parametrize("point", POINTS)
def test_what_is_sent_again_after_a_crash_counts_once(
    port: int, network: Network, town: Town, point: str
) -> None:
    proposed = {"name": "Choir", "type": "other", "status": "proposed"}
    data = {"introductions": town.introduction(), "groups": proposed}
    ops = [
        {"op_id": str(uuid4()), "id": str(uuid4()), "kind": kind, "action": "put", "data": values}
        for kind, values in data.items()
        for _ in range(10)
    ]
    first = {"op_id": str(uuid4()), "id": str(uuid4()), "kind": "groups", "action": "put"}
    body = {"client_id": str(uuid4()), "ops": ops}
    push_until_answered(port, network.connector, body | {"ops": [first | {"data": proposed}]})
    before = network.revision
    with pytest.raises((ConnectionError, http.client.HTTPException)):
        push(port, network.connector, body, **{HEADER: point})
    assert network.revision == before + (20 if point == POINTS[-1] else 0), "by half"
    results = push_until_answered(port, network.connector, body)["results"]
    assert {r["status"] for r in results} == {"applied"}
    assert {r.get("replayed", False) for r in results} == {point == POINTS[-1]}
    assert {r["present"] for r in results} == {"same"}
    assert network.revision == before + 20
    found = [network.connector.get(f"{kind}?limit=100").json["items"] for kind in data]
    assert {op["id"] for op in ops} <= {item["id"] for items in found for item in items}
