"""Routes: the five endpoints of any kind, and their OpenAPI, from its declaration."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid5

import marshmallow as ma
import msgspec
from flask import Response, current_app, request
from uuid_utils.compat import uuid7

from . import documentation as docs
from . import wire
from .acting import acting
from .actor import LOGGERS
from .change import Change, Outcome
from .head import head_of
from .lock import lock_network
from .once import KEY, op_id_of
from .problems import Problem
from .read import Query, get, page
from .web import (
    Blueprint,
    answer,
    next_link,
    read_body,
    read_json,
    require_changed,
    strip_etag,
)
from .write import apply

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from .actor import Actor
    from .record import RecordType

MOST = 500  # records a page
CURSOR = 2_000  # characters: it may hold a name of any script
NO_VERSION = UUID(int=0)  # nothing has it, so it never matches
URL = "/api/v1/networks/<uuid:network_id>/"


def blueprint(kind: RecordType) -> Blueprint:
    """List, make, read, alter and remove records of one kind."""
    made = Blueprint(kind.name, __name__, url_prefix=URL + kind.name, description=kind.summary)
    _collection(made, kind)
    _single(made, kind)
    return made


def _collection(made: Blueprint, kind: RecordType) -> None:
    @made.route("")
    @docs.documented(made, docs.LIST, kind)
    @made.arguments(_query_schema(kind), location="query")
    def list_records(asked: dict[str, Any], network_id: UUID) -> Response:
        with acting(network_id) as (cx, actor):
            _require_reader(actor)
            etag = f'W/"{head_of(cx).mark}-{actor.member_id.hex[-8:]}"'
            require_changed(etag)
            limit, cursor = asked.pop("limit"), asked.pop("cursor", None)
            secret = current_app.extensions["settings"].secret
            body, following = page(cx, actor, kind, Query(asked, limit, cursor, secret))
        response = answer(body, etag=etag)
        if following:
            response.headers["Link"] = next_link(following)
        return response

    @made.route("", methods=["POST"])
    @docs.documented(made, docs.CREATE, kind)
    def create_record(network_id: UUID) -> Response:
        values = read_json(read_body(), dict[str, Any])
        with acting(network_id, locking=True) as (cx, actor):
            change = _creation(kind, actor, values)
            (outcome,) = apply(cx, actor, [change], alone=True)
            require_done(outcome, "conflict")
        is_new = outcome.first is None and outcome.version == change.change_id
        where = f"{request.script_root}{request.path}/{change.id}"
        return answer_outcome(outcome, 201 if is_new else 200, Location=where)


def _single(made: Blueprint, kind: RecordType) -> None:
    @made.route("/<uuid:record_id>")
    @docs.documented(made, docs.READ, kind)
    def read_record(network_id: UUID, record_id: UUID) -> Response:
        with acting(network_id) as (cx, actor):
            version, body = get(cx, actor, kind, record_id)
        require_changed(f'"{version}"')
        return answer(body, etag=f'"{version}"')

    @made.route("/<uuid:record_id>", methods=["PATCH"])
    @docs.documented(made, docs.CHANGE, kind)
    def change_record(network_id: UUID, record_id: UUID) -> Response:
        altered = read_json(read_body(), dict[str, Any])
        with acting(network_id, locking=True) as (cx, actor):
            lock_network(cx, network_id)  # or what is found may have changed before it is written
            version, present = get(cx, actor, kind, record_id)
            change = alteration(kind, actor, present, altered, base=_matched(version))
            (outcome,) = apply(cx, actor, [change], alone=True)
            require_done(outcome, "precondition_failed")
        return answer_outcome(outcome, 200)

    @made.route("/<uuid:record_id>", methods=["DELETE"])
    @docs.documented(made, docs.REMOVE, kind)
    def remove_record(network_id: UUID, record_id: UUID) -> Response:
        with acting(network_id, locking=True) as (cx, actor):
            lock_network(cx, network_id)
            version = _version_or_gone(cx, actor, kind, record_id)
            change = Change(
                kind.name,
                record_id,
                base_version=_matched(version or NO_VERSION),
                change_id=_change_id(actor),
                remove=True,
                is_strict=True,
                keeps_refused=False,
                asked=b"null",
            )
            (outcome,) = apply(cx, actor, [change], alone=True)
            if version is None and outcome.status != "duplicate":
                raise Problem("gone")
            require_done(outcome, "precondition_failed")
        return answer(b"", 204)


def _version_or_gone(
    cx: Connection, actor: Actor, kind: RecordType, record_id: UUID
) -> UUID | None:
    """A record's version; None for one that is gone, if it may be the caller who removed it."""
    try:
        return get(cx, actor, kind, record_id)[0]
    except Problem as problem:
        if problem.code != "gone" or KEY not in request.headers:
            raise
        return None


