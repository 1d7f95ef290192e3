"""Protocol: versions, limits and the little that every answer of sync repeats."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from flask import request

from api.core.db import raw
from api.core.problems import Problem
from api.core.web import BODY_BYTES

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from api.core.actor import Actor

PROTOCOL = "1"
SCHEMA = {"min": 1, "max": 1}
OPS = 200
PAGE = 500
PAGE_BYTES = 1_048_576
TOMBSTONE_DAYS = 400
RECORD_BYTES = 65_536
LIMITS = {"ops": OPS, "body_bytes": BODY_BYTES, "record_bytes": RECORD_BYTES, "page": PAGE}


@dataclass(frozen=True, slots=True)
class Head:
    """Where the network stands."""

    revision: int
    epoch: UUID
    gc_revision: int


def read_head(cx: Connection, network_id: UUID) -> Head:
    """The network's counter, epoch and the revision before which tombstones are gone."""
    row = raw(cx).execute(_HEAD, {"network": network_id}).fetchone()
    if row is None:
        raise Problem("unknown_network")
    return Head(*row)


_HEAD = "SELECT revision, epoch, gc_revision FROM network WHERE id = %(network)s"


def require_protocol() -> None:
    """Refuse a client that says it speaks another version of the wire."""
    if request.headers.get("Sync-Protocol", PROTOCOL) != PROTOCOL:
        raise Problem("protocol_unsupported", protocols=[int(PROTOCOL)])


def require_schema(version: int | None) -> None:
    """Refuse data of a version this server does not read; the phone keeps its outbox."""
    if version is not None and not SCHEMA["min"] <= version <= SCHEMA["max"]:
        raise Problem("schema_unsupported", schema=SCHEMA)


def require_epoch(said: UUID | None, head: Head) -> None:
    """Refuse a client that last spoke to the server as it was before a restore."""
    if said is not None and said != head.epoch:
        raise Problem("epoch_changed", epoch=str(head.epoch))


def require_syncer(actor: Actor) -> None:
    """Funders read reports and nothing else."""
    actor.require_role("connector", "coordinator", "admin")


def signature(actor: Actor) -> dict[str, Any]:
    """What every answer ends with: whose it is, and when."""
    now = dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds")
    return {"subject": f"{actor.network_id}:{actor.member_id}", "server_time": now}
