"""Quarantine: what was refused and nobody has seen to yet; to be mended or let go by a person.

Its author sees it, and a coordinator sees what was meant for the network. Never a notebook's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from api.core.actor import NETWORK
from api.core.change import Change, Outcome
from api.core.cursor import seal, unseal
from api.core.driver import raw
from api.core.problems import Problem
from api.core.record import KINDS
from api.core.write import apply

from .protocol import PAGE_BYTES

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from api.core.actor import Actor

    from .protocol import Asked

_PLACE = tuple[UUID, str, UUID]  # whose list, when the last of a page was decided, its op_id
BEYOND_MENDING = "No kind here takes what was sent; log it anew, then let this go."
OVERSEERS = ("coordinator", "admin")


class Refused(NamedTuple):
    """One refusal: what was asked, why it was refused, and what was sent."""

    op_id: UUID
    kind: str
    id: UUID
    author_id: UUID
    status: str
    error: dict[str, Any]
    base_version: UUID | None
    audience: str | None
    payload: str | None
    decided_at: str


@dataclass(frozen=True, slots=True)
class Mend:
    """A person's correction of something refused: the whole record, on the state they saw."""

    op_id: UUID
    data: dict[str, Any]
    base_version: UUID | None


def list_refused(cx: Connection, actor: Actor, asked: Asked) -> dict[str, Any]:
    """A page of what waits for this actor, the newest first: `items` and the next `cursor`."""
    before = None
    if asked.cursor:
        member, *before = unseal("quarantined", asked.cursor, asked.secret, _PLACE)
        if member != actor.member_id:
            raise Problem("bad_cursor")
    params = _seen_by(actor) | {"limit": asked.limit + 1}
    params |= {"at": before[0], "op": before[1]} if before else {"at": "infinity", "op": LAST}
    found = list(raw(cx).execute(_LIST, params | {"bytes": PAGE_BYTES}))
    shown = [Refused(*row) for *row, fits in found[: asked.limit] if fits]
    following = None
    if len(found) > len(shown):
        last = (actor.member_id, shown[-1].decided_at, shown[-1].op_id)
        following = seal("quarantined", last, asked.secret)
    return {"items": [each._asdict() for each in shown], "cursor": following}


def mend(cx: Connection, actor: Actor, op_id: UUID, mended: Mend) -> Outcome:
    """Apply a correction in its author's name; once it is in, the refusal is closed.

    Sent again, it is answered as the first time.
    """
    refused = _find(cx, actor, op_id)
    kind = KINDS.get(refused.kind)
    goes_along = kind is not None and bool(kind.follows)  # to where the record it follows is
    is_there = mended.base_version is not None  # and stays where it is
    change = Change(
        refused.kind,
        refused.id,
        mended.data,
        base_version=mended.base_version,
        change_id=mended.op_id,
        audience=None if goes_along or is_there else refused.audience,
        author_id=refused.author_id,
        keeps_refused=False,
    )
    if kind is None:
        return Outcome(change, "rejected", problem=Problem("unknown_kind", BEYOND_MENDING))
    (outcome,) = apply(cx, actor, [change])
    if outcome.is_done:
        _close(cx, actor, op_id, mended.op_id)
    return outcome


def let_go(cx: Connection, actor: Actor, op_id: UUID) -> None:
    """Close a refusal with nothing to show for it; closing it again changes nothing."""
    _find(cx, actor, op_id)
    _close(cx, actor, op_id, None)


def _find(cx: Connection, actor: Actor, op_id: UUID) -> Refused:
    row = raw(cx).execute(_ONE, _seen_by(actor) | {"op": op_id}).fetchone()
    if row is None:
        raise Problem("not_found")
    return Refused(*row)


def _close(cx: Connection, actor: Actor, op_id: UUID, mended_as: UUID | None) -> None:
    params = {"network": actor.network_id, "op": op_id, "by": actor.member_id, "as": mended_as}
    raw(cx).execute(_CLOSE, params)
    row = raw(cx).execute(_CLOSED_AS, params).fetchone()
    if row is None or row[0] != mended_as:
        raise Problem("already_exists", "Somebody saw to this already.")


def _seen_by(actor: Actor) -> dict[str, Any]:
    is_overseer = actor.role in OVERSEERS
    return {
        "network": actor.network_id,
        "member": actor.member_id,
        "audience": NETWORK if is_overseer else None,
    }


LAST = UUID(int=2**128 - 1)
_COLUMNS = """
SELECT l.op_id, l.kind, l.record_id, l.author_id, l.status, l.error, l.base, l.audience, l.payload,
  to_json(l.decided_at)#>>'{}' AS decided_at
FROM op_ledger l
WHERE l.network_id = %(network)s AND l.status IN ('conflict', 'rejected')
  AND (l.author_id = %(member)s OR l.audience = %(audience)s)
"""
# what begins beyond the bytes of a page is left for the next; so is its payload, here already
_LIST = f"""
SELECT q.op_id, q.kind, q.record_id, q.author_id, q.status, q.error, q.base, q.audience,
  CASE WHEN q.fits THEN q.payload END, q.decided_at, q.fits
FROM (
  SELECT p.*, %(bytes)s > coalesce(sum(octet_length(p.payload)) OVER (
    ORDER BY p.place ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS fits
  FROM (
    SELECT o.*, row_number() OVER () AS place FROM ({_COLUMNS}
      AND (l.decided_at, l.op_id) < (CAST(%(at)s AS timestamptz), %(op)s)
      AND NOT EXISTS (
        SELECT FROM closed_op c WHERE c.network_id = %(network)s AND c.op_id = l.op_id)
    ORDER BY l.decided_at DESC, l.op_id DESC LIMIT %(limit)s) o) p) q
ORDER BY q.place
"""
_ONE = f"{_COLUMNS} AND l.op_id = %(op)s"
_CLOSE = """
INSERT INTO closed_op (network_id, op_id, closed_by, mended_as)
VALUES (%(network)s, %(op)s, %(by)s, %(as)s) ON CONFLICT (network_id, op_id) DO NOTHING
"""
_CLOSED_AS = """
SELECT mended_as FROM closed_op WHERE network_id = %(network)s AND op_id = %(op)s
"""
