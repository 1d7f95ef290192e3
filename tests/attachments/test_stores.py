"""Stores: the same behaviour on disk and with an S3-compatible service, a real one."""

from __future__ import annotations

import re
import subprocess
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from api.settings import Settings
from api.sync.uploads.desk import open_desk
from tests.attachments import files
from tests.attachments.conftest import File

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flask import Flask

    from api.sync.uploads.store import Store
    from tests.fixtures.networks import Network
    from tests.fixtures.node import Node


@pytest.fixture(scope="module")
def bucket(node: Node, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an S3 service with one bucket."""
    folder = tmp_path_factory.mktemp("s3")
    words = node.command("tests/attachments/bucket.mjs", str(folder))
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as process:
        yield re.search(r"http://\S+", process.stdout.readline())[0]
        process.terminate()


@pytest.fixture(params=["disk", "s3"])
def settings(request: pytest.FixtureRequest, app_settings: Settings, tmp_path: Path) -> Settings:
    """Settings that name the store."""
    if request.param == "disk":
        return replace(app_settings, var=tmp_path)
    named = {"files_url": "s3://weft/town", "files_key": "S3RVER", "files_secret": "S3RVER"}
    endpoint = request.getfixturevalue("bucket")
    return replace(app_settings, var=tmp_path, files_endpoint=endpoint, **named)


@pytest.fixture
def store(settings: Settings) -> Store:
    """The store itself."""
    return open_desk(settings).store


def test_a_file_is_read_as_it_was_put(store: Store) -> None:
    content = bytes(range(256)) * 4096
    store.put("a/b", b"before")
    store.put("a/b", content)
    assert b"".join(store.read("a/b", 0, len(content))) == content
    assert b"".join(store.read("a/b", 1000, 600_000)) == content[1000:600_000]


def test_what_was_dropped_is_not_there_and_dropping_it_again_is_harmless(store: Store) -> None:
    store.put("a/c", b"x")
    for _ in range(2):
        store.drop("a/c")
    with pytest.raises(FileNotFoundError):
        store.read("a/c", 0, 1)


def test_an_attachment_goes_there_and_comes_back(
    settings: Settings, app: Flask, network: Network, introduction: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setitem(app.extensions, "files", open_desk(settings))
    file = File(network.connector, files.sound(), "audio/wav")
    file.attach(introduction)
    assert file.upload().status_code == 204
    assert file.download().data[:4] == b"RIFF"
    assert file.download(Range="bytes=0-3").data == b"RIFF"


def test_while_the_service_is_away_the_phone_is_told_to_wait_and_loses_nothing(
    app_settings: Settings, app: Flask, network: Network, introduction: str, tmp_path: Path,
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    named = {"files_url": "s3://weft/town", "files_key": "S3RVER", "files_secret": "S3RVER"}
    away = replace(app_settings, var=tmp_path, files_endpoint="http://127.0.0.1:9", **named)
    monkeypatch.setitem(app.extensions, "files", open_desk(away))
    file = File(network.connector, files.sound(), "audio/wav")
    file.attach(introduction)
    refused = file.upload()
    assert (refused.status_code, refused.json["code"]) == (503, "files_unavailable")
    assert refused.headers["Retry-After"]
    back = replace(away, files_endpoint=request.getfixturevalue("bucket"))
    monkeypatch.setitem(app.extensions, "files", open_desk(back))
    assert file.head().headers["Upload-Offset"] == str(len(file.content))
    assert file.state == "stored"


def test_a_file_on_disk_is_for_this_user_alone(app_settings: Settings, tmp_path: Path) -> None:
    open_desk(replace(app_settings, var=tmp_path)).store.put("n/f", b"x")
    for folder in (tmp_path / "files", tmp_path / "files" / "n"):
        assert folder.stat().st_mode & 0o077 == 0


def test_only_a_bucket_of_s3_is_understood() -> None:
    with pytest.raises(ValueError, match="WEFT_FILES_URL must begin with s3://"):
        Settings.from_env(
            {"WEFT_FILES_URL": "ftp://x", "WEFT_SECRET": "x", "WEFT_DATABASE_URL": ""}
        )
