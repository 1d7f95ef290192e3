"""Protocol: versions, limits and the little that every answer of sync repeats."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

import structlog
from flask import request

from api.core.codec import RECORD_BYTES
from api.core.db import database
from api.core.driver import raw
from api.core.problems import Problem
from api.core.web import BODY_BYTES

if TYPE_CHECKING:
    from api.core.actor import Actor

PROTOCOL = "1"
OPS = 200
ANCESTORS = 50
PAGE = 500
PAGE_BYTES = 1_048_576
TOMBSTONE_DAYS = 400
LIMITS = {"ops": OPS, "body_bytes": BODY_BYTES, "record_bytes": RECORD_BYTES, "page": PAGE}


@dataclass(frozen=True, slots=True)
class Asked:
    """What a pull asks for; no kinds means all."""

    cursor: str | None
    limit: int
    kinds: list[str]
    schema_version: int | None
    secret: str


def require_protocol() -> None:
    """Refuse a client that says it speaks another version of the wire."""
    if request.headers.get("Sync-Protocol", PROTOCOL) != PROTOCOL:
        raise Problem("protocol_unsupported", protocols=[int(PROTOCOL)])


def require_epoch(said: UUID | None, present: UUID) -> None:
    """Refuse a client that last spoke to the server as it was before a restore."""
    if said not in (None, present):
        raise Problem("epoch_changed", epoch=str(present))


class Behind(Exception):  # noqa: N818  (it is the server that is)
    """A phone knows a revision that the database has not come to: an older one was put back."""


def begin_epoch(network_id: UUID, before: UUID) -> Problem:
    """Give a network that was put back unannounced a new epoch, once; what to tell its phones."""
    params = {"network": network_id, "before": before}
    with database().transaction(network_id) as cx:
        if raw(cx).execute(_BEGIN_EPOCH, params).rowcount:
            structlog.get_logger().warning("epoch_begun", network=str(network_id))
        (present,) = raw(cx).execute(_EPOCH, params).fetchone() or (before,)
    return Problem("epoch_changed", epoch=str(present))


_BEGIN_EPOCH = """
UPDATE network SET epoch = gen_random_uuid() WHERE id = %(network)s AND epoch = %(before)s
"""
_EPOCH = "SELECT epoch FROM network WHERE id = %(network)s"


def signature(actor: Actor) -> dict[str, Any]:
    """What every answer ends with: whose it is, and when."""
    now = dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds")
    return {"subject": f"{actor.network_id}:{actor.member_id}", "server_time": now}
