"""Named: an upload is of the very file that its record names, whichever of them came first."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from tests.attachments import files
from tests.attachments.conftest import File

OTHERS = [{"mime": "image/png"}, {"content": files.picture("PNG")}]


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
