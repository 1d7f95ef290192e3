"""Pull: what changed since a cursor, in the order of the network's revision."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec

from api.core.cursor import seal, unseal
from api.core.driver import ask
from api.core.problems import Problem

from .place import Entering, Leaving, Place, find_place
from .protocol import PAGE_BYTES, signature
from .uploads.content import states
from .uploads.taking import KIND
from .versions import as_of

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from api.core.actor import Actor
    from api.core.head import Head

    from .protocol import Asked


LAST = 2**63 - 1  # beyond any revision


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the feed: after a revision, up to one; of what is gone, the later part."""

    audiences: list[str]
    kinds: list[str]
    after: int
    until: int
    gone_after: int


class Told(msgspec.Struct, omit_defaults=True, kw_only=True):
    """One change as a phone is told of it: an upsert, a delete for all, a leave for them."""

    op: str
    kind: str
    id: UUID
    version: UUID | None = None
    revision: int
    audience: str | None = None
    data: msgspec.Raw | None = None
    state: str | None = None


Page = tuple[list[Told], int, bool]  # changes, revision reached, whether there is more


def pull(cx: Connection, actor: Actor, head: Head, asked: Asked) -> dict[str, Any]:
    """One page: `changes`, the next `cursor`, and whether there is more."""
    place = find_place(actor, head, asked)
    is_snapshot = place.began is not None
    if place.leaving:
        changes, has_more = _take_back(cx, place, place.leaving, asked.limit), True
    elif place.entering:
        changes, has_more = _send_whole(cx, place, place.entering, asked.limit), True
    else:
        changes, has_more = _go_on(cx, place, head, asked.limit)
    _tell_states(cx, place, changes)
    return {
        "changes": changes,
        "cursor": seal("changes", place, asked.secret),
        "has_more": has_more,
        "snapshot": is_snapshot,
        "scope": list(actor.scope),
        **signature(actor),
    }


def _tell_states(cx: Connection, place: Place, changes: list[Told]) -> None:
    """Say of attachments whether their file has arrived: it comes apart from the record."""
    told = {each.id: each for each in changes if each.kind == KIND and each.op == "upsert"}
    if told:
        for record_id, state in states(cx, place.network, list(told)).items():
            told[record_id].state = state


def _take_back(cx: Connection, place: Place, leaving: Leaving, limit: int) -> list[Told]:
    """Ids of all that a phone may hold of audiences it lost: live, or touched since."""
    span = Span(leaving.audiences, place.kinds_known, leaving.after, LAST, place.revision)
    changes, leaving.after, has_more = _changes(cx, place, span, limit)
    if not has_more:
        place.covered = [each for each in place.covered if each not in leaving.audiences]
        place.leaving = None
    return [Told(op="leave", kind=c.kind, id=c.id, revision=c.revision) for c in changes]


def _send_whole(cx: Connection, place: Place, entering: Entering, limit: int) -> list[Told]:
    """All that is live in audiences gained, or of kinds that changed shape."""
    until = entering.until
    span = Span(entering.audiences, entering.kinds, entering.after, until, until)
    changes, entering.after, has_more = _changes(cx, place, span, limit)
    if not has_more:
        place.entering = None
    return changes


def _go_on(cx: Connection, place: Place, head: Head, limit: int) -> tuple[list[Told], bool]:
    """The feed that everyone with these audiences reads."""
    changes: list[Told] = []
    has_more = False
    if place.revision < head.revision:
        span = Span(
            place.covered, place.kinds_known, place.revision, head.revision, place.began or 0
        )
        changes, reached, has_more = _changes(cx, place, span, limit)
        place.revision = reached if has_more else head.revision
    if not has_more:
        place.began = None
    return changes, has_more


class _Row(msgspec.Struct, array_like=True):
    kind: str
    record_id: UUID
    revision: int
    audience: str
    is_live: bool
    version: UUID
    is_gone: bool
    data: str | None


