"""What sync says on the wire, for its documentation; the shapes are final in protocol 1."""

from __future__ import annotations

from typing import Any

import marshmallow as ma
from marshmallow import fields as f

from api.core.wire import Answered
from api.records import RECORD_TYPES

from .protocol import OPS

EXAMPLE_OP: dict[str, Any] = {
    "op_id": "0197b0c4-6a11-7d02-9b1e-52c0a7f3e1d4",
    "kind": "introductions",
    "id": "0197b0c4-6a10-7cc3-8f00-3d1f5a2b9c11",
    "action": "put",
    "audience": "network",
    "base_version": None,
    "ancestors": [],
    "data": next(kind.example for kind in RECORD_TYPES if kind.name == "introductions"),
    "client_time": "2026-03-31T18:31:02+01:00",
}


EXAMPLE_MEND: dict[str, Any] = {
    "op_id": "0197b0c4-6a12-7e55-8a3b-6b1d0c9e7f42",
    "data": EXAMPLE_OP["data"],
    "base_version": None,
}


class About(ma.Schema):
    """What the server speaks and where the network stands."""

    protocols = f.List(f.Integer(), required=True)
    schema = f.Dict(keys=f.String(), values=f.Integer(), required=True)
    subject = f.String(required=True, metadata={"description": "`<network>:<member>`"})
    epoch = f.UUID(required=True)
    limits = f.Dict(keys=f.String(), values=f.Integer(), required=True)
    kinds = f.List(f.String(), required=True)
    tombstone_days = f.Integer(required=True)
    server_time = f.String(required=True)


class PageQuery(ma.Schema):
    """How much, from where."""

    cursor = f.String()
    limit = f.Integer(load_default=200, validate=ma.validate.Range(min=1, max=100_000))


class ChangesQuery(PageQuery):
    """A cursor stays with the kinds it was made for."""

    kinds = f.String(metadata={"description": "Kinds separated by commas; all when left out."})
    schema_version = f.Integer(validate=ma.validate.Range(min=0, max=1_000_000))


class SyncChange(ma.Schema):
    """One change: an upsert with its data, a delete for all, a leave for you."""

    op = f.String(required=True, validate=ma.validate.OneOf(["upsert", "delete", "leave"]))
    kind = f.String(required=True)
    id = f.UUID(required=True)
    version = f.UUID()
    revision = f.Integer(required=True)
    audience = f.String()
    data = f.Dict()
    state = f.String(
        validate=ma.validate.OneOf(["pending", "stored", "refused"]),
        metadata={"description": "Of an attachment: whether its file arrived."},
    )


class Changes(ma.Schema):
    """A page of changes."""

    changes = f.List(f.Nested(SyncChange), required=True)
    cursor = f.String(required=True)
    has_more = f.Boolean(required=True)
    snapshot = f.Boolean(required=True)
    scope = f.List(f.String(), required=True)
    subject = f.String(required=True)
    server_time = f.String(required=True)


class PushOp(ma.Schema):
    """One operation: idempotency key, compare-and-set token and the version it makes, in one."""

    op_id = f.UUID(required=True)
    kind = f.String(required=True)
    id = f.UUID(required=True)
    action = f.String(required=True, validate=ma.validate.OneOf(["put", "delete"]))
    audience = f.String(allow_none=True)
    base_version = f.UUID(allow_none=True)
    ancestors = f.List(f.UUID())
    data = f.Dict(allow_none=True)
    client_time = f.String(allow_none=True)
    group = f.String(allow_none=True)


class Push(ma.Schema):
    """A phone's outbox, or part of it."""

    client_id = f.UUID(required=True)
    schema_version = f.Integer(metadata={"description": "1 when left out."})
    epoch = f.UUID(allow_none=True)
    ops = f.List(f.Nested(PushOp), required=True, validate=ma.validate.Length(max=OPS))


class Result(ma.Schema):
    """What came of one operation; `current` is the record as it is now."""

    op_id = f.UUID(required=True)
    status = f.String(
        required=True,
        validate=ma.validate.OneOf(
            ["applied", "merged", "superseded", "conflict", "rejected", "retry"]
        ),
    )
    version = f.UUID()
    revision = f.Integer(allow_none=True)
    replayed = f.Boolean()
    error = f.Dict()
    present = f.String(
        required=True, validate=ma.validate.OneOf(["same", "newer", "deleted", "absent"])
    )
    current = f.Dict()


class Results(ma.Schema):
    """One result per operation, in order."""

    results = f.List(f.Nested(Result), required=True)
    head_revision = f.Integer(required=True)
    subject = f.String(required=True)
    server_time = f.String(required=True)


class OpStatus(ma.Schema):
    """The ledger's entry of one operation."""

    op_id = f.UUID(required=True)
    kind = f.String(required=True)
    id = f.UUID(required=True)
    status = f.String(required=True)
    version = f.UUID(allow_none=True)
    revision = f.Integer(allow_none=True)
    error = f.Dict(allow_none=True)
    payload = f.String(allow_none=True)
    decided_at = f.String(required=True)
    closed_at = f.String(allow_none=True)
    mended_as = f.UUID(allow_none=True)


class RefusedOp(ma.Schema):
    """Something refused, with what was sent; `payload` is the text as it came."""

    op_id = f.UUID(required=True)
    kind = f.String(required=True)
    id = f.UUID(required=True)
    author_id = f.UUID(required=True)
    status = f.String(required=True, validate=ma.validate.OneOf(["conflict", "rejected"]))
    error = f.Dict(required=True)
    base_version = f.UUID(required=True, allow_none=True)
    audience = f.String(required=True, allow_none=True)
    payload = f.String(required=True, allow_none=True)
    decided_at = f.String(required=True)


class Quarantined(ma.Schema):
    """A page of what waits to be seen to, the newest first; no cursor on the last."""

    items = f.List(f.Nested(RefusedOp), required=True)
    cursor = f.String(required=True, allow_none=True)


class MendBody(ma.Schema):
    """A correction: the whole record, on the version it was made on."""

    op_id = f.UUID(required=True, metadata={"description": "Made by you; send the same again."})
    data = f.Dict(required=True)
    base_version = f.UUID(load_default=None, allow_none=True)


class SyncRecord(Answered):
    """A record of whichever kind: what all have, and beside it the fields of its own."""

    class Meta:
        """The fields of its kind."""

        unknown = ma.INCLUDE


class Manifest(ma.Schema):
    """A page of `[kind, id, version]`; no cursor on the last."""

    records = f.List(f.List(f.String()), required=True)
    cursor = f.String(required=True, allow_none=True)
    subject = f.String(required=True)
    server_time = f.String(required=True)


PUSH_BODY: dict[str, Any] = {
    "required": True,
    "content": {
        "application/json": {
            "schema": Push,
            "example": {
                "client_id": "0197b0c4-0000-7000-8000-000000000001",
                "schema_version": 1,
                "ops": [EXAMPLE_OP],
            },
        }
    },
}

LAST_EVENT_ID = {
    "in": "header",
    "name": "Last-Event-ID",
    "description": "The last event heard; without it the stream tells at once where things stand.",
    "schema": {"type": "string"},
}
EVENTS: dict[str, Any] = {
    "200": {
        "description": "Events that name a revision, for as long as the stream is open.",
        "content": {
            "text/event-stream": {
                "schema": {"type": "string"},
                "example": 'id: 812\nevent: changed\ndata: {"revision": 812}\n\n',
            }
        },
    }
}
