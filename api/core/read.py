"""Read: one record, or a page of many: JSON built by the database from the kind's declaration."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any
from uuid import UUID

from .cursor import seal, unseal
from .driver import ask
from .policy import VISIBLE
from .problems import Problem
from .record import KINDS
from .statements import ENVELOPE, bound, document, type_of

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from .actor import Actor
    from .record import RecordType


@dataclass(frozen=True, slots=True)
class Query:
    """What a page is asked for. `narrowed` maps names of the kind's filters to values."""

    narrowed: dict[str, Any]
    limit: int
    cursor: str | None
    secret: str


def get(cx: Connection, actor: Actor, kind: RecordType, record_id: UUID) -> tuple[UUID, bytes]:
    """A record's version and JSON; `not_found` unless it is visible, `gone` when removed."""
    params = {
        "network": actor.network_id,
        "scope": actor.scope_array,
        "id": record_id,
    }
    rows = ask(cx, _one(kind.name), params)
    if not rows:
        raise Problem("not_found")
    version, is_gone, text = rows[0]
    if is_gone:
        raise Problem("gone")
    return version, text.encode()


_PLACE = tuple[str, str, UUID]  # which list, the last row's key and id


def page(cx: Connection, actor: Actor, kind: RecordType, query: Query) -> tuple[bytes, str | None]:
    """A page as `{"items": […], "next": …}` and the next cursor, null on the last page."""
    params = {
        "network": actor.network_id,
        "scope": actor.scope_array,
        "limit": query.limit + 1,
    } | query.narrowed
    place = f"{kind.name}/{actor.network_id}"
    if query.cursor:
        where, after, after_id = unseal("list", query.cursor, query.secret, _PLACE)
        if where != place:
            raise Problem("bad_cursor")
        params |= {"after": after, "after_id": after_id}
    statement = _many(kind.name, tuple(query.narrowed), is_later=bool(query.cursor))
    rows = ask(cx, statement, params)
    following = None
    if len(rows) > query.limit:
        _, key, record_id = rows[query.limit - 1]
        following = seal("list", (place, key, record_id), query.secret)
    items = ",".join(row[0] for row in rows[: query.limit])
    tail = f'"{following}"' if following else "null"
    return f'{{"items":[{items}],"next":{tail}}}'.encode(), following


def revision_of(cx: Connection, network_id: UUID) -> int:
    """The network's counter: what every answer about it can be cached by."""
    rows = ask(cx, _REVISION, {"network": network_id})
    return int(rows[0][0]) if rows else 0


_REVISION = "SELECT revision FROM network WHERE id = %(network)s"


@cache
def _one(name: str) -> str:
    kind = KINDS[name]
    return bound(
        "SELECT r.version, r.deleted_at IS NOT NULL,"
        f" CASE WHEN r.deleted_at IS NULL THEN {document(kind, envelope=True)}::text END"
        f" FROM {kind.table} r WHERE r.network_id = :network AND r.id = :id AND {VISIBLE}"
    )


def _order(kind: RecordType) -> str:
    """What a list is sorted by: never null, or the pages after the first would leave it out."""
    column = f"r.{kind.order_by}"
    is_given = kind.order_by in (*ENVELOPE, *kind.model.CONTENT)
    return column if is_given else f"coalesce({column}, '')"


@cache
def _many(name: str, narrowed: tuple[str, ...], *, is_later: bool) -> str:
    kind = KINDS[name]
    order = _order(kind)
    way, sign = ("ASC", ">") if kind.is_ascending else ("DESC", "<")
    criteria = ["r.network_id = :network", "r.deleted_at IS NULL", VISIBLE]
    criteria += [f"({f.criterion})" for f in kind.filters if f.name in narrowed]
    if is_later:
        after = f"CAST(:after AS {type_of(kind.model, kind.order_by)})"
        criteria.append(f"({order}, r.id) {sign} ({after}, :after_id)")
    return bound(
        f"SELECT {document(kind, envelope=True)}::text, {order}::text, r.id"
        f" FROM {kind.table} r WHERE {' AND '.join(criteria)}"
        f" ORDER BY {order} {way}, r.id {way} LIMIT :limit"
    )
