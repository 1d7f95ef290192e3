"""Invitations: a role in a network, offered to an address.

An invitation holds no secret. Who signs in with the address it was sent to has proven that it is
theirs, and that accepts it. So nobody learns here whether an address has an account already.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import structlog
from sqlalchemy import text

from api.core.lock import lock_network
from api.core.problems import Problem

from .members import changing_members, enrol

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from api.core.actor import Actor

# Who may invite whom: a coordinator brings in those who log, an admin anybody.
MAY_INVITE = {
    "admin": ("connector", "coordinator", "admin", "funder"),
    "coordinator": ("connector",),
}

IS_MEMBER = text(
    "SELECT 1 FROM member m JOIN user_account u ON u.id = m.user_id"
    " WHERE m.network_id = :network AND m.ended_at IS NULL AND u.email = :email"
)
INVITE = text(
    "INSERT INTO invitation (id, network_id, email, role, invited_by, expires_at)"
    " VALUES (:id, :network, :email, :role, :by, now() + interval '14 days')"
    " ON CONFLICT (network_id, email) DO UPDATE SET role = excluded.role,"
    " invited_by = excluded.invited_by, expires_at = excluded.expires_at"
    " RETURNING id, email, role, created_at, expires_at"
)
LIST = text(
    "SELECT id, email, role, created_at, expires_at FROM invitation"
    " WHERE network_id = :network ORDER BY created_at, id"
)
WITHDRAW = text(
    "DELETE FROM invitation WHERE network_id = :network AND id = :id AND role = ANY(:roles)"
)
OFFERED = text(
    "SELECT role FROM invitation WHERE network_id = :network AND email = :email"
    " AND expires_at > now()"
)
PENDING = text(
    "SELECT network_id FROM invitation WHERE email = :email AND expires_at > now()"
    " ORDER BY network_id"
)
NAME = text("SELECT name FROM network WHERE id = :network")


def require_may_invite(actor: Actor, role: str) -> None:
    """Raise `out_of_scope` unless the actor may offer this role."""
    actor.require_role(*MAY_INVITE)
    if role not in MAY_INVITE[actor.role]:
        raise Problem("out_of_scope", f"Only an admin may invite somebody as {role}.")


def invite(cx: Connection, actor: Actor, email: str, role: str) -> dict[str, Any]:
    """Offer a role to an address; asked again, the newest offer holds. Sends nothing."""
    require_may_invite(actor, role)
    lock_network(cx, actor.network_id)
    invited = {"network": actor.network_id, "email": email}
    if cx.execute(IS_MEMBER, invited).scalar():
        raise Problem("already_exists", "This address belongs to a member of the network.")
    row = cx.execute(INVITE, invited | {"id": uuid4(), "role": role, "by": actor.member_id})
    structlog.get_logger().info("invited", network=str(actor.network_id), role=role)
    return dict(row.mappings().one())


def name_of(cx: Connection, network_id: UUID) -> str:
    """What the network is called."""
    name: str = cx.execute(NAME, {"network": network_id}).scalar_one()
    return name


def invitations_of(cx: Connection, network_id: UUID) -> list[dict[str, Any]]:
    """The network's pending invitations, the oldest first."""
    return [dict(row) for row in cx.execute(LIST, {"network": network_id}).mappings()]


def withdraw(cx: Connection, actor: Actor, invitation_id: UUID) -> None:
    """Take back an invitation that the actor could have made; else `not_found`."""
    actor.require_role(*MAY_INVITE)
    params = {"network": actor.network_id, "id": invitation_id}
    if not cx.execute(WITHDRAW, params | {"roles": list(MAY_INVITE[actor.role])}).rowcount:
        raise Problem("not_found")


def inviting_networks(cx: Connection, email: str) -> list[UUID]:
    """The networks that have an invitation waiting for this address."""
    return list(cx.execute(PENDING, {"email": email}).scalars())


def accept(cx: Connection, network_id: UUID, user_id: UUID, email: str) -> None:
    """Enrol the user as the network's invitation says, if it still stands. Scope is set."""
    with changing_members(cx, network_id):
        role = cx.execute(OFFERED, {"network": network_id, "email": email}).scalar()
        if role:
            enrol(cx, network_id, user_id, role)
