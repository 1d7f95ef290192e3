"""Taking: an upload is announced, grows, and becomes a file, each step safe to repeat."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple
from uuid import UUID

from api.core.actor import LOGGERS
from api.core.driver import raw
from api.core.lock import lock_network
from api.core.problems import Problem
from api.core.write import touch
from api.records.attachments.schema import MOST_BYTES

from . import pieces
from .cleaning import Unfit, clean

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from sqlalchemy import Connection

    from api.core.actor import Actor
    from api.core.db import Database

    from .pieces import Pieces
    from .store import Store

KIND = "attachments"
DAYS = 30  # an upload that nothing refers to by then, or that never ends, is forgotten
MOST_OPEN = 100  # uploads of one member under way
MEGABYTE = 10**6


class Upload(NamedTuple):
    """An announced upload, and what came of it."""

    id: UUID
    member_id: UUID
    length: int
    sha256: str
    mime: str
    expires_at: dt.datetime
    refused: str | None
    stored_at: dt.datetime | None
    is_gone: bool  # its attachment was logged and removed since


@dataclass(frozen=True, slots=True)
class Announced:
    """What a client says of a file before it sends it."""

    id: UUID
    length: int
    sha256: str
    mime: str

    def is_in(self, upload: Upload) -> bool:
        """Whether an upload is of just this file."""
        there = upload.length, upload.sha256, upload.mime
        return there == (self.length, self.sha256, self.mime)


@dataclass(frozen=True, slots=True)
class Desk:
    """Where files are taken in: the pieces, the store, and how much a network may keep."""

    pieces: Pieces
    store: Store
    megabytes: int


def announce(cx: Connection, actor: Actor, announced: Announced, desk: Desk) -> Upload:
    """The upload; the same one when it is announced again.

    Where the attachment was logged before, the file has to be the one it names: another that was
    announced under its id gives way. Raises `attachment_id_taken` when another file has the id, or
    another member; `validation_failed` when it is not the one named; `gone` when that was removed;
    `upload_locked` while the other is being kept.
    """
    actor.require_role(*LOGGERS)
    params = {
        "network": actor.network_id,
        "id": announced.id,
        "member": actor.member_id,
        "length": announced.length,
        "sha256": announced.sha256,
        "mime": announced.mime,
        "days": DAYS,
    }
    lock_network(cx, actor.network_id)  # two at once would both find the last room
    named = raw(cx).execute(_NAMED, params).fetchone()
    if named:
        _require_named(actor, announced, *named)
    row = raw(cx).execute(_ONE, params).fetchone()
    if row and named and not announced.is_in(Upload(*row)) and row[1] == actor.member_id:
        with holding(desk, actor, Upload(*row)):  # what is being kept would be kept as the new one
            forget(cx, desk, actor.network_id, announced.id)
        row = None
    if not row:
        _require_room(cx, actor, announced, desk)
        raw(cx).execute(_ANNOUNCE, params)
    found = find(cx, actor, announced.id, problem="attachment_id_taken")
    if not announced.is_in(found):
        raise Problem("attachment_id_taken")
    return found


def _require_named(
    actor: Actor, announced: Announced, author: UUID, is_gone: bool, *named: Any
) -> None:
    """The file is the one that the record under its id names, and the record is the caller's."""
    if author != actor.member_id:
        raise Problem("attachment_id_taken")
    if is_gone:
        raise Problem("gone")
    said = {
        "Upload-Length": (announced.length, named[0]),
        "Upload-Metadata.sha256": (announced.sha256, named[1]),
        "Upload-Metadata.mime": (announced.mime, named[2]),
    }
    wrong = {name: ["The attachment names another."] for name, (a, b) in said.items() if a != b}
    if wrong:
        raise Problem("validation_failed", fields=wrong)


def forget(cx: Connection, desk: Desk, network_id: UUID, upload_id: UUID) -> None:
    """Forget an upload and its file: that goes first, for without the row nobody would find it."""
    desk.store.drop(key_of(network_id, upload_id))
    desk.pieces.drop(network_id, upload_id)
    raw(cx).execute(_FORGET, {"network": network_id, "id": upload_id})


def _require_room(cx: Connection, actor: Actor, announced: Announced, desk: Desk) -> None:
    if not announced.length:
        raise Problem("file_refused", "The file is empty.")
    if announced.length > MOST_BYTES:
        raise Problem("quota_exceeded", f"A file has at most {MOST_BYTES} bytes.")
    params = {"network": actor.network_id, "member": actor.member_id}
    taken, is_open = raw(cx).execute(_TAKEN, params).fetchone() or (0, 0)
    if is_open >= MOST_OPEN:
        raise Problem("quota_exceeded", f"At most {MOST_OPEN} uploads of yours may be under way.")
    if taken + announced.length > desk.megabytes * MEGABYTE:
        raise Problem("quota_exceeded", "This network's room for files is full.")


