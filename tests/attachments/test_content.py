"""Content: what is kept of a file, in parts, for those who see what it belongs to."""

from __future__ import annotations

import hashlib
import io
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from PIL import Image

from api.records.attachments import ATTACHMENTS
from api.sync.uploads.taking import key_of
from tests.attachments import files
from tests.attachments.conftest import File

if TYPE_CHECKING:
    from flask import Flask

    from tests.fixtures.networks import Network, Town

MADE = {
    "image/jpeg": files.picture(),
    "image/png": files.picture("PNG"),
    "image/webp": files.picture("WEBP"),
    "image/heic": files.HEIC.read_bytes(),
    "audio/wav": files.sound(),
    "audio/mp4": files.recording(),
    "audio/mpeg": files.song(),
    "audio/ogg": files.note(),
}
SAYS = {"image/heic": "image/jpeg"}  # so that everybody can look at it
TELLING = (b"home", b"camera", b"Phone", files.PLACE, files.HOUR)


@pytest.fixture(params=MADE, ids=str)
def kept(request: pytest.FixtureRequest, network: Network, introduction: str) -> File:
    """A file of each kind, uploaded and attached."""
    file = File(network.connector, MADE[request.param], request.param)
    file.attach(introduction)
    assert file.upload().status_code == 204
    return file


def test_nothing_tells_where_or_by_what_it_was_made(kept: File) -> None:
    assert kept.mime == "image/png" or [each for each in TELLING if each in kept.content]
    content = kept.download().data
    assert not [each for each in TELLING if each in content]
    if kept.mime.startswith("image/"):
        with Image.open(io.BytesIO(content)) as shown:
            assert (shown.size, dict(shown.getexif()), shown.info.get("comment")) == (
                (30, 40),
                {},
                None,
            )


def test_its_digest_and_size_are_those_of_what_is_kept(kept: File) -> None:
    content = kept.download().data
    told = kept.member.get(f"attachments/{kept.id}/state").json
    assert (told["size"], told["sha256"]) == (len(content), hashlib.sha256(content).hexdigest())


def test_it_is_handed_out_as_a_file_and_never_run(kept: File) -> None:
    answer = kept.download()
    assert answer.mimetype == SAYS.get(kept.mime, kept.mime)
    assert answer.headers["Content-Disposition"].startswith(f'attachment; filename="{kept.id}.')
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "sandbox"
    assert "private" in answer.headers["Cache-Control"]


def test_a_part_of_it_may_be_asked_for(kept: File) -> None:
    whole = kept.download()
    size = len(whole.data)
    for asked, begin, end in (
        ("0-9", 0, 10),
        ("10-", 10, size),
        ("-5", size - 5, size),
        ("5-99999", 5, size),
        ("-99999999", 0, size),
    ):
        part = kept.download(Range=f"bytes={asked}")
        assert (part.status_code, part.data) == (206, whole.data[begin:end])
        assert part.headers["Content-Range"] == f"bytes {begin}-{end - 1}/{size}"
    beyond = kept.download(Range=f"bytes={size}-")
    assert (beyond.status_code, beyond.headers["Content-Range"]) == (416, f"bytes */{size}")
    assert beyond.json["code"] == "range_not_satisfiable"
    for not_understood in ("bytes=0-1,5-6", "bytes=5-3", "lines=0-9"):
        assert kept.download(Range=not_understood).status_code == 200
    changed = kept.download(Range="bytes=0-9", If_Range='"another"')
    assert (changed.status_code, changed.data) == (200, whole.data)
    for tag in (whole.headers["ETag"], "*"):
        held = kept.download(If_None_Match=tag)
        assert (held.status_code, held.data) == (304, b"")


def test_who_does_not_see_the_record_gets_no_file(
    network: Network, other_network: Network, introduction: str
) -> None:
    file = File(network.connector, files.picture())
    file.attach(introduction)
    file.upload()
    assert file.download(network.colleague).status_code == 200
    for member in (network.funder, other_network.admin):
        assert file.download(member).status_code == 404
    network.connector.patch(
        f"introductions/{introduction}", {"audience": network.connector.notebook}, If_Match="*"
    )
    assert file.download(network.colleague).status_code == 404
    assert file.download().status_code == 200


def test_an_attachment_follows_what_it_belongs_to(
    network: Network, town: Town, introduction: str
) -> None:
    file = File(network.connector, files.picture())
    made = file.attach(introduction)
    _, cursor = network.colleague.pull()
    where = f"introductions/{introduction}"
    own = {"audience": network.connector.notebook}
    assert network.connector.patch(where, own, If_Match="*").status_code == 200
    assert network.connector.get(f"attachments/{file.id}").json["audience"] == own["audience"]
    left, cursor = network.colleague.pull(cursor)
    assert {(c["op"], c["id"]) for c in left} == {("leave", introduction), ("leave", file.id)}
    network.connector.patch(where, {"audience": "network"}, If_Match="*")
    back, cursor = network.colleague.pull(cursor)
    assert {(c["op"], c["id"]) for c in back} == {("upsert", introduction), ("upsert", file.id)}
    network.connector.delete(where, If_Match="*")
    gone, _ = network.colleague.pull(cursor)
    assert {(c["op"], c["id"]) for c in gone} == {("delete", introduction), ("delete", file.id)}
    assert network.connector.get(f"attachments/{file.id}").json["code"] == "gone"
    assert made["author_id"] == str(network.connector.member_id)


