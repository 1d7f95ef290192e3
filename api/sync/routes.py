"""Sync routes: what a phone calls."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec
from flask import Response, current_app

from api.core.acting import acting
from api.core.driver import raw
from api.core.head import head_of
from api.core.lock import lock_network
from api.core.problems import Problem
from api.core.read import get
from api.core.record import KINDS
from api.core.web import Blueprint, answer, read_body
from api.core.write import apply_prepared

from . import schema
from .protocol import (
    LIMITS,
    PAGE,
    PROTOCOL,
    TOMBSTONE_DAYS,
    Asked,
    Behind,
    begin_epoch,
    require_epoch,
    require_protocol,
    signature,
)
from .pull import manifest, pull
from .push import read_changes, read_envelope, result
from .quarantine import Mend, let_go, list_refused, mend
from .stream import open_stream
from .versions import newest, require_version, supported

blueprint = Blueprint(
    "sync",
    __name__,
    url_prefix="/api/v1/networks/<uuid:network_id>/sync",
    description="How phones that are often offline and the server stay one: `Sync-Protocol: 1`.",
)
blueprint.before_request(require_protocol)


@blueprint.route("")
@blueprint.response(200, schema.About)
def say_what_is_spoken(network_id: UUID) -> Response:
    """What this server speaks, its limits, and where the network stands."""
    with acting(network_id) as (cx, actor):
        head = head_of(cx)
    return _said(
        {
            "protocols": [int(PROTOCOL)],
            "schema": supported(),
            "epoch": head.epoch,
            "limits": LIMITS,
            "kinds": list(KINDS),
            "tombstone_days": TOMBSTONE_DAYS,
            **signature(actor),
        }
    )


@blueprint.route("/changes")
@blueprint.arguments(schema.ChangesQuery, location="query")
@blueprint.response(200, schema.Changes)
def pull_changes(asked: dict[str, Any], network_id: UUID) -> Response:
    """What changed since a cursor; without one, everything there is: a snapshot."""
    require_version(asked.get("schema_version"))
    with acting(network_id) as (cx, actor):
        head = head_of(cx)
        try:
            page = pull(cx, actor, head, _asked(asked))
        except Behind:
            raise begin_epoch(network_id, head.epoch) from None
    return _said(page)


@blueprint.route("/stream")
@blueprint.doc(parameters=[schema.LAST_EVENT_ID], responses=schema.EVENTS)
def listen(network_id: UUID) -> Response:
    """Hear that something changed, as it changes: Server-Sent Events without content."""
    return open_stream(network_id)


@blueprint.route("/push", methods=["POST"])
@blueprint.doc(requestBody=schema.PUSH_BODY)
@blueprint.response(200, schema.Results)
def push_operations(network_id: UUID) -> Response:
    """Carry out a phone's operations; one result each, in order; safe to send again."""
    envelope = read_envelope(read_body())
    require_version(envelope.schema_version)
    batch = read_changes(envelope)
    with acting(network_id, locking=True) as (cx, actor):
        outcomes = apply_prepared(cx, actor, batch, alone=True)
        head = lock_network(cx, network_id)
        require_epoch(envelope.epoch, head.epoch)
    results = [result(outcome, envelope.schema_version) for outcome in outcomes]
    return _said({"results": results, "head_revision": head.revision, **signature(actor)})


@blueprint.route("/ops/<uuid:op_id>")
@blueprint.response(200, schema.OpStatus)
def read_operation(network_id: UUID, op_id: UUID) -> Response:
    """The verdict on one of your own operations, with what you sent where it was not stored."""
    with acting(network_id) as (cx, actor):
        params = {"network": network_id, "op": op_id, "member": actor.member_id}
        row = raw(cx).execute(_OPERATION, params).fetchone()
    if row is None:
        raise Problem("not_found")
    return _said(row[0])


_OPERATION = """
SELECT json_build_object('op_id', l.op_id, 'kind', l.kind, 'id', l.record_id, 'status', l.status,
  'version', l.version, 'revision', l.revision, 'error', l.error, 'payload', l.payload,
  'decided_at', l.decided_at, 'closed_at', c.closed_at, 'mended_as', c.mended_as)
FROM op_ledger l LEFT JOIN closed_op c ON c.network_id = %(network)s AND c.op_id = l.op_id
WHERE l.network_id = %(network)s AND l.op_id = %(op)s AND l.author_id = %(member)s
"""


@blueprint.route("/quarantined")
@blueprint.arguments(schema.PageQuery, location="query")
@blueprint.response(200, schema.Quarantined)
def list_quarantined(asked: dict[str, Any], network_id: UUID) -> Response:
    """What was refused and waits to be seen to: yours; for coordinators, the network's too."""
    with acting(network_id) as (cx, actor):
        page = list_refused(cx, actor, _asked(asked))
    return _said(page)


@blueprint.route("/quarantined/<uuid:op_id>/mend", methods=["POST"])
@blueprint.arguments(schema.MendBody, example=schema.EXAMPLE_MEND)
@blueprint.response(200, schema.Result)
def mend_refused(sent: dict[str, Any], network_id: UUID, op_id: UUID) -> Response:
    """Send a refused record again, corrected, in its author's name; its result, as in a push."""
    with acting(network_id, locking=True) as (cx, actor):
        outcome = mend(cx, actor, op_id, Mend(**sent))
    return _said(result(outcome, newest()))


@blueprint.route("/quarantined/<uuid:op_id>", methods=["DELETE"])
@blueprint.response(204)
def let_refused_go(network_id: UUID, op_id: UUID) -> Response:
    """Take a refusal off the list; what was sent stays readable by its author."""
    with acting(network_id, writing=True) as (cx, actor):
        let_go(cx, actor, op_id)
    return Response(status=204)


@blueprint.route("/manifest")
@blueprint.arguments(schema.PageQuery, location="query")
@blueprint.response(200, schema.Manifest)
def read_manifest(asked: dict[str, Any], network_id: UUID) -> Response:
    """Kind, id and version of every record you may see, a page at a time."""
    with acting(network_id) as (cx, actor):
        page = manifest(cx, actor, _asked(asked))
    return _said(page)


@blueprint.route("/records/<kind>/<uuid:record_id>")
@blueprint.response(200, schema.SyncRecord, description="As in REST.")
def read_one(network_id: UUID, kind: str, record_id: UUID) -> Response:
    """One record as it is now, in the shape REST gives it."""
    if kind not in KINDS:
        raise Problem("not_found")
    with acting(network_id) as (cx, actor):
        version, body = get(cx, actor, KINDS[kind], record_id)
    return answer(body, etag=f'"{version}"')


def _asked(query: dict[str, Any]) -> Asked:
    kinds = sorted({*query.get("kinds", "").split(",")} - {""})
    return Asked(
        cursor=query.get("cursor"),
        limit=min(query["limit"], PAGE),
        kinds=kinds,
        schema_version=query.get("schema_version"),
        secret=current_app.extensions["settings"].secret,
    )


def _said(body: dict[str, Any]) -> Response:
    return answer(msgspec.json.encode(body))
