"""Notebooks: entries are removed on their day, and after 30 days without notice."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from api.core.driver import raw
from api.core.write import Change

from .networks import apply_as_server, in_every_network

if TYPE_CHECKING:
    from uuid import UUID

    from api.core.db import Database

DAYS_WITHOUT_NOTICE = 30


def purge_notebooks(database: Database, today: dt.date) -> int:
    """Remove what is due in every network by `today`; how many entries went.

    What they took part in falls back to their group: the tombstone says nothing about anybody.
    Earlier states of whatever was removed, by whomever, are forgotten along with it, and so is
    what was refused 30 days ago and never came to be.
    """
    return in_every_network(database, lambda network_id: _purge(database, network_id, today))


def _purge(database: Database, network_id: UUID, today: dt.date) -> int:
    removed = apply_as_server(database, network_id, _due(database, network_id, today))
    before = today - dt.timedelta(DAYS_WITHOUT_NOTICE)
    with database.transaction(network_id) as cx:
        raw(cx).execute("SELECT forget_notebooks(%s, %s)", [network_id, before])
    return removed


def _due(database: Database, network_id: UUID, today: dt.date) -> list[Change]:
    params = {"network": network_id, "today": today, "days": DAYS_WITHOUT_NOTICE}
    with database.snapshot(network_id) as cx:
        rows = raw(cx).execute(_DUE, params).fetchall()
    return [
        Change("people", person, base_version=version, remove=True, keeps_refused=False)
        for person, version in rows
    ]


_DUE = """
SELECT r.id, r.version FROM person r
WHERE r.network_id = %(network)s AND r.deleted_at IS NULL AND %(today)s >= coalesce(r.purge_on,
  CASE WHEN r.notice <> 'given' THEN (r.created_at AT TIME ZONE 'UTC')::date + %(days)s END)
ORDER BY r.id
"""
