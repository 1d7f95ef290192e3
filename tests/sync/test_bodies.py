"""Bodies larger than may be, on a server as an operator starts it: everybody hears the answer."""

from __future__ import annotations

import http.client
import json
from contextlib import closing
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import pytest

from tests.fixtures.server import serving

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.fixtures.networks import Member, Network

MEGABYTE = 1_000_000


@pytest.fixture(scope="module")
def port(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of a server."""
    with serving(database_url, tmp_path_factory.mktemp("bodies"), WEFT_WORKERS="1") as env:
        yield int(env["WEFT_PORT"])


def push(port: int, member: Member, size: int, *, is_chunked: bool = False) -> tuple[int, Any]:
    """Push nothing, in an envelope of this size, and listen once all of it is sent."""
    body = b" " * size + json.dumps({"client_id": str(uuid4()), "ops": []}).encode()
    headers = {"Authorization": f"Bearer {member.token}", "Content-Type": "application/json"}
    server = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    with closing(server) as connection:
        path = f"/api/v1/networks/{member.network_id}/sync/push"
        sent: Any = iter([body]) if is_chunked else body
        connection.request("POST", path, sent, headers, encode_chunked=is_chunked)
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())


def test_a_body_of_ten_megabytes_is_answered_by_name(port: int, network: Network) -> None:
    status, said = push(port, network.connector, 10 * MEGABYTE)
    assert (status, said["code"]) == (413, "batch_too_large")


@pytest.mark.parametrize("megabytes", [1.5, 3, 10])
def test_so_is_one_that_comes_in_chunks(port: int, network: Network, megabytes: float) -> None:
    size = int(megabytes * MEGABYTE)
    status, said = push(port, network.connector, size, is_chunked=True)
    assert (status, said["code"]) == (413, "batch_too_large")


@pytest.mark.parametrize(("megabytes", "is_chunked"), [(1.5, True), (10, False)])
def test_so_is_a_piece_of_a_file(
    port: int, network: Network, megabytes: float, is_chunked: bool
) -> None:
    piece: Any = bytes(int(megabytes * MEGABYTE))
    path = f"/api/v1/networks/{network.id}/sync/uploads/{uuid4()}"
    headers = {
        "Authorization": f"Bearer {network.connector.token}",
        "Content-Type": "application/offset+octet-stream",
        "Tus-Resumable": "1.0.0",
        "Upload-Offset": "0",
    }
    server = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    with closing(server) as connection:
        sent = iter([piece]) if is_chunked else piece
        connection.request("PATCH", path, sent, headers, encode_chunked=is_chunked)
        answer = connection.getresponse()
        said = json.loads(answer.read())
    assert (answer.status, said["code"]) == (413, "batch_too_large")
    assert "chunk size" in said["detail"]


@pytest.mark.parametrize(
    "sign", [{}, {"Authorization": "Basic YTpi"}, {"Authorization": "Bearer "}]
)
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "sync/push"),
        ("PATCH", f"sync/uploads/{UUID(int=1)}"),
        ("POST", "introductions"),
        ("PATCH", f"introductions/{UUID(int=1)}"),
        ("POST", "invitations"),
        ("POST", "imports/groups"),
    ],
)
def test_who_brings_no_token_is_answered_before_their_body_is_there(
    port: int, network: Network, method: str, path: str, sign: dict[str, str]
) -> None:
    server = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    with closing(server) as connection:
        connection.putrequest(method, f"/api/v1/networks/{network.id}/{path}")
        for name, value in (sign | {"Content-Length": "999", "Tus-Resumable": "1.0.0"}).items():
            connection.putheader(name, value)
        connection.endheaders(b"{")
        answer = connection.getresponse()
        assert (answer.status, json.loads(answer.read())["code"]) == (401, "not_signed_in")


def test_what_may_be_sent_may_come_in_chunks(port: int, network: Network) -> None:
    assert push(port, network.connector, MEGABYTE, is_chunked=True)[0] == 200
