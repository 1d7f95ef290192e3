"""Content: the file of an attachment, whole or in part, for those who see the attachment."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

import marshmallow as ma
import msgspec
from flask import Response, request
from werkzeug.http import parse_range_header

from api.core import documentation as docs
from api.core.acting import acting
from api.core.driver import raw
from api.core.problems import Problem
from api.core.read import get
from api.core.record import KINDS
from api.core.web import Blueprint, answer, of_problem, require_changed

from .cleaning import KEPT_AS
from .taking import KIND, key_of
from .tus import desk

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from api.core.actor import Actor

EXTENSIONS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "audio/mp4": "m4a",
    "audio/mpeg": "mp3",
    "audio/ogg": "ogg",
    "audio/wav": "wav",
}

blueprint = Blueprint(
    "attachment-files",
    __name__,
    url_prefix=f"/api/v1/networks/<uuid:network_id>/{KIND}",
    description="The files of attachments.",
)


class StateSchema(ma.Schema):
    """Whether a file arrived, and what is kept of it."""

    state = ma.fields.String(
        required=True, validate=ma.validate.OneOf(["pending", "stored", "refused"])
    )
    size = ma.fields.Integer(required=True, allow_none=True)
    sha256 = ma.fields.String(required=True, allow_none=True)
    reason = ma.fields.String(required=True, allow_none=True)


class Kept(NamedTuple):
    """What is kept of a file."""

    state: str
    mime: str
    size: int | None
    sha256: str | None
    reason: str | None


@blueprint.route("/<uuid:record_id>/state")
@blueprint.response(200, StateSchema)
@blueprint.doc(responses={"404": docs.problem("Not here.")})
def read_state(network_id: UUID, record_id: UUID) -> Response:
    """Whether the file arrived; size and digest of what is kept, which is without metadata."""
    with acting(network_id) as (cx, actor):
        kept = find_kept(cx, actor, record_id)
    told = {"state": kept.state, "size": kept.size, "sha256": kept.sha256, "reason": kept.reason}
    return answer(msgspec.json.encode(told))


@blueprint.route("/<uuid:record_id>/content")
@blueprint.doc(
    parameters=[docs.IF_NONE_MATCH],
    responses={
        "200": {"description": "The file.", "content": {"application/octet-stream": {}}},
        "206": {"description": "The part of the file that `Range` asked for."},
        "304": {"description": "You hold it."},
        "404": docs.problem("Not here, or not yet."),
        "416": docs.problem("The file has no such part; Content-Range says how long it is."),
    },
)
def read_content(network_id: UUID, record_id: UUID) -> Response:
    """The file itself; `Range` asks for a part of it."""
    with acting(network_id) as (cx, actor):
        kept = find_kept(cx, actor, record_id)
    if kept.state != "stored" or kept.size is None:
        raise Problem("attachment_missing", kept.reason)
    etag = f'"{kept.sha256}"'
    require_changed(etag)
    headers = {
        "ETag": etag,
        "Accept-Ranges": "bytes",
        "Content-Disposition": f'attachment; filename="{record_id}.{EXTENSIONS[kept.mime]}"',
        "Content-Security-Policy": "sandbox",
        "Cache-Control": "private, max-age=86400",
    }
    begin, end = 0, kept.size
    asked = parse_range_header(request.headers.get("Range"))
    is_one = asked is not None and asked.units == "bytes" and len(asked.ranges) == 1
    if asked and is_one and request.headers.get("If-Range", etag) == etag:
        begin, end = _part(asked.ranges[0], kept.size)
        if begin >= end:
            refused = of_problem(Problem("range_not_satisfiable"))
            refused.headers["Content-Range"] = f"bytes */{kept.size}"
            return refused
        headers["Content-Range"] = f"bytes {begin}-{end - 1}/{kept.size}"
    try:
        body = desk().store.read(key_of(network_id, record_id), begin, end)
    except FileNotFoundError as error:
        raise Problem("attachment_missing") from error
    headers["Content-Length"] = str(end - begin)
    status = 206 if "Content-Range" in headers else 200
    return Response(body, status, headers, mimetype=kept.mime, direct_passthrough=True)


def _part(asked: tuple[int, int | None], size: int) -> tuple[int, int]:
    """The bytes a range asks for: begin and end. A suffix longer than the file is all of it."""
    begin, end = asked
    if begin < 0:
        return max(0, size + begin), size
    return begin, size if end is None else min(end, size)


def find_kept(cx: Connection, actor: Actor, record_id: UUID) -> Kept:
    """What is kept for an attachment the actor sees; `not_found` or `gone` as for the record.

    Only the author's upload of just this file counts: nobody can slip another file under an id.
    """
    get(cx, actor, KINDS[KIND], record_id)
    params = {"network": actor.network_id, "ids": [record_id]}
    row = raw(cx).execute(_KEPT, params).fetchone()
    if row is None:
        raise Problem("not_found")
    _, state, mime, *more = row
    return Kept(state, KEPT_AS.get(mime, mime), *more)


def states(cx: Connection, network_id: UUID, ids: list[UUID]) -> dict[UUID, str]:
    """Which state the files of some attachments are in."""
    rows = raw(cx).execute(_KEPT, {"network": network_id, "ids": ids})
    return {row[0]: row[1] for row in rows}


_KEPT = """
SELECT a.id, CASE WHEN u.stored_at IS NOT NULL THEN 'stored' WHEN u.refused IS NOT NULL
  THEN 'refused' ELSE 'pending' END, a.mime, u.stored_size, u.stored_sha256, u.refused
FROM attachment a LEFT JOIN upload u ON u.network_id = %(network)s AND u.id = a.id
  AND u.member_id = a.author_id AND u.sha256 = a.sha256 AND u.mime = a.mime
  AND u.length = a.size
WHERE a.network_id = %(network)s AND a.id = ANY(%(ids)s)
"""
