"""Tus: what clients of every sort are told, also where no upload of ours was asked."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING, Any

import pytest

from api.records.attachments.schema import MOST_BYTES
from tests.attachments.conftest import TUS, File

if TYPE_CHECKING:
    from flask import Flask
    from werkzeug.test import TestResponse

    from tests.fixtures.networks import Network

MEDIA = "application/offset+octet-stream"


def post(file: File, override: str | None, **more: Any) -> TestResponse:
    """POST to an upload, meaning another method."""
    meant = {} if override is None else {"X-HTTP-Method-Override": override}
    headers = TUS | {"Upload-Offset": "0"} | meant
    return file.member.ask("POST", file.path, headers=headers, **more)


def test_the_server_says_what_it_can(network: Network) -> None:
    said = network.connector.ask("OPTIONS", "sync/uploads").headers
    assert said["Tus-Version"] == said["Tus-Resumable"] == "1.0.0"
    assert said["Tus-Extension"].split(",") == ["creation", "checksum", "expiration"]
    assert int(said["Tus-Max-Size"]) >= 1_000_000


def test_another_version_of_tus_is_refused(file: File) -> None:
    answer = file.announce(**{"Tus-Resumable": "0.2.2"})
    assert (answer.status_code, answer.json["code"]) == (412, "tus_version_unsupported")
    assert answer.headers["Tus-Version"] == "1.0.0"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("HEAD", "sync/uploads", 405),
        ("PUT", "sync/uploads", 405),
        ("GET", "sync/uploads/{id}", 405),
        ("DELETE", "sync/uploads/{id}", 405),
        ("HEAD", "sync/uploads/abc", 404),
        ("HEAD", "/api/v1/networks/abc/sync/uploads/{id}", 404),
        ("HEAD", "sync/uploads/{id}", 404),
        ("PATCH", "sync/uploads/{id}", 415),
    ],
)
def test_every_refusal_speaks_tus_and_is_kept_by_no_cache(
    file: File, method: str, path: str, status: int
) -> None:
    answer = file.member.ask(method, path.format(id=file.id), headers=TUS)
    assert answer.status_code == status
    assert answer.headers["Tus-Resumable"] == "1.0.0"
    assert answer.headers["Cache-Control"] == "no-store"


def test_so_does_that_of_a_stranger(file: File, app: Flask) -> None:
    address = f"/api/v1/networks/{file.member.network_id}/{file.path}"
    answer = app.test_client().head(address, headers=TUS)
    assert (answer.status_code, answer.headers["Tus-Resumable"]) == (401, "1.0.0")
    assert answer.headers["Cache-Control"] == "no-store"


def test_what_is_not_of_uploads_speaks_no_tus(network: Network) -> None:
    for path in ("sync", "sync/uploadsx", "introductions"):
        answer = network.connector.get(path)
        assert "Tus-Resumable" not in answer.headers
        assert answer.headers["Cache-Control"] == "private, no-cache"


@pytest.mark.parametrize("override", ["PATCH", "patch", "Patch"])
def test_who_cannot_send_patch_sends_post(file: File, override: str) -> None:
    file.announce()
    sent = post(file, override, data=file.content, content_type=MEDIA)
    assert (sent.status_code, sent.headers["Upload-Offset"]) == (204, str(len(file.content)))


@pytest.mark.parametrize("override", ["HEAD", "head"])
def test_who_cannot_send_head_sends_post(file: File, override: str) -> None:
    file.announce()
    file.send(0, 100)
    asked, told = post(file, override), file.head()
    assert (asked.status_code, asked.data) == (200, b"")
    for name in ("Upload-Offset", "Upload-Length", "Upload-Metadata", "Upload-Expires"):
        assert asked.headers[name] == told.headers[name]


@pytest.mark.parametrize("override", [None, "", "DELETE", "GET", "POST", "OPTIONS"])
def test_no_other_method_is_meant_by_post(file: File, override: str | None) -> None:
    file.announce()
    refused = post(file, override, data=file.content, content_type=MEDIA)
    assert (refused.status_code, refused.json["code"]) == (405, "method_not_allowed")
    assert "PATCH" in refused.headers["Allow"]
    assert file.head().headers["Upload-Offset"] == "0"


def test_nothing_more_at_the_end_of_what_was_kept_is_right(file: File, introduction: str) -> None:
    """So asks a client that lost the last answer, or announced again what had arrived."""
    file.attach(introduction)
    file.upload()
    size = len(file.content)
    for _ in range(2):
        answer = file.send(size)
        assert (answer.status_code, answer.headers["Upload-Offset"]) == (204, str(size))
    assert file.state == "stored"


def test_more_at_the_end_of_what_was_kept_is_too_much(file: File) -> None:
    file.upload()
    size = len(file.content)
    file.content += b"!"
    answer = file.send(size)
    assert (answer.status_code, answer.json["code"]) == (413, "upload_too_long")


def test_nothing_more_elsewhere_in_what_was_kept_is_told_where_it_ends(file: File) -> None:
    file.upload()
    size = len(file.content)
    for offset in (0, size - 1, size + 1):
        answer = file.send(size, **{"Upload-Offset": str(offset)})
        assert (answer.status_code, answer.json["code"]) == (409, "offset_conflict")
        assert answer.headers["Upload-Offset"] == str(size)


@pytest.mark.parametrize("media", ["", "application/octet-stream", "application/json"])
def test_a_piece_has_a_media_type_of_its_own(file: File, media: str) -> None:
    file.announce()
    answer = post(file, "PATCH", data=file.content[:10], content_type=media)
    assert (answer.status_code, answer.json["code"]) == (415, "not_json")
    assert MEDIA in answer.json["detail"]
    assert file.head().headers["Upload-Offset"] == "0"


def test_a_piece_is_not_packed(file: File) -> None:
    file.announce()
    packed = file.content[:100]
    for encoding, file.content in {"gzip": gzip.compress(packed), "br": packed}.items():
        answer = file.send(0, **{"Content-Encoding": encoding})
        assert (answer.status_code, answer.json["code"]) == (415, "not_json")
        assert "without Content-Encoding" in answer.json["detail"]
    assert file.head().headers["Upload-Offset"] == "0"


def test_a_piece_has_a_size_and_a_place(file: File) -> None:
    file.announce()
    file.content = bytes(2**20 + 1)
    assert file.send(0).json["code"] == "batch_too_large"
    for nowhere in ("one", "", "-1", "1.0"):
        assert file.send(0, 10, **{"Upload-Offset": nowhere}).json["code"] == "bad_request"
    beyond = file.send(0, 10, **{"Upload-Offset": "9" * 5000})
    assert (beyond.status_code, beyond.headers["Upload-Offset"]) == (409, "0")


@pytest.mark.parametrize("length", [str(MOST_BYTES + 1), "1" + "0" * 16, "9" * 40, "9" * 5000])
def test_a_file_is_too_large_however_large_it_is(file: File, length: str) -> None:
    answer = file.announce(**{"Upload-Length": length})
    assert (answer.status_code, answer.json["code"]) == (413, "quota_exceeded")


def test_noughts_before_a_number_add_nothing_to_it(file: File) -> None:
    assert file.announce(**{"Upload-Length": f"{len(file.content):060}"}).status_code == 201
    assert file.head().headers["Upload-Length"] == str(len(file.content))
