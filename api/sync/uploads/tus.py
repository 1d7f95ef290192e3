"""tus: the resumable upload protocol, version 1.0.0, with creation, checksum and expiration."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
from email.utils import format_datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from uuid import UUID

from flask import Response, current_app, request, url_for
from werkzeug.exceptions import MethodNotAllowed

from api.core import documentation as docs
from api.core.acting import acting
from api.core.db import database
from api.core.problems import Problem
from api.core.web import Blueprint, of_problem, read_whole
from api.records.attachments.schema import MOST_BYTES, PICTURES, SOUNDS

from . import taking
from .taking import Announced, Desk, Upload

if TYPE_CHECKING:
    from collections.abc import Callable

    from api.core.actor import Actor

VERSION = "1.0.0"
SPOKEN = {"Tus-Resumable": VERSION, "Cache-Control": "no-store"}
MOST_PIECE = 2**20
ALGORITHMS = {"sha1": hashlib.sha1, "sha256": hashlib.sha256}
MEDIA = "application/offset+octet-stream"
MOST_DIGITS = 40  # of a number with more, the first say as well that it is too much

BELOW = re.compile(r"/api/v1/networks/[^/]+/sync/uploads(/|$)")
ONE = "/<uuid:upload_id>"

blueprint = Blueprint(
    "tus",
    __name__,
    url_prefix="/api/v1/networks/<uuid:network_id>/sync/uploads",
    description="Uploading the files of attachments by the tus protocol: see docs/attachments.md.",
)


def _header(name: str, description: str, *, required: bool = True) -> dict[str, Any]:
    schema = {"type": "string"}
    return {"in": "header", "name": name, "required": required, "schema": schema} | {
        "description": description
    }


RESUMABLE = _header("Tus-Resumable", "The version of tus that you speak: 1.0.0.")
LENGTH = _header("Upload-Length", "Bytes of the whole file.")
METADATA = _header(
    "Upload-Metadata",
    "As tus has it: attachment_id, sha256 (lower-case hex), mime; each value in Base64.",
)
OFFSET = _header("Upload-Offset", "Where this piece begins.")
CHECKSUM = _header("Upload-Checksum", "sha1 or sha256 of the piece, in Base64.", required=False)
OVERRIDE = _header("X-HTTP-Method-Override", "PATCH or HEAD.")
OPTIONAL = {"required": False}
PIECE: dict[str, Any] = {
    "required": True,
    "content": {MEDIA: {"schema": {"type": "string", "format": "binary"}}},
}
REFUSED = {
    "404": docs.problem("No upload of yours."),
    "410": docs.problem("Its attachment was removed."),
    "412": docs.problem("Another version of tus."),
    "415": docs.problem("The file is not what it says."),
    "423": docs.problem("Another request is at it."),
}
TAKEN = REFUSED | {
    "409": docs.problem("Not where the upload stands."),
    "415": docs.problem("The file is not what it says, or this is no piece of one."),
    "460": docs.problem("Damaged."),
}


@blueprint.before_request
def require_version() -> None:
    """Whoever speaks another tus is told which one is spoken here."""
    if request.method != "OPTIONS" and request.headers.get("Tus-Resumable") != VERSION:
        raise Problem("tus_version_unsupported")


@blueprint.errorhandler(Problem)
def tell_problem(problem: Problem) -> Response:
    """A problem as everywhere, and where the upload stands if that is what it is about."""
    response = of_problem(problem)
    if problem.more.get("offset") is not None:
        response.headers["Upload-Offset"] = str(problem.more["offset"])
    return response


@blueprint.after_app_request
def speak_tus(response: Response) -> Response:
    """What every answer of tus carries, also where Flask refused before anybody here was asked."""
    if BELOW.match(request.path):
        response.headers.update(SPOKEN)
        if response.status_code == HTTPStatus.PRECONDITION_FAILED or request.method == "OPTIONS":
            response.headers["Tus-Version"] = VERSION
    return response


@blueprint.route("", methods=["OPTIONS"], provide_automatic_options=False)
@blueprint.route(ONE, methods=["OPTIONS"], provide_automatic_options=False)
@blueprint.response(204)
def say_what_is_spoken(network_id: UUID, upload_id: UUID | None = None) -> Response:  # noqa: ARG001
    """What this server can do."""
    said = {
        "Tus-Extension": "creation,checksum,expiration",
        "Tus-Max-Size": str(MOST_BYTES),
        "Tus-Checksum-Algorithm": ",".join(ALGORITHMS),
    }
    return Response(status=204, headers=said)


@blueprint.route("", methods=["POST"])
@blueprint.doc(parameters=[RESUMABLE, LENGTH, METADATA], responses=REFUSED)
@blueprint.response(201)
def announce(network_id: UUID) -> Response:
    """Announce a file; the same again answers with the same address."""
    announced = _read_announced()
    with acting(network_id, locking=True) as (cx, actor):
        upload = taking.announce(cx, actor, announced, desk())
    _require_taken(upload)
    where = url_for("tus.ask", network_id=network_id, upload_id=upload.id)
    return Response(status=201, headers={"Location": where} | _state(actor, upload))


@blueprint.route(ONE, methods=["HEAD"])
@blueprint.doc(parameters=[RESUMABLE], responses=REFUSED)
@blueprint.response(200)
def ask(network_id: UUID, upload_id: UUID) -> Response:
    """How far an upload came. One that arrived whole and was not seen to is seen to now."""
    with acting(network_id) as (cx, actor):
        upload = taking.find(cx, actor, upload_id)
    _require_taken(upload)
    state = _state(actor, upload)
    if not upload.stored_at and state["Upload-Offset"] == str(upload.length):
        state = _settle_late(actor, upload) or state
    told = {"Upload-Length": str(upload.length), "Upload-Metadata": _write_metadata(upload)}
    return Response(status=200, headers=state | told)


def _settle_late(actor: Actor, upload: Upload) -> dict[str, str] | None:
    """See to a whole upload that nobody saw to; where it now stands, if it has to begin again."""
    try:
        with taking.holding(desk(), actor, upload):
            taking.settle(database(), desk(), actor, upload)
    except Problem as problem:
        if problem.code != "checksum_mismatch":
            raise
        return _state(actor, upload)
    return None


@blueprint.route(ONE, methods=["PATCH"])
@blueprint.doc(parameters=[RESUMABLE, OFFSET, CHECKSUM], requestBody=PIECE, responses=TAKEN)
@blueprint.response(204)
def take(network_id: UUID, upload_id: UUID) -> Response:
    """Take a piece; with the last one the file is kept."""
    piece = _read_piece()
    with acting(network_id) as (cx, actor):
        upload = taking.find(cx, actor, upload_id)
    _require_taken(upload)
    reached = offset = _read_number("Upload-Offset")
    if upload.stored_at:  # who lost the last answer sends nothing more at the end, and is right
        taking.require_fitting(upload, upload.length, offset, piece)
    else:
        with taking.holding(desk(), actor, upload) as file:
            reached = taking.add(file, upload, offset, piece)
            if reached == upload.length:
                taking.settle(database(), desk(), actor, upload)
    return Response(status=204, headers=_state(actor, upload) | {"Upload-Offset": str(reached)})


MEANT: dict[str, Callable[[UUID, UUID], Response]] = {"HEAD": ask, "PATCH": take}


@blueprint.route(ONE, methods=["POST"])
@blueprint.doc(
    parameters=[OVERRIDE, RESUMABLE, OFFSET | OPTIONAL, CHECKSUM],
    requestBody=PIECE | OPTIONAL,
    responses=TAKEN | {"200": {"description": "As for HEAD."}},
)
@blueprint.response(204)
def take_by_post(network_id: UUID, upload_id: UUID) -> Response:
    """Take a piece, or say how far an upload came, for who can send neither PATCH nor HEAD."""
    meant = MEANT.get(request.headers.get("X-HTTP-Method-Override", "").upper())
    if meant is None:
        raise MethodNotAllowed(["OPTIONS", *MEANT])
    return meant(network_id, upload_id)


def desk() -> Desk:
    """Where the running application takes files in."""
    found: Desk = current_app.extensions["files"]
    return found


def _state(actor: Actor, upload: Upload) -> dict[str, str]:
    on_disk = desk().pieces.offset(actor.network_id, upload.id)
    offset = upload.length if upload.stored_at else on_disk
    expires = format_datetime(upload.expires_at, usegmt=True)
    return {"Upload-Offset": str(offset), "Upload-Expires": expires}


def _require_taken(upload: Upload) -> None:
    if upload.refused:
        raise Problem("file_refused", upload.refused)


def _read_piece() -> bytes:
    piece = read_whole(MOST_PIECE, "Set the chunk size.")
    if request.mimetype != MEDIA:
        raise Problem("not_json", f"Send pieces with Content-Type: {MEDIA}.")
    if "Content-Encoding" in request.headers:
        raise Problem("not_json", "Send the bytes as they are, without Content-Encoding.")
    if "Upload-Checksum" in request.headers:
        named, _, sent = request.headers["Upload-Checksum"].partition(" ")
        if named not in ALGORITHMS:
            raise Problem("bad_request", f"A checksum is one of: {', '.join(ALGORITHMS)}.")
        found = base64.b64encode(ALGORITHMS[named](piece).digest()).decode()
        if not hmac.compare_digest(found, sent.strip()):
            raise Problem("checksum_mismatch")
    return piece


def _read_number(header: str) -> int:
    said = request.headers.get(header, "")
    if not (said.isascii() and said.isdigit()):
        raise Problem("bad_request", f"{header} must be a whole number.")
    return int(said.lstrip("0")[:MOST_DIGITS] or "0")


def _read_announced() -> Announced:
    """The announcement; the file's own name is of no use to us and not looked at."""
    said = {name: _decoded(value) for name, value in _metadata().items()}
    wrong: dict[str, list[str]] = {}
    try:
        attachment_id = UUID(said.get("attachment_id", ""))
    except ValueError:
        wrong["attachment_id"] = ["The attachment's id, a UUID."]
    sha256 = said.get("sha256", "")
    if len(sha256) != 64 or not set(sha256) <= set("0123456789abcdef"):  # noqa: PLR2004
        wrong["sha256"] = ["SHA-256 of the file in lower-case hex."]
    mime = said.get("mime", said.get("filetype", ""))
    if mime not in (*PICTURES, *SOUNDS):
        wrong["mime"] = [f"One of: {', '.join((*PICTURES, *SOUNDS))}."]
    if wrong:
        fields = {f"Upload-Metadata.{name}": found for name, found in wrong.items()}
        raise Problem("validation_failed", fields=fields)
    return Announced(attachment_id, _read_number("Upload-Length"), sha256, mime)


def _write_metadata(upload: Upload) -> str:
    """What was announced, as far as it is kept: a file's own name is not."""
    kept = {"attachment_id": str(upload.id), "sha256": upload.sha256, "mime": upload.mime}
    return ",".join(f"{k} {base64.b64encode(v.encode()).decode()}" for k, v in kept.items())


def _metadata() -> dict[str, str]:
    pairs = request.headers.get("Upload-Metadata", "").split(",")
    named = (pair.strip().partition(" ") for pair in pairs)
    return {name: value.strip() for name, _, value in named}


def _decoded(value: str) -> str:
    try:
        return base64.b64decode(value, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""
