"""Series: what was released since, and the newest report of a kind."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from api.core.driver import raw
from api.core.problems import Problem

from .shelf import COLUMNS, SHELVED, entry, shelved, visible

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from api.core.actor import Actor

    from .shelved import Shelved

Place = tuple[datetime, UUID]  # of a report in the order of release and withdrawal
ANY = ("template", "boundaries", "audience", "language")


def released_since(
    cx: Connection, actor: Actor, since: datetime, limit: int, after: Place | None
) -> list[dict[str, Any]]:
    """Up to `limit` reports released, or withdrawn, at `since` or later, in that order."""
    at, id_ = after or (None, None)
    asked = {"network": actor.network_id, "since": since, "at": at, "id": id_, "limit": limit}
    return [entry(row) for row in raw(cx).execute(visible(actor, COLUMNS, _SINCE), asked)]


def latest(cx: Connection, actor: Actor, kind: dict[str, Any]) -> Shelved:
    """The report of the latest period, of the template, boundaries and so on that are asked for."""
    asked = {"network": actor.network_id} | {name: kind.get(name) for name in ANY}
    row = raw(cx).execute(visible(actor, SHELVED, _LATEST), asked).fetchone()
    if row is None:
        raise Problem("not_found")
    return shelved(row)


def place_of(found: dict[str, Any]) -> Place:
    """Where a report of the list stands in that order."""
    return max(found["released_at"], found["withdrawn_at"] or found["released_at"]), found["id"]


_SINCE = """
greatest(released_at, withdrawn_at) >= %(since)s AND released_at IS NOT NULL
    AND (%(at)s::timestamptz IS NULL
        OR (greatest(released_at, withdrawn_at), id) > (%(at)s, %(id)s))
ORDER BY greatest(released_at, withdrawn_at), id LIMIT %(limit)s
"""

_LATEST = """
withdrawn_at IS NULL AND (%(template)s::text IS NULL OR template = %(template)s)
    AND (%(audience)s::text IS NULL OR audience = %(audience)s)
    AND (%(language)s::text IS NULL OR language = %(language)s)
    AND (%(boundaries)s::uuid[] IS NULL
        OR boundaries @> %(boundaries)s::uuid[] AND boundaries <@ %(boundaries)s::uuid[])
ORDER BY period_to DESC, id DESC LIMIT 1
"""