def _changes(cx: Connection, place: Place, span: Span, limit: int) -> Page:
    """A page of a span of the feed.

    It never ends inside one revision: a record that moved has two index rows under one.
    """
    params = {
        "network": place.network,
        "scope": span.audiences,
        "kinds": span.kinds,
        "after": span.after,
        "until": span.until,
        "gone_after": span.gone_after,
        "limit": limit + 2,  # a page of one still holds both rows of a record that moved
    }
    rows = [_Row(*row) for row in ask(cx, _FEED, params)]
    is_cut = len(rows) == params["limit"]
    last = rows[-1].revision if is_cut else None  # maybe not whole: it begins the next page
    changes: list[Told] = []
    size, reached = 0, span.after
    for revision, moved in groupby(rows, key=lambda row: row.revision):
        change, weight = _told(max(moved, key=_lives), place.schema_version)
        is_full = len(changes) == limit or (changes and size + weight > PAGE_BYTES)
        if is_full or revision == last:
            return changes, reached, True
        changes.append(change)
        size, reached = size + weight, revision
    return changes, reached, False


def _lives(row: _Row) -> bool:
    """Of a record that moved within sight, the row where it lives now is told."""
    return row.is_live


def _told(row: _Row, version: int) -> tuple[Told, int]:
    """A row of the feed for a phone of this version of the data, and about how many bytes it is."""
    if row.is_live:
        data = as_of(row.kind, (row.data or "{}").encode(), version)
        told = Told(
            op="upsert",
            kind=row.kind,
            id=row.record_id,
            version=row.version,
            revision=row.revision,
            audience=row.audience,
            data=msgspec.Raw(data),
        )
        return told, len(data) + 250
    named = Told(op="leave", kind=row.kind, id=row.record_id, revision=row.revision)
    if row.is_gone:
        named.op, named.version = "delete", row.version
    return named, 200


_FEED = """
SELECT f.kind, f.record_id, f.revision, f.audience, f.is_live, f.version, h.is_gone,
  CASE WHEN f.is_live THEN h.data::text END
FROM (
  SELECT s.kind, s.record_id, s.revision, s.audience, s.is_live, s.version
  FROM unnest(CAST(%(scope)s AS text[])) AS b(audience) CROSS JOIN LATERAL (
    SELECT x.kind, x.record_id, x.revision, x.audience, x.is_live, x.version FROM sync_index x
    WHERE x.network_id = %(network)s AND x.audience = b.audience AND x.revision > %(after)s
      AND x.revision <= %(until)s AND x.kind = ANY(%(kinds)s)
      AND (x.is_live OR x.revision > %(gone_after)s)
    ORDER BY x.revision LIMIT %(limit)s) s
  ORDER BY s.revision LIMIT %(limit)s) f
CROSS JOIN LATERAL (
  SELECT y.is_gone, y.data FROM history y
  WHERE y.network_id = %(network)s AND y.version = f.version OFFSET 0) h
ORDER BY f.revision
"""


_MARK = tuple[UUID, str, UUID]  # whose manifest, the last record's kind and id


def manifest(cx: Connection, actor: Actor, asked: Asked) -> dict[str, Any]:
    """One page of `[kind, id, version]` of all that is visible, for a phone that lost its marks."""
    after = ["", UUID(int=0)]
    if asked.cursor:
        member, *after = unseal("manifest", asked.cursor, asked.secret, _MARK)
        if member != actor.member_id:
            raise Problem("bad_cursor")
    params = {
        "network": actor.network_id,
        "scope": actor.scope_array,
        "kind": after[0],
        "id": after[1],
        "limit": asked.limit + 1,
    }
    rows = ask(cx, _MANIFEST, params)
    shown = rows[: asked.limit]
    last = (actor.member_id, *shown[-1][:2]) if len(rows) > asked.limit else None
    return {
        "records": shown,
        "cursor": seal("manifest", last, asked.secret) if last else None,
        **signature(actor),
    }


_MANIFEST = """
SELECT s.kind, s.record_id, s.version FROM sync_index s
WHERE s.network_id = %(network)s AND s.audience = ANY(%(scope)s) AND s.is_live
  AND (s.kind, s.record_id) > (%(kind)s, %(id)s)
ORDER BY s.kind, s.record_id LIMIT %(limit)s
"""
