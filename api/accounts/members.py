"""Members: who belongs to a network, in which role.

Every change of membership takes the network's row first and ends with the next revision, so
that whoever pulls sees it in order with everything else that happens in the network.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import structlog
from sqlalchemy import text

from api.core.actor import scope_of
from api.core.db import set_scope
from api.core.lock import lock_network, move_on
from api.core.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

ADVANCE = text("UPDATE network SET revision = revision + 1 WHERE id = :network RETURNING revision")
ROLE = text("SELECT role FROM member WHERE network_id = :network AND id = :id AND ended_at IS NULL")
OTHER_ADMIN = text(
    "SELECT 1 FROM member m JOIN user_account u ON u.id = m.user_id"
    " WHERE m.network_id = :network AND m.id <> :id AND m.role = 'admin'"
    " AND m.ended_at IS NULL AND u.disabled_at IS NULL LIMIT 1"
)
SET_ROLE = text("UPDATE member SET role = :role WHERE network_id = :network AND id = :id")
# the revision that the change of membership under way will take
SET_SCOPE = text(
    "UPDATE member SET scope_since = (SELECT revision + 1 FROM network WHERE id = :network)"
    " WHERE network_id = :network AND id = :id"
)
END = text("UPDATE member SET ended_at = now() WHERE network_id = :network AND id = :id")
ENROL = text(
    "INSERT INTO member (network_id, id, user_id, role) VALUES (:network, :id, :user, :role)"
    " ON CONFLICT (network_id, user_id) DO UPDATE SET role = excluded.role, ended_at = NULL"
    " WHERE member.ended_at IS NOT NULL"
)
MEMBER_OF = text("SELECT id FROM member WHERE network_id = :network AND user_id = :user")
POINT = text(
    "INSERT INTO user_network (user_id, network_id) VALUES (:user, :network)"
    " ON CONFLICT (user_id, network_id) DO NOTHING"
)
USE_UP = text(
    "DELETE FROM invitation WHERE network_id = :network"
    " AND email = (SELECT email FROM user_account WHERE id = :user)"
)
MEMBERS = """
SELECT m.id, CASE WHEN m.ended_at IS NULL THEN u.email END AS email, m.role, m.created_at,
  m.ended_at FROM member m JOIN user_account u ON u.id = m.user_id
WHERE m.network_id = :network {only} ORDER BY m.created_at, m.id
"""
NETWORKS = text("SELECT network_id FROM user_network WHERE user_id = :user ORDER BY network_id")
MEMBERSHIP = text(
    "SELECT n.id, n.name, m.role, m.id AS member_id FROM member m"
    " JOIN network n ON n.id = m.network_id"
    " WHERE m.network_id = :network AND m.user_id = :user AND m.ended_at IS NULL"
)


@contextmanager
def changing_members(cx: Connection, network_id: UUID) -> Iterator[None]:
    """Hold the network's row while memberships change, then take the next revision."""
    lock_network(cx, network_id)
    yield
    move_on(cx, network_id, cx.execute(ADVANCE, {"network": network_id}).scalar_one())


def role_of(cx: Connection, network_id: UUID, member_id: UUID) -> str:
    """The role of a present member; `not_found` for anybody else."""
    role: str | None = cx.execute(ROLE, {"network": network_id, "id": member_id}).scalar()
    if role is None:
        raise Problem("not_found")
    return role


def members_of(cx: Connection, network_id: UUID) -> list[dict[str, Any]]:
    """Everyone who ever belonged, in order of coming; without the address of those who left."""
    rows = cx.execute(text(MEMBERS.format(only="")), {"network": network_id})
    return [dict(row) for row in rows.mappings()]


def member_of(cx: Connection, network_id: UUID, member_id: UUID) -> dict[str, Any]:
    """One member as `members_of` has them."""
    statement = text(MEMBERS.format(only="AND m.id = :id"))
    rows = cx.execute(statement, {"network": network_id, "id": member_id})
    return dict(rows.mappings().one())


def enrol(cx: Connection, network_id: UUID, user_id: UUID, role: str) -> UUID:
    """Make the user a member, again if they had left; who is one already keeps their role.

    An invitation that waited for them is thereby used up.
    """
    member = {"network": network_id, "user": user_id}
    is_new = cx.execute(ENROL, member | {"id": uuid4(), "role": role}).rowcount
    cx.execute(POINT, member)
    cx.execute(USE_UP, member)
    member_id: UUID = cx.execute(MEMBER_OF, member).scalar_one()
    if is_new:
        cx.execute(SET_SCOPE, {"network": network_id, "id": member_id})
        _log("member_enrolled", network_id, member_id, role)
    return member_id


def change_role(cx: Connection, network_id: UUID, member_id: UUID, role: str) -> None:
    """Give a present member another role; raises `not_found` or `last_admin`."""
    before = role_of(cx, network_id, member_id)
    if before == "admin" != role:
        _require_other_admin(cx, network_id, member_id)
    cx.execute(SET_ROLE, {"network": network_id, "id": member_id, "role": role})
    if scope_of(before, member_id) != scope_of(role, member_id):
        cx.execute(SET_SCOPE, {"network": network_id, "id": member_id})
    _log("role_changed", network_id, member_id, role)


def end_membership(cx: Connection, network_id: UUID, member_id: UUID) -> None:
    """End a membership at once; raises `not_found` or `last_admin`."""
    if role_of(cx, network_id, member_id) == "admin":
        _require_other_admin(cx, network_id, member_id)
    cx.execute(END, {"network": network_id, "id": member_id})
    _log("membership_ended", network_id, member_id)


def _require_other_admin(cx: Connection, network_id: UUID, member_id: UUID) -> None:
    """Raise unless the network has an admin besides this member."""
    if not cx.execute(OTHER_ADMIN, {"network": network_id, "id": member_id}).scalar():
        raise Problem("last_admin")


def _log(event: str, network_id: UUID, member_id: UUID, role: str | None = None) -> None:
    """Keep an account of who may do what since when: ids alone, for they name nobody."""
    structlog.get_logger().info(event, network=str(network_id), member=str(member_id), role=role)


def memberships_of(cx: Connection, user_id: UUID) -> list[dict[str, Any]]:
    """The networks a user belongs to, and as what; sets the scope of each in turn."""
    found = []
    for network_id in cx.execute(NETWORKS, {"user": user_id}).scalars().all():
        set_scope(cx, network_id)
        row = cx.execute(MEMBERSHIP, {"network": network_id, "user": user_id}).mappings().first()
        found += [dict(row)] if row else []
    return found