def alteration(
    kind: RecordType, actor: Actor, present: bytes, altered: dict[str, Any], *, base: UUID
) -> Change:
    """Some fields of a present record as a change of the whole, on top of version `base`."""
    whole = msgspec.json.decode(present)
    values = {name: whole[name] for name in kind.codec.names}
    return Change(
        kind.name,
        UUID(whole["id"]),
        values | {name: value for name, value in altered.items() if name != "audience"},
        base_version=base,
        change_id=_change_id(actor),
        audience=_audience(altered),
        is_strict=True,
        keeps_refused=False,
        asked=msgspec.json.encode(altered),
    )


def _creation(kind: RecordType, actor: Actor, values: dict[str, Any]) -> Change:
    """A POST as a change: an id and audience may come with the fields."""
    change_id = _change_id(actor)
    record_id = values.pop("id", None)
    try:
        chosen = _fresh_id(change_id) if record_id is None else UUID(record_id)
    except (ValueError, TypeError, AttributeError) as error:
        sentence = "A UUID, or leave it out and one is made."
        raise Problem("validation_failed", fields={"id": [sentence]}) from error
    audience = _audience(values)
    values.pop("audience", None)
    return Change(
        kind.name,
        chosen,
        values,
        change_id=change_id,
        audience=audience,
        keeps_refused=False,
    )


def _fresh_id(change_id: UUID) -> UUID:
    """An id for a record that came without one; with an idempotency key, the same each time."""
    return uuid5(change_id, "record") if KEY in request.headers else uuid7()


def _audience(values: dict[str, Any]) -> str | None:
    audience = values.get("audience")
    if audience is not None and not (isinstance(audience, str) and audience):
        raise Problem("validation_failed", fields={"audience": [wire.AUDIENCE]})
    return audience


def _change_id(actor: Actor) -> UUID:
    """The operation that the caller's idempotency key names, or a fresh one."""
    return op_id_of(actor) or uuid7()


def _matched(version: UUID) -> UUID:
    """The version that If-Match says the caller is changing."""
    tag = request.headers.get("If-Match", "").strip()
    if not tag:
        raise Problem("precondition_required")
    if tag == "*":
        return version
    try:
        return UUID(strip_etag(tag))
    except ValueError:
        return NO_VERSION  # some other tag


def require_done(outcome: Outcome, clash: str) -> None:
    """Turn a refusal into its problem; a clash shows the record as it is now."""
    if outcome.is_done:
        return
    problem = outcome.problem or Problem("conflict")
    if problem.code == "conflict" and outcome.present:
        present = outcome.present
        raise Problem(
            clash,
            problem.detail,
            current=msgspec.Raw(present.document()),
            etag=f'"{present.version}"',
        )
    raise problem


def _require_reader(actor: Actor) -> None:
    """Funders read reports and nothing else."""
    actor.require_role(*LOGGERS)


def answer_outcome(outcome: Outcome, status: int, **headers: str) -> Response:
    """The record as it is after a change that was done."""
    present = outcome.present
    if present is None or present.is_gone:  # done earlier, and gone or hidden since
        raise Problem("gone" if present else "not_found")
    return answer(present.document(), status, etag=f'"{present.version}"', **headers)


def _query_schema(kind: RecordType) -> type[ma.Schema]:
    """The query of a list: the kind's filters, a limit and a cursor."""
    asked: dict[str, Any] = {f.name: f.field for f in kind.filters}
    asked["limit"] = ma.fields.Integer(
        load_default=50,
        validate=ma.validate.Range(1, MOST),
        metadata={"description": f"Records a page, at most {MOST}."},
    )
    asked["cursor"] = ma.fields.String(
        validate=ma.validate.Length(max=CURSOR),
        metadata={"description": "From `next` of the page before."},
    )
    for each in asked.values():
        each.load_default = each.load_default if each.load_default is not None else ma.missing
    return ma.Schema.from_dict(asked, name=f"{kind.noun}Query")
