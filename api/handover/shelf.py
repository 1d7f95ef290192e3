"""Shelf: handovers as the database keeps them; SQL and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from api.core.driver import raw

if TYPE_CHECKING:
    import datetime as dt
    from uuid import UUID

    from sqlalchemy import Connection

    from api.core.actor import Actor


class Handover(NamedTuple):
    """A handover as it stands; `outcome` once it was accepted; the addresses of who is here."""

    id: UUID
    giver_id: UUID
    receiver_id: UUID
    offered_by: UUID
    notebook: bool
    status: str
    offered_at: dt.datetime
    closed_at: dt.datetime | None
    outcome: dict[str, Any] | None
    giver: str | None
    receiver: str | None


class Standing(NamedTuple):
    """A member's role, and whether they have left."""

    role: str
    has_left: bool


def standing_of(cx: Connection, network_id: UUID, member_id: UUID) -> Standing | None:
    """How somebody stands in the network; None for a stranger."""
    params = {"network": network_id, "id": member_id}
    row = raw(cx).execute(_STANDING, params).fetchone()
    return Standing(*row) if row else None


def find_member(cx: Connection, network_id: UUID, email: str) -> UUID | None:
    """The member with this address, here or gone."""
    row = raw(cx).execute(_CALLED, {"network": network_id, "email": email}).fetchone()
    return row[0] if row else None


def add(cx: Connection, actor: Actor, values: dict[str, Any]) -> None:
    """Note an offer, unless its id is there or its giver has another open."""
    params = values | {"network": actor.network_id, "by": actor.member_id}
    raw(cx).execute(_ADD, params)


def find(
    cx: Connection, network_id: UUID, handover_id: UUID, *, changing: bool = False
) -> Handover | None:
    """One handover; held until the transaction ends where it is to change."""
    statement = _FIND + (" FOR UPDATE" if changing else "")
    row = raw(cx).execute(statement, {"network": network_id, "id": handover_id}).fetchone()
    return Handover(*row) if row else None


def find_all(cx: Connection, network_id: UUID, member_id: UUID | None) -> list[Handover]:
    """Those this member gives, receives or offered, the newest first; None finds all."""
    params = {"network": network_id, "member": member_id}
    return [Handover(*row) for row in raw(cx).execute(_ALL, params).fetchall()]


def close(
    cx: Connection, network_id: UUID, found: Handover, status: str, outcome: object = None
) -> None:
    """End an offer. Accepted, whatever its giver had accepted themselves goes on to its heir."""
    params = {"network": network_id, "id": found.id, "status": status}
    text = msgspec.json.encode(outcome).decode() if outcome else None
    raw(cx).execute(_CLOSE, params | {"outcome": text})
    if status == "accepted":
        who = {"giver": found.giver_id, "receiver": found.receiver_id}
        raw(cx).execute(_HAND_ON, params | who)


_CALLED = """
SELECT m.id FROM member m JOIN user_account u ON u.id = m.user_id
WHERE m.network_id = %(network)s AND u.email = %(email)s
"""
_STANDING = """
SELECT role, ended_at IS NOT NULL FROM member WHERE network_id = %(network)s AND id = %(id)s
"""
_ADD = """
INSERT INTO handover (network_id, id, giver_id, receiver_id, offered_by, notebook)
VALUES (%(network)s, %(id)s, %(giver_id)s, %(receiver_id)s, %(by)s, %(notebook)s)
ON CONFLICT DO NOTHING
"""
_ADDRESS = """
(SELECT u.email FROM member m JOIN user_account u ON u.id = m.user_id
  WHERE m.network_id = %(network)s AND m.id = {member} AND m.ended_at IS NULL)"""
_COLUMNS = f"""
SELECT id, giver_id, receiver_id, offered_by, notebook, status, offered_at, closed_at, outcome,
{_ADDRESS.format(member="giver_id")}, {_ADDRESS.format(member="receiver_id")}
FROM handover WHERE network_id = %(network)s
"""
_FIND = _COLUMNS + "AND id = %(id)s"
_ALL = (
    _COLUMNS
    + """AND (CAST(%(member)s AS uuid) IS NULL
  OR CAST(%(member)s AS uuid) IN (giver_id, receiver_id, offered_by))
ORDER BY offered_at DESC, id LIMIT 500"""
)
_CLOSE = """
UPDATE handover SET status = %(status)s, closed_at = now(), outcome = CAST(%(outcome)s AS jsonb)
WHERE network_id = %(network)s AND id = %(id)s
"""
_HAND_ON = """
UPDATE handover SET heir_id = %(receiver)s WHERE network_id = %(network)s AND status = 'accepted'
  AND (id = %(id)s OR heir_id = %(giver)s)
"""
