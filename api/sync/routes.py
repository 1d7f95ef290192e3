"""Sync routes: what a phone calls."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import marshmallow as ma
import msgspec
from flask import Response, current_app

from api.core.acting import acting
from api.core.db import raw
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
    SCHEMA,
    TOMBSTONE_DAYS,
    read_head,
    require_epoch,
    require_protocol,
    require_schema,
    require_syncer,
    signature,
)
from .pull import Asked, manifest, pull
from .push import read_changes, read_envelope, result

blueprint = Blueprint(
    "sync",
    __name__,
    url_prefix="/api/v1/networks/<uuid:network_id>/sync",
    description="How phones that are often offline and the server stay one.",
)
blueprint.before_request(require_protocol)


@blueprint.route("")
@blueprint.response(200, schema.About)
def say_what_is_spoken(network_id: UUID) -> Response:
    """What this server speaks, its limits, and where the network stands."""
    with acting(network_id) as (cx, actor):
        require_syncer(actor)
        head = read_head(cx, network_id)
    return _said(
        {
            "protocols": [int(PROTOCOL)],
            "schema": SCHEMA,
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
    require_schema(asked.get("schema_version"))
    with acting(network_id) as (cx, actor):
        require_syncer(actor)
        page = pull(cx, actor, read_head(cx, network_id), _asked(asked))
    return _said(page)


@blueprint.route("/push", methods=["POST"])
@blueprint.doc(requestBody=schema.PUSH_BODY)
@blueprint.response(200, schema.Results)
def push_operations(network_id: UUID) -> Response:
    """Carry out a phone's operations; one result each, in order; safe to send again."""
    envelope = read_envelope(read_body())
    require_schema(envelope.schema_version)
    batch = read_changes(envelope)
    with acting(network_id, writing=True) as (cx, actor):
        require_syncer(actor)
        require_epoch(envelope.epoch, read_head(cx, network_id))
        outcomes = apply_prepared(cx, actor, batch)
        head = read_head(cx, network_id)
    results = [result(outcome) for outcome in outcomes]
    return _said({"results": results, "head_revision": head.revision, **signature(actor)})


@blueprint.route("/ops/<uuid:op_id>")
@blueprint.response(200, schema.OpStatus)
def read_operation(network_id: UUID, op_id: UUID) -> Response:
    """The verdict on one of your own operations, with what you sent where it was not stored."""
    with acting(network_id) as (cx, actor):
        require_syncer(actor)
        params = {"network": network_id, "op": op_id, "member": actor.member_id}
        row = raw(cx).execute(_OPERATION, params).fetchone()
    if row is None:
        raise Problem("not_found")
    names = (
        "op_id",
        "kind",
        "id",
        "status",
        "version",
        "revision",
        "error",
        "payload",
        "decided_at",
    )
    return _said(dict(zip(names, row, strict=True)))


_OPERATION = """
SELECT op_id, kind, record_id, status, version, revision, error, payload, decided_at
FROM op_ledger WHERE network_id = %(network)s AND op_id = %(op)s AND author_id = %(member)s
"""


@blueprint.route("/manifest")
@blueprint.arguments(schema.PageQuery, location="query")
@blueprint.response(200, schema.Manifest)
def read_manifest(asked: dict[str, Any], network_id: UUID) -> Response:
    """Kind, id and version of every record you may see, a page at a time."""
    with acting(network_id) as (cx, actor):
        require_syncer(actor)
        page = manifest(cx, actor, _asked(asked))
    return _said(page)


@blueprint.route("/records/<kind>/<uuid:record_id>")
@blueprint.response(200, ma.Schema.from_dict({}, name="SyncRecord"), description="As in REST.")
def read_one(network_id: UUID, kind: str, record_id: UUID) -> Response:
    """One record as it is now, in the shape REST gives it."""
    if kind not in KINDS:
        raise Problem("not_found")
    with acting(network_id) as (cx, actor):
        version, body = get(cx, actor, KINDS[kind], record_id)
    return answer(body, etag=f'"{version}"')


def _asked(query: dict[str, Any]) -> Asked:
    kinds = sorted(filter(None, query.get("kinds", "").split(",")))
    return Asked(
        cursor=query.get("cursor"),
        limit=min(query["limit"], PAGE),
        kinds=kinds,
        schema_version=query.get("schema_version"),
        secret=current_app.extensions["settings"].secret,
    )


def _said(body: dict[str, Any]) -> Response:
    return answer(msgspec.json.encode(body))
