"""tus-js-client itself, through a line that breaks: the file arrives whole, once."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from tests.attachments import files
from tests.attachments.conftest import File
from tests.attachments.line import breaking_line
from tests.fixtures.server import serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.fixtures.networks import Network
    from tests.fixtures.node import Node


@pytest.fixture
def port(database_url: str, app_settings: object, tmp_path: Path) -> Iterator[int]:
    """A server process, which keeps its files where this process looks for them."""
    with serving(database_url, app_settings.var, WEFT_SECRET="only for tests") as env:
        yield int(env["WEFT_PORT"])


def send(node: Node, file: File, port: int, path: Path, **more: object) -> dict[str, object]:
    """Upload with the client; what it says in the end."""
    path.write_bytes(file.content)
    network = file.member.network_id
    asked = {
        "file": str(path),
        "endpoint": f"http://127.0.0.1:{port}/api/v1/networks/{network}/sync/uploads",
        "token": file.member.token,
        "chunkSize": 32_768,
        "metadata": {"attachment_id": file.id, "sha256": file.sha256, "mime": file.mime},
    }
    told: dict[str, object] = node.run("tests/attachments/send.mjs", json.dumps(asked | more))
    return told


def test_a_photo_arrives_whole_over_a_line_that_breaks(
    node: Node, network: Network, introduction: str, port: int, tmp_path: Path
) -> None:
    file = File(network.connector, files.picture(size=(1000, 800)))
    file.attach(introduction)
    with breaking_line(port) as line:
        told = send(node, file, line.port, tmp_path / "photo.jpg")
        assert told["done"], told
        assert line.broken > 2
    assert file.state == "stored"
    (tmp_path / "kept.jpg").write_bytes(file.download().data)
    with Image.open(tmp_path / "kept.jpg") as shown:
        assert shown.size == (800, 1000)


def test_a_client_that_sends_it_again_has_nothing_to_send(
    node: Node, network: Network, port: int, tmp_path: Path
) -> None:
    file = File(network.connector, files.sound(), "audio/wav")
    assert send(node, file, port, tmp_path / "note.wav")["done"]
    again = send(node, file, port, tmp_path / "note.wav")
    assert again["done"], again


def test_a_client_with_a_file_that_is_not_what_it_says_is_told_to_stop(
    node: Node, network: Network, port: int, tmp_path: Path
) -> None:
    file = File(network.connector, b"not a picture", "image/jpeg")
    assert send(node, file, port, tmp_path / "photo.jpg") | {"tries": 0} == {
        "done": False, "status": 415, "tries": 0,
    }  # fmt: skip
