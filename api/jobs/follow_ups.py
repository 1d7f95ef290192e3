"""Follow-ups: the question what became of an introduction, made on the day it comes due."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid5

from api.core.driver import raw
from api.core.write import Change
from api.records.follow_ups.rules import DUE_AFTER_DAYS

from .networks import apply_as_server, in_every_network

if TYPE_CHECKING:
    import datetime as dt
    from uuid import UUID

    from api.core.db import Database


def make_due_follow_ups(database: Database, today: dt.date) -> int:
    """Make what has come due in every network by `today`; how many were made.

    Ids follow from introduction and interval, so two workers, or a run after a crash, make each
    question once.
    """
    return in_every_network(
        database,
        lambda network_id: apply_as_server(database, network_id, _due(database, network_id, today)),
    )


def _due(database: Database, network_id: UUID, today: dt.date) -> list[Change]:
    params = {"network": network_id, "today": today, "days": list(DUE_AFTER_DAYS)}
    with database.snapshot(network_id) as cx:
        rows = raw(cx).execute(_DUE, params).fetchall()
    return [
        Change(
            "follow-ups",
            uuid5(introduction, f"follow-up {days}"),
            {"introduction_id": str(introduction), "due_on": due_on.isoformat()},
            change_id=uuid5(introduction, f"follow-up {days} is due"),
            audience=audience,
            author_id=connector,
            keeps_refused=False,
        )
        for introduction, days, due_on, connector, audience in rows
    ]


# of an introduction made before its connector handed over, whoever has it now is asked
_DUE = """
SELECT i.id, d.days, d.due_on, coalesce((
    SELECT h.heir_id FROM handover h WHERE h.network_id = %(network)s AND h.status = 'accepted'
      AND h.giver_id = coalesce(i.connector_id, i.author_id) AND i.made_at < h.closed_at
      AND i.audience = 'network' ORDER BY h.closed_at LIMIT 1),
  i.connector_id, i.author_id), i.audience
FROM introduction i CROSS JOIN LATERAL (
  SELECT days, (i.made_at AT TIME ZONE 'UTC')::date + days AS due_on
  FROM unnest(CAST(%(days)s AS int[])) days) d
WHERE i.network_id = %(network)s AND i.deleted_at IS NULL AND i.status = 'made'
  AND d.due_on <= %(today)s AND NOT EXISTS (
    SELECT FROM follow_up f WHERE f.network_id = %(network)s AND f.introduction_id = i.id
      AND f.due_on = d.due_on)
ORDER BY d.due_on, i.id
"""