def find(cx: Connection, actor: Actor, upload_id: UUID, problem: str = "not_found") -> Upload:
    """One's own upload, until its attachment is removed: `gone`.

    Of anybody else's no more is told than of none.
    """
    params = {"network": actor.network_id, "id": upload_id}
    row = raw(cx).execute(_ONE, params).fetchone()
    if row is None or row[1] != actor.member_id:
        raise Problem(problem)
    upload = Upload(*row)
    if upload.is_gone:
        raise Problem("gone")
    return upload


@contextmanager
def holding(desk: Desk, actor: Actor, upload: Upload) -> Iterator[BinaryIO]:
    """The file of an upload, for one request at a time; `upload_locked` for all others."""
    with desk.pieces.holding(actor.network_id, upload.id) as file:
        if file is None:
            raise Problem("upload_locked")
        yield file


def add(file: BinaryIO, upload: Upload, offset: int, piece: bytes) -> int:
    """Add a piece at `offset`; the new length."""
    require_fitting(upload, file.tell(), offset, piece)
    return pieces.append(file, piece)


def require_fitting(upload: Upload, stands: int, offset: int, piece: bytes) -> None:
    """A piece begins where the upload stands, and brings no more than was announced."""
    if stands != offset:
        raise Problem("offset_conflict", offset=stands)
    if offset + len(piece) > upload.length:
        raise Problem("upload_too_long", f"{upload.length} bytes were announced.")


def settle(database: Database, desk: Desk, actor: Actor, upload: Upload) -> None:
    """Clean a whole upload, keep it and tell the phones; for who holds it. Twice is once.

    Raises `checksum_mismatch` where it is another file: it begins again, whoever looks at it first.
    Raises `file_refused` where it is not what it says; that is remembered, and its bytes are not.
    Raises `not_found` where it was forgotten meanwhile, with its record; nothing is kept then.
    """
    params: dict[str, Any] = {"network": actor.network_id, "id": upload.id}
    content = desk.pieces.read(actor.network_id, upload.id)
    if len(content) != upload.length:
        return  # whoever held it before has seen to it
    if pieces.digest(content) != upload.sha256:
        desk.pieces.empty(actor.network_id, upload.id)
        raise Problem("checksum_mismatch", "The file's SHA-256 is another.", offset=0)
    try:
        kept = clean(content, upload.mime)
    except Unfit as unfit:
        _note(database, actor, _REFUSE, params | {"reason": str(unfit)})
        desk.pieces.drop(actor.network_id, upload.id)
        raise Problem("file_refused", str(unfit)) from unfit
    key = key_of(actor.network_id, upload.id)
    desk.store.put(key, kept)
    stored = {"size": len(kept), "sha256": pieces.digest(kept)}
    is_awaited = _note(database, actor, _KEEP, params | stored)
    desk.pieces.drop(actor.network_id, upload.id)
    if not is_awaited:
        desk.store.drop(key)
        raise Problem("not_found")


def _note(database: Database, actor: Actor, statement: str, params: dict[str, Any]) -> bool:
    """Write down what came of an upload, and have phones hear of it; whether it is still there."""
    with database.transaction(actor.network_id) as cx:
        lock_network(cx, actor.network_id)  # before the upload's row, as everywhere
        found = raw(cx).execute(statement, params).rowcount
        touch(cx, actor.network_id, KIND, params["id"])
    return bool(found)


def key_of(network_id: UUID | str, upload_id: UUID | str) -> str:
    """Under what name the store keeps a file."""
    return f"{network_id}/{upload_id}"


_ONE = """
SELECT u.id, u.member_id, u.length, u.sha256, u.mime, u.expires_at, u.refused, u.stored_at,
  a.deleted_at IS NOT NULL
FROM upload u LEFT JOIN attachment a ON a.network_id = %(network)s AND a.id = u.id
  AND a.author_id = u.member_id
WHERE u.network_id = %(network)s AND u.id = %(id)s
"""
_ANNOUNCE = """
INSERT INTO upload (network_id, id, member_id, length, sha256, mime, expires_at) VALUES
(%(network)s, %(id)s, %(member)s, %(length)s, %(sha256)s, %(mime)s,
  now() + make_interval(days => %(days)s))
ON CONFLICT (network_id, id) DO NOTHING
"""
_NAMED = """
SELECT author_id, deleted_at IS NOT NULL, size, sha256, mime FROM attachment
WHERE network_id = %(network)s AND id = %(id)s
"""
_FORGET = "DELETE FROM upload WHERE network_id = %(network)s AND id = %(id)s"
_TAKEN = """
SELECT coalesce(sum(coalesce(stored_size, length)), 0)::bigint,
  count(*) FILTER (WHERE member_id = %(member)s AND stored_at IS NULL)
FROM upload WHERE network_id = %(network)s AND refused IS NULL
"""
_REFUSE = """
UPDATE upload SET refused = %(reason)s WHERE network_id = %(network)s AND id = %(id)s
"""
_KEEP = """
UPDATE upload SET stored_at = now(), stored_size = %(size)s, stored_sha256 = %(sha256)s
WHERE network_id = %(network)s AND id = %(id)s
"""
