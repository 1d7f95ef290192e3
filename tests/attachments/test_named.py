"""Named: an upload is of the very file that its record names, whichever of them came first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest

from api.sync.uploads import taking
from api.sync.uploads.cleaning import clean
from tests.attachments import files
from tests.attachments.conftest import File

if TYPE_CHECKING:
    from tests.fixtures.networks import Network

OTHERS = [{"mime": "image/png"}, {"content": files.picture("PNG")}]


def lying(file: File) -> tuple[int, bool]:
    """How many bytes of an upload lie here, and whether a file is kept of it."""
    desk, ids = file.member.app.extensions["files"], (file.member.network_id, UUID(file.id))
    try:
        kept = any(desk.store.read(taking.key_of(*ids), 0, 1))
    except FileNotFoundError:
        kept = False
    return desk.pieces.offset(*ids), kept


def other(file: File, **wrong: Any) -> File:
    """What the same phone takes for the same photo, by mistake."""
    return File(**{"member": file.member, "content": file.content, "id": file.id} | wrong)


@pytest.mark.parametrize("wrong", OTHERS, ids=["of another kind", "of other content"])
def test_a_wrong_announcement_is_refused_and_the_right_one_goes_on(
    file: File, introduction: str, wrong: dict[str, Any]
) -> None:
    file.attach(introduction)
    answer = other(file, **wrong).announce()
    assert (answer.status_code, answer.json["code"]) == (422, "validation_failed")
    assert all("names another" in said[0] for said in answer.json["fields"].values())
    file.upload()
    assert file.state == "stored"


@pytest.mark.parametrize("wrong", OTHERS, ids=["of another kind", "of other content"])
def test_what_was_sent_in_advance_by_mistake_gives_way_to_the_right_file(
    file: File, introduction: str, wrong: dict[str, Any]
) -> None:
    mistaken = other(file, **wrong)
    mistaken.announce()
    mistaken.send(0)
    file.attach(introduction)
    assert file.state == "pending"
    file.upload()
    assert file.state == "stored"
    assert file.download().status_code == 200


def test_a_file_of_another_size_than_named_does_not_count(file: File, introduction: str) -> None:
    values = {"id": file.id} | file.values(introduction_id=introduction)
    file.member.make("attachments", values | {"size": len(file.content) + 1})
    answer = file.announce()
    assert list(answer.json["fields"]) == ["Upload-Length"]
    assert file.state == "pending"


def test_nor_does_one_that_came_before_the_record(file: File, introduction: str) -> None:
    file.upload()
    values = {"id": file.id} | file.values(introduction_id=introduction)
    file.member.make("attachments", values | {"size": len(file.content) + 1})
    assert file.state == "pending"


def test_for_a_removed_attachment_nothing_is_taken(file: File, introduction: str) -> None:
    file.attach(introduction)
    file.member.delete(f"attachments/{file.id}", If_Match="*")
    answer = file.announce()
    assert (answer.status_code, answer.json["code"]) == (410, "gone")


@pytest.mark.parametrize("removed", ["attachments/{file}", "introductions/{introduction}"])
def test_what_was_announced_before_it_was_removed_is_not_kept(
    file: File, introduction: str, removed: str
) -> None:
    file.attach(introduction)
    file.announce()
    path = removed.format(file=file.id, introduction=introduction)
    assert file.member.delete(path, If_Match="*").status_code == 204
    answer = file.send(0)
    assert (answer.status_code, answer.json["code"]) == (410, "gone")
    assert file.head().status_code == 410
    assert lying(file) == (0, False)


def test_what_is_removed_between_two_pieces_is_not_kept(file: File, introduction: str) -> None:
    file.attach(introduction)
    file.announce()
    file.send(0, 100)
    file.member.delete(f"attachments/{file.id}", If_Match="*")
    answer = file.send(100)
    assert (answer.status_code, answer.json["code"]) == (410, "gone")
    assert lying(file) == (100, False)


def test_what_arrived_whole_and_was_removed_is_not_kept_by_asking(
    file: File, introduction: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    file.attach(introduction)
    file.announce()
    with monkeypatch.context() as crash:
        crash.setattr(taking, "settle", lambda *_: None)
        file.send(0)
    file.member.delete(f"attachments/{file.id}", If_Match="*")
    assert file.head().status_code == 410
    assert lying(file) == (len(file.content), False)


def test_what_was_kept_and_removed_is_gone_for_who_asks_or_sends(
    file: File, introduction: str
) -> None:
    file.attach(introduction)
    file.upload()
    file.member.delete(f"attachments/{file.id}", If_Match="*")
    assert (file.head().status_code, file.send(len(file.content)).status_code) == (410, 410)


def test_of_anothers_record_under_the_same_id_an_upload_hears_nothing(
    file: File, introduction: str, network: Network
) -> None:
    sent_in_advance = File(network.colleague, file.content, id=file.id)
    sent_in_advance.announce()
    file.attach(introduction)
    file.member.delete(f"attachments/{file.id}", If_Match="*")
    assert sent_in_advance.head().status_code == 200
    assert sent_in_advance.announce().json["code"] == "attachment_id_taken"
    assert file.announce().json["code"] == "gone"
    assert file.head().status_code == 404


def test_what_a_crash_left_damaged_begins_again_for_who_asks(file: File, introduction: str) -> None:
    """The last bytes may be on the disk otherwise than they were sent."""
    file.attach(introduction)
    file.announce()
    file.send(0, -1)
    pieces = file.member.app.extensions["files"].pieces
    path = pieces._path(file.member.network_id, UUID(file.id))
    with path.open("ab") as damaged:
        damaged.write(b"?")
    answer = file.head()
    assert (answer.status_code, answer.headers["Upload-Offset"]) == (200, "0")
    assert file.send(0).status_code == 204
    assert file.state == "stored"


@pytest.mark.parametrize("first", [files.picture(), b"no picture"], ids=["good", "bad"])
def test_what_is_being_kept_is_not_taken_for_the_file_that_replaces_it(
    file: File, introduction: str, monkeypatch: pytest.MonkeyPatch, first: bytes
) -> None:
    right = File(file.member, files.picture("PNG"), "image/png", file.id)
    file.content = first
    answers = []

    def clean_late(content: bytes, mime: str) -> bytes:
        if not answers:
            right.attach(introduction)
            answers.append(right.announce())
        return clean(content, mime)

    file.announce()
    monkeypatch.setattr(taking, "clean", clean_late)
    file.send(0)
    assert (answers[0].status_code, answers[0].json["code"]) == (423, "upload_locked")
    right.upload()
    assert right.state == "stored"
    assert right.download().mimetype == "image/png"
