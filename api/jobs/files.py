"""Files: what nothing refers to after 30 days, or whose attachment was removed, is forgotten."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from api.core.driver import raw
from api.sync.uploads.taking import Desk, forget

from .networks import in_every_network

if TYPE_CHECKING:
    import datetime as dt
    from uuid import UUID

    from api.core.db import Database


def forget_files(database: Database, desk: Desk, now: dt.datetime) -> int:
    """Remove files that are over in every network; how many uploads went.

    A file goes before its row does: what a crash leaves behind is found again the next night.
    """
    return in_every_network(database, lambda network_id: _forget(database, desk, network_id, now))


def _forget(database: Database, desk: Desk, network_id: UUID, now: dt.datetime) -> int:
    params = {"network": network_id, "now": now}
    lying = desk.pieces.of_network(network_id)  # before the rows: what is announced now has one
    with database.snapshot(network_id) as cx:
        over = [row[0] for row in raw(cx).execute(_OVER, params)]
        awaited = {row[0] for row in raw(cx).execute(_AWAITED, params)}
    gone = sum(_forget_one(database, desk, params | {"id": upload_id}) for upload_id in over)
    for upload_id in set(lying) - awaited:  # gone or kept since: a crash came between
        desk.pieces.drop(network_id, upload_id)
    return gone


def _forget_one(database: Database, desk: Desk, params: dict[str, Any]) -> bool:
    """Forget an upload that is still over; whether it was.

    Its row is held meanwhile: whoever took its last piece and is about to keep it has to wait,
    and finds then that it is gone.
    """
    network_id, upload_id = params["network"], params["id"]
    with database.transaction(network_id) as cx:
        is_over = raw(cx).execute(_STILL_OVER, params).fetchone() is not None
        if is_over:
            forget(cx, desk, network_id, upload_id)
    return is_over


_OVER = """
SELECT u.id FROM upload u
LEFT JOIN attachment a ON a.network_id = %(network)s AND a.id = u.id
WHERE u.network_id = %(network)s AND (a.deleted_at IS NOT NULL
  OR u.expires_at < %(now)s AND (a.id IS NULL OR u.stored_at IS NULL))
"""
_AWAITED = "SELECT id FROM upload WHERE network_id = %(network)s AND stored_at IS NULL"
_STILL_OVER = f"{_OVER} AND u.id = %(id)s FOR UPDATE OF u"
