"""Uploads: pieces over a bad line, each safe to send again, none taken for what it is not."""

from __future__ import annotations

import base64
import hashlib
import io
import os
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

import pytest
from PIL import Image

from api.sync.uploads import cleaning, taking
from api.sync.uploads.taking import Desk
from tests.attachments import files
from tests.attachments.conftest import File
from tests.database import WAITING

if TYPE_CHECKING:
    from flask import Flask

    from tests.fixtures.networks import Network


def test_a_file_arrives_in_pieces(file: File, introduction: str) -> None:
    file.attach(introduction)
    made = file.announce()
    assert made.headers["Location"].endswith(file.path)
    assert made.headers["Upload-Expires"].endswith("GMT")
    half = len(file.content) // 2
    assert file.send(0, half).headers["Upload-Offset"] == str(half)
    assert file.head().headers["Upload-Offset"] == str(half)
    assert file.state == "pending"
    assert file.download().json["code"] == "attachment_missing"
    assert file.send(half).status_code == 204
    assert file.state == "stored"
    assert file.download().data[:3] == b"\xff\xd8\xff"


def test_the_name_of_a_file_under_way_is_on_disk_before_its_first_piece_is_acknowledged(
    file: File, app: Flask, network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced, sync = list[int](), os.fsync

    def sync_and_note(opened: int) -> None:
        sync(opened)
        synced.append(os.fstat(opened).st_ino)

    file.announce()
    monkeypatch.setattr(os, "fsync", sync_and_note)
    file.send(0, 100)
    root = app.extensions["settings"].var / "uploads"
    folder = root / str(network.id)
    assert synced[-3:] == [each.stat().st_ino for each in (root, folder, folder / file.id)]


def test_it_may_arrive_before_its_record(file: File, introduction: str) -> None:
    assert file.upload().status_code == 204
    assert file.download().status_code == 404
    file.attach(introduction)
    assert file.download().status_code == 200


def test_head_says_what_was_announced_but_for_the_files_own_name(file: File) -> None:
    file.announce()
    pairs = (pair.split() for pair in file.head().headers["Upload-Metadata"].split(","))
    said = {name: base64.b64decode(value).decode() for name, value in pairs}
    assert said == {"attachment_id": file.id, "sha256": file.sha256, "mime": file.mime}


def test_an_upload_is_for_one_request_at_a_time(
    file: File, introduction: str, app: Flask, network: Network
) -> None:
    file.attach(introduction)
    file.announce()
    with app.extensions["files"].pieces.holding(network.id, UUID(file.id)) as held:
        answer = file.send(0)
        assert (answer.status_code, answer.json["code"]) == (423, "upload_locked")
        held.write(file.content)
        held.flush()
        assert file.head().status_code == 423, "whoever holds it may be about to refuse it"
    assert file.head().status_code == 200
    assert file.state == "stored"


def test_seeing_to_what_was_seen_to_changes_nothing(
    file: File, introduction: str, app: Flask, network: Network
) -> None:
    file.attach(introduction)
    file.announce()
    with network.database.snapshot(network.id) as cx:
        upload = taking.find(cx, network.connector.actor, UUID(file.id))
    file.send(0)
    before = network.revision
    desk = app.extensions["files"]
    with taking.holding(desk, network.connector.actor, upload):
        taking.settle(network.database, desk, network.connector.actor, upload)
    assert (file.state, network.revision) == ("stored", before)


def test_announcing_again_is_harmless(file: File) -> None:
    first, again = file.announce(), file.announce()
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.headers["Location"] == again.headers["Location"]
    file.send(0, 100)
    assert file.announce().headers["Upload-Offset"] == "100"


def test_another_file_or_member_does_not_get_the_id(file: File, network: Network) -> None:
    file.announce()
    other = File(network.connector, files.sound(), "audio/wav", file.id)
    called = File(network.connector, file.content, "image/png", file.id)
    stranger = File(network.colleague, file.content, id=file.id)
    assert file.announce(**{"Upload-Length": "7"}).json["code"] == "attachment_id_taken"
    for each in (other, called, stranger):
        assert (each.announce().status_code, each.announce().json["code"]) == (
            409,
            "attachment_id_taken",
        )
    assert stranger.send(0).json["code"] == "not_found"
    assert stranger.head().status_code == 404


def test_a_file_under_somebody_elses_attachment_is_not_taken(
    file: File, introduction: str, network: Network
) -> None:
    file.attach(introduction)
    stranger = File(network.colleague, file.content, id=file.id)
    assert stranger.announce().json["code"] == "attachment_id_taken"


def test_a_file_sent_in_advance_under_somebody_elses_id_does_not_count(
    file: File, introduction: str, network: Network
) -> None:
    File(network.colleague, file.content, id=file.id).upload()
    file.attach(introduction)
    assert file.state == "pending"
    assert file.download().json["code"] == "attachment_missing"


def test_another_networks_upload_is_nobodys(file: File, other_network: Network) -> None:
    file.announce()
    stranger = File(other_network.connector, file.content, id=file.id)
    assert stranger.head().status_code == 404
    assert stranger.announce().status_code == 201, "the same id there is another attachment"


def test_a_piece_at_the_wrong_place_is_told_where_the_upload_stands(file: File) -> None:
    file.announce()
    file.send(0, 100)
    for begin in (0, 50, 200):
        answer = file.send(begin, begin + 10)
        assert (answer.status_code, answer.headers["Upload-Offset"]) == (409, "100")
    file.send(100)
    for begin in (0, 100):
        answer = file.send(begin)
        assert (answer.status_code, answer.headers["Upload-Offset"]) == (
            409,
            str(len(file.content)),
        )


def test_a_damaged_piece_is_not_taken(file: File) -> None:
    file.announce()
    right = base64.b64encode(hashlib.sha1(file.content[:100]).digest()).decode()
    wrong = base64.b64encode(hashlib.sha1(b"").digest()).decode()
    answer = file.send(0, 100, **{"Upload-Checksum": f"sha1 {wrong}"})
    assert (answer.status_code, answer.json["code"]) == (460, "checksum_mismatch")
    assert file.head().headers["Upload-Offset"] == "0"
    assert file.send(0, 100, **{"Upload-Checksum": f"sha1 {right}"}).status_code == 204
    for unknown in ("crc32 x", ""):
        answer = file.send(100, 200, **{"Upload-Checksum": unknown})
        assert answer.json["code"] == "bad_request"


def test_a_whole_file_of_another_digest_begins_again(file: File) -> None:
    file.announce()
    sent = file.content
    file.content = sent[:-1] + b"?"
    answer = file.send(0)
    assert (answer.status_code, answer.headers["Upload-Offset"]) == (460, "0")
    file.content = sent
    assert file.send(0).status_code == 204


def test_more_than_was_announced_is_refused(file: File) -> None:
    file.announce()
    file.content += b"!"
    assert (file.send(0).status_code, file.send(0).json["code"]) == (413, "upload_too_long")
    assert file.head().headers["Upload-Offset"] == "0"


@pytest.mark.parametrize(
    ("content", "mime"),
    [
        (files.picture("PNG"), "image/jpeg"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/png"),
        (files.picture()[:300], "image/jpeg"),
        (files.picture(), "audio/mp4"),
        (files.recording()[:150], "audio/mp4"),
        (b"RIFF....WAVE", "audio/wav"),
        (b"MZ" + b"\0" * 500, "image/webp"),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused_for_good(
    network: Network, introduction: str, content: bytes, mime: str
) -> None:
    file = File(network.connector, content, mime)
    file.attach(introduction)
    assert (file.upload().status_code, file.state) == (415, "refused")
    for answer in (file.announce(), file.send(0), file.send(0, 10), file.head()):
        assert answer.status_code == 415
    assert file.download().status_code == 404


def test_of_what_was_refused_no_byte_is_kept_and_no_room_is_taken(
    app: Flask, network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = app.extensions["files"]
    monkeypatch.setitem(app.extensions, "files", Desk(desk.pieces, desk.store, 1))
    File(network.connector, bytes(600_000)).upload()
    assert desk.pieces.of_network(network.id) == []
    assert File(network.connector, bytes(600_001)).announce().status_code == 201


def test_a_picture_of_another_kind_is_refused_by_what_is_taken(network: Network) -> None:
    drawn = io.BytesIO()
    Image.new("RGB", (9, 9)).save(drawn, "GIF")
    refused = File(network.connector, drawn.getvalue()).upload()
    assert refused.json["detail"] == "It is no JPEG, PNG, WebP or HEIC picture."


def test_a_picture_that_unpacks_without_end_is_refused(
    network: Network, introduction: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(cleaning.MOST_POINTS, "PNG", 1000)
    file = File(network.connector, files.picture("PNG", size=(200, 200)), "image/png")
    assert file.upload().json["code"] == "file_refused"


@pytest.mark.parametrize(
    ("header", "value", "code"),
    [
        ("Upload-Length", "x", "bad_request"),
        ("Upload-Length", "-1", "bad_request"),
        ("Upload-Length", "0", "file_refused"),
        ("Upload-Length", "²", "bad_request"),
        ("Upload-Metadata", "", "validation_failed"),
        ("Upload-Metadata", "attachment_id !!!,sha256 eA==", "validation_failed"),
    ],
)
def test_an_announcement_that_cannot_be_is_named(
    file: File, header: str, value: str, code: str
) -> None:
    assert file.announce(**{header: value}).json["code"] == code


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("sha256", "a" * 63),
        ("sha256", "A" * 64),
        ("mime", "text/html"),
        ("attachment_id", "../../etc/passwd"),
    ],
)
def test_what_an_announcement_says_of_a_file_is_looked_at(
    file: File, name: str, value: str
) -> None:
    said = {"attachment_id": file.id, "sha256": file.sha256, "mime": file.mime} | {name: value}
    pairs = [f"{k} {base64.b64encode(v.encode()).decode()}" for k, v in said.items()]
    refused = file.announce(**{"Upload-Metadata": ",".join(pairs)})
    assert list(refused.json["fields"]) == [f"Upload-Metadata.{name}"]


def test_a_funder_uploads_nothing(file: File, network: Network) -> None:
    assert File(network.funder, file.content).announce().json["code"] == "out_of_scope"


def test_a_network_keeps_no_more_than_its_room(
    file: File, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = app.extensions["files"]
    monkeypatch.setitem(app.extensions, "files", Desk(desk.pieces, desk.store, 0))
    assert (file.announce().status_code, file.announce().json["code"]) == (413, "quota_exceeded")


def test_a_file_takes_the_room_of_what_is_kept_of_it(
    app: Flask, network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = app.extensions["files"]
    monkeypatch.setitem(app.extensions, "files", Desk(desk.pieces, desk.store, 1))
    for number in range(2):
        padded = (
            files.sound() + b"LIST" + (600_000).to_bytes(4, "little") + bytes([number]) * 600_000
        )
        assert File(network.connector, padded, "audio/wav").upload().status_code == 204


def test_a_member_has_so_many_uploads_under_way(
    file: File, network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(taking, "MOST_OPEN", 1)
    file.announce()
    second = File(network.connector, file.content)
    assert second.announce().json["code"] == "quota_exceeded"
    assert File(network.colleague, file.content).announce().status_code == 201
    assert file.announce().status_code == 201
    file.send(0)
    assert second.announce().status_code == 201


def test_of_two_announcements_at_once_one_gets_the_last_room(
    file: File, network: Network, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(taking, "MOST_OPEN", 1)
    member, desk = network.connector, app.extensions["files"]
    first = taking.Announced(uuid4(), 9, "0" * 64, "image/png")
    with ThreadPoolExecutor(1) as phone:
        with network.database.transaction(network.id) as cx:
            taking.announce(cx, member.actor, first, desk)
            second = phone.submit(file.announce)
            while not second.done() and not network.rows(WAITING):
                pass
        assert second.result().json["code"] == "quota_exceeded"


def test_what_arrived_whole_before_a_crash_is_kept_when_asked_about(
    file: File, introduction: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    file.attach(introduction)
    file.announce()
    with monkeypatch.context() as crash:
        crash.setattr(taking, "settle", lambda *_: None)
        file.send(0)
    assert file.state == "pending"
    assert file.head().headers["Upload-Offset"] == str(len(file.content))
    assert file.state == "stored"


def test_phones_hear_that_a_file_arrived(file: File, introduction: str, network: Network) -> None:
    made = file.attach(introduction)
    changes, cursor = network.colleague.pull()
    assert [c["state"] for c in changes if c["id"] == file.id] == ["pending"]
    file.upload()
    changes, _ = network.colleague.pull(cursor)
    assert [(c["id"], c["version"], c["state"]) for c in changes] == [
        (file.id, made["version"], "stored")
    ]


def test_phones_hear_that_a_file_was_refused(network: Network, introduction: str) -> None:
    file = File(network.connector, b"no picture")
    file.attach(introduction)
    _, cursor = network.colleague.pull()
    file.upload()
    changes, _ = network.colleague.pull(cursor)
    assert [(c["id"], c["state"]) for c in changes] == [(file.id, "refused")]
