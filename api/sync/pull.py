"""Pull: what changed since a cursor, in the order of the network's revision."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec

from api.core.cursor import seal, unseal
from api.core.db import raw
from api.core.problems import Problem
from api.core.record import KINDS

from .protocol import PAGE_BYTES, SCHEMA, Head, require_epoch, signature

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection

    from api.core.actor import Actor


class Place(msgspec.Struct, array_like=True):
    """How far a phone has come. Signed, so its audiences are those the server gave."""

    network: UUID
    member: UUID
    epoch: UUID
    revision: int
    scope: list[str]
    kinds: list[str]
    schema_version: int
    began: int | None  # the revision at which a pull without cursor began; None once it is over


@dataclass(frozen=True, slots=True)
class Asked:
    """What a pull asks for; no kinds means all."""

    cursor: str | None
    limit: int
    kinds: list[str]
    schema_version: int | None
    secret: str


def pull(cx: Connection, actor: Actor, head: Head, asked: Asked) -> dict[str, Any]:
    """One page: `changes`, the next `cursor`, and whether there is more."""
    place = _place(actor, head, asked)
    changes: list[dict[str, Any]] = []
    has_more = False
    if place.revision < head.revision:
        changes, reached, has_more = _changes(cx, place, asked.limit)
        place.revision = reached if has_more else head.revision
    is_snapshot = place.began is not None
    if not has_more:
        place.began = None
    return {
        "changes": changes,
        "cursor": seal(place, asked.secret),
        "has_more": has_more,
        "snapshot": is_snapshot,
        "scope": list(actor.scope),
        **signature(actor),
    }


def _place(actor: Actor, head: Head, asked: Asked) -> Place:
    """The cursor's place, or the beginning; a problem when the phone must begin again."""
    unknown = [name for name in asked.kinds if name not in KINDS]
    if unknown:
        raise Problem("unknown_kind", f"There is no kind called {unknown[0][:40]!r}.")
    scope, version = list(actor.scope), asked.schema_version or SCHEMA["max"]
    if not asked.cursor:
        owner = actor.network_id, actor.member_id
        return Place(*owner, head.epoch, 0, scope, asked.kinds, version, head.revision)
    place: Place = unseal(asked.cursor, asked.secret, Place)
    if (place.network, place.member) != (actor.network_id, actor.member_id):
        raise Problem("bad_cursor")
    require_epoch(place.epoch, head)
    if place.kinds != asked.kinds:
        raise Problem("cursor_kinds_mismatch")
    # What an audience won or lost holds is sent as a whole: the phone begins with a snapshot.
    if place.revision < head.gc_revision or place.scope != scope:
        raise Problem("cursor_expired")
    return place


class _Row(msgspec.Struct, array_like=True):
    kind: str
    record_id: UUID
    revision: int
    audience: str
    is_live: bool
    version: UUID
    is_gone: bool
    data: str | None


def _changes(cx: Connection, place: Place, limit: int) -> tuple[list[dict[str, Any]], int, bool]:
    """Changes after the place: (changes, revision reached, whether there is more).

    A page never ends inside one revision: a record that moved has two index rows under one.
    A snapshot leaves out what was gone before it began, but not what went while it was read.
    """
    params = {
        "network": place.network,
        "scope": place.scope,
        "kinds": place.kinds or list(KINDS),
        "after": place.revision,
        "limit": limit + 2,  # a page of one still holds both rows of a record that moved
        "began": place.began or 0,
    }
    rows = [_Row(*row) for row in raw(cx).execute(_FEED, params).fetchall()]
    is_cut = len(rows) == params["limit"]
    last = rows[-1].revision if is_cut else None  # maybe not whole: it begins the next page
    changes: list[dict[str, Any]] = []
    size, reached = 0, place.revision
    for revision, moved in groupby(rows, key=lambda row: row.revision):
        change, weight = _change(moved)
        is_full = len(changes) == limit or (changes and size + weight > PAGE_BYTES)
        if is_full or revision == last:
            return changes, reached, True
        changes.append(change)
        size, reached = size + weight, revision
    return changes, reached, False


def _change(moved: Iterable[_Row]) -> tuple[dict[str, Any], int]:
    """One revision as one change: of a record moved within sight, the row where it lives now."""
    row = max(moved, key=lambda row: row.is_live)
    named = {"kind": row.kind, "id": row.record_id}
    if row.is_live:
        data = (row.data or "{}").encode()
        return {
            "op": "upsert",
            **named,
            "version": row.version,
            "revision": row.revision,
            "audience": row.audience,
            "data": msgspec.Raw(data),
        }, len(data) + 250
    if row.is_gone:
        return {"op": "delete", **named, "version": row.version, "revision": row.revision}, 200
    return {"op": "leave", **named, "revision": row.revision}, 150


_FEED = """
SELECT f.kind, f.record_id, f.revision, f.audience, f.is_live, f.version, h.is_gone,
  CASE WHEN f.is_live THEN h.data::text END
FROM (
  SELECT s.kind, s.record_id, s.revision, s.audience, s.is_live, s.version
  FROM unnest(CAST(%(scope)s AS text[])) AS b(audience) CROSS JOIN LATERAL (
    SELECT x.kind, x.record_id, x.revision, x.audience, x.is_live, x.version FROM sync_index x
    WHERE x.network_id = %(network)s AND x.audience = b.audience AND x.revision > %(after)s
      AND x.kind = ANY(%(kinds)s) AND (x.is_live OR x.revision > %(began)s)
    ORDER BY x.revision LIMIT %(limit)s) s
  ORDER BY s.revision LIMIT %(limit)s) f
JOIN history h ON h.network_id = %(network)s AND h.version = f.version
ORDER BY f.revision
"""


def manifest(cx: Connection, actor: Actor, asked: Asked) -> dict[str, Any]:
    """One page of `[kind, id, version]` of all that is visible, for a phone that lost its marks."""
    after = ["", UUID(int=0)]
    if asked.cursor:
        member, *after = unseal(asked.cursor, asked.secret, tuple[UUID, str, UUID])
        if member != actor.member_id:
            raise Problem("bad_cursor")
    params = {
        "network": actor.network_id,
        "scope": list(actor.scope),
        "kind": after[0],
        "id": after[1],
        "limit": asked.limit + 1,
    }
    rows = raw(cx).execute(_MANIFEST, params).fetchall()
    shown = rows[: asked.limit]
    last = (actor.member_id, *shown[-1][:2]) if len(rows) > asked.limit else None
    return {
        "records": shown,
        "cursor": seal(last, asked.secret) if last else None,
        **signature(actor),
    }


_MANIFEST = """
SELECT s.kind, s.record_id, s.version FROM sync_index s
WHERE s.network_id = %(network)s AND s.audience = ANY(%(scope)s) AND s.is_live
  AND (s.kind, s.record_id) > (%(kind)s, %(id)s)
ORDER BY s.kind, s.record_id LIMIT %(limit)s
"""
