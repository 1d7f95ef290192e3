"""Tombstones: after 400 days a removal is no longer told, and verdicts are forgotten."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from api.core.driver import raw
from api.core.lock import lock_network
from api.sync.protocol import TOMBSTONE_DAYS

from .networks import in_every_network

if TYPE_CHECKING:
    from uuid import UUID

    from api.core.db import Database


def expire_tombstones(database: Database, now: dt.datetime) -> int:
    """Drop what is over in every network; how many tombstones went.

    A cursor from before the last one dropped is then expired: its phone begins with a snapshot.
    What was refused stays until 400 days after a person closed it.
    """
    before = now - dt.timedelta(TOMBSTONE_DAYS)
    return in_every_network(database, lambda network_id: _expire(database, network_id, before))


def _expire(database: Database, network_id: UUID, before: dt.datetime) -> int:
    params = {"network": network_id, "before": before}
    with database.transaction(network_id) as cx:
        lock_network(cx, network_id)
        row = raw(cx).execute(_EXPIRE, params).fetchone()
        raw(cx).execute("SELECT forget_operations(%(network)s, %(before)s)", params)
    return int(row[0]) if row else 0


_EXPIRE = """
WITH over AS (
  DELETE FROM sync_index s USING history h
  WHERE s.network_id = %(network)s AND NOT s.is_live
    AND h.network_id = %(network)s AND h.version = s.version AND h.recorded_at < %(before)s
  RETURNING s.revision),
told AS (SELECT count(*) AS dropped, coalesce(max(revision), 0) AS last FROM over)
UPDATE network n SET gc_revision = greatest(n.gc_revision, told.last) FROM told
WHERE n.id = %(network)s RETURNING told.dropped
"""