def test_its_audience_is_that_of_what_it_belongs_to(network: Network, town: Town) -> None:
    own = network.connector.notebook
    secret = network.connector.make("introductions", town.introduction(audience=own))["id"]
    file = File(network.connector, files.picture())
    assert file.attach(secret)["audience"] == own
    wider = File(network.connector, files.picture())
    values = wider.values(introduction_id=secret) | {"audience": "network"}
    assert network.connector.make("attachments", values)["audience"] == own
    shared = network.connector.make("introductions", town.introduction())["id"]
    values = wider.values(introduction_id=shared) | {"audience": own}
    refused = network.connector.post("attachments", values)
    assert (refused.status_code, list(refused.json["fields"])) == (403, ["audience"])
    stranger = File(network.colleague, files.picture())
    hidden = network.colleague.post("attachments", stranger.values(introduction_id=secret))
    assert hidden.json["code"] == "reference_missing"


@pytest.mark.parametrize("other", [{"sha256": "0" * 64}, {"mime": "image/png"}])
def test_a_file_that_the_record_does_not_name_does_not_count(
    network: Network, introduction: str, other: dict[str, str]
) -> None:
    file = File(network.connector, files.picture())
    file.upload()
    values = {"id": file.id} | file.values(introduction_id=introduction) | other
    network.connector.make("attachments", values)
    assert (file.state, file.download().json["code"]) == ("pending", "attachment_missing")


def test_which_file_a_record_names_never_changes(network: Network, introduction: str) -> None:
    file = File(network.connector, files.picture())
    file.attach(introduction)
    for values in ({"sha256": "0" * 64}, {"size": 9}, {"mime": "image/png"}):
        refused = network.connector.patch(f"attachments/{file.id}", values, If_Match="*")
        assert (refused.status_code, list(refused.json["fields"])) == (422, list(values))


def test_a_file_that_the_store_has_lost_is_said_to_be_missing(
    app: Flask, network: Network, introduction: str
) -> None:
    file = File(network.connector, files.picture())
    file.attach(introduction)
    file.upload()
    app.extensions["files"].store.drop(key_of(network.id, file.id))
    lost = file.download()
    assert (lost.status_code, lost.json["code"]) == (404, "attachment_missing")


def test_twenty_belong_to_one_record(network: Network, introduction: str) -> None:
    results = network.connector.push(*(op(introduction) for _ in range(21)))
    assert [each["status"] for each in results] == ["applied"] * 20 + ["rejected"]


def test_it_belongs_to_exactly_one_record(network: Network, introduction: str) -> None:
    file = File(network.connector, files.picture())
    assert network.connector.post("attachments", file.values()).status_code == 422
    two = file.values(introduction_id=introduction, meeting_id=introduction)
    assert network.connector.post("attachments", two).status_code == 422


def test_so_many_belong_to_one_record_and_no_more(
    network: Network, town: Town, introduction: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    member = network.connector
    monkeypatch.setitem(vars(ATTACHMENTS), "most", 3)
    first = File(member, files.picture())
    first.attach(introduction)
    ops = [op(introduction) for _ in range(4)]
    results = member.push(*ops)
    assert [each["status"] for each in results] == ["applied", "applied", "rejected", "rejected"]
    assert results[-1]["error"]["code"] == "quota_exceeded"
    values = first.values(introduction_id=introduction)
    refused = member.post("attachments", values)
    assert (refused.status_code, refused.json["code"]) == (413, "quota_exceeded")
    other = member.make("introductions", town.introduction())["id"]
    assert member.push(op(other))[0]["status"] == "applied"
    caption = {"caption": "The hall"}
    assert member.patch(f"attachments/{first.id}", caption, If_Match="*").status_code == 200
    member.delete(f"attachments/{first.id}", If_Match="*")
    assert member.post("attachments", values).status_code == 201


def test_one_is_exchanged_for_another_in_one_push_though_there_is_no_room(
    network: Network, introduction: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(vars(ATTACHMENTS), "most", 1)
    old, new = File(network.connector, files.picture()), op(introduction)
    version = old.attach(introduction)["version"]
    away = {"op_id": str(uuid4()), "kind": "attachments", "id": old.id, "action": "delete"}
    results = network.connector.push(away | {"base_version": version}, new, op(introduction))
    assert [each["status"] for each in results] == ["applied", "applied", "rejected"]


def test_how_many_belong_to_what_one_does_not_see_is_not_told(
    network: Network, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(vars(ATTACHMENTS), "most", 1)
    own = town.introduction(audience=network.connector.notebook)
    secret = network.connector.make("introductions", own)["id"]
    File(network.connector, files.picture()).attach(secret)
    (refused,) = network.colleague.push(op(secret))
    assert refused["error"]["code"] == "reference_missing"


def op(introduction: str) -> dict[str, Any]:
    """An attachment as a phone pushes it."""
    data = {"introduction_id": introduction, "sha256": "0" * 64, "size": 9, "mime": "image/png"}
    said = {"kind": "attachments", "action": "put", "audience": "network", "base_version": None}
    return said | {"op_id": str(uuid4()), "id": str(uuid4()), "data": data}
