"""Commands: what the command line, seeds and jobs do with accounts. None of them commits."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import text
from uuid_utils.compat import uuid7

from api.core.actor import ROLES
from api.core.db import set_scope

from .address import canonical_email
from .devices import add_device
from .members import change_role, changing_members, enrol, role_of
from .users import find_or_add_user, find_user

if TYPE_CHECKING:
    from sqlalchemy import Connection

MOST_NAME = 200  # characters

CREATE = text("INSERT INTO network (id, name) VALUES (:id, :name)")
PRUNED = {
    "sign_in_code": "expires_at < now() - interval '1 day'",
    "rate_limit": "spent_until < now()",
    "invitation": "expires_at < now() - interval '30 days'",
    "device": "revoked_at < now() - interval '90 days' OR last_used_on < current_date - 270",
    "collect_key": "revoked_at < now() - interval '90 days' OR last_used_on < current_date - 270",
}


def issue_token(cx: Connection, email: str) -> str:
    """A token for scripts, on a device called "command line"; ValueError for an unknown user."""
    user_id = find_user(cx, canonical_email(email))
    if user_id is None:
        message = "Nobody with this address can sign in here; make them a member first."
        raise ValueError(message)
    return add_device(cx, user_id, "command line")[1]


def create_network(
    cx: Connection, name: str, admin_email: str, network_id: UUID | None = None
) -> UUID:
    """A new, empty network with its first admin; ValueError with a sentence for a bad name."""
    if not 1 <= len(name.strip()) <= MOST_NAME or not name.isprintable():
        message = f"A network's name is a line of 1 to {MOST_NAME} characters."
        raise ValueError(message)
    network_id = network_id or uuid7()
    set_scope(cx, network_id)
    cx.execute(CREATE, {"id": network_id, "name": name.strip()})
    add_member(cx, network_id, admin_email, "admin")
    return network_id


def add_member(cx: Connection, network_id: UUID, email: str, role: str) -> UUID:
    """Make the address a member in this role, or give a member this role; the member's id."""
    if role not in ROLES:
        message = f"A role is one of: {', '.join(ROLES)}."
        raise ValueError(message)
    set_scope(cx, network_id)
    user_id = find_or_add_user(cx, canonical_email(email))
    if user_id is None:
        message = "This account is disabled."
        raise ValueError(message)
    with changing_members(cx, network_id):
        member_id = enrol(cx, network_id, user_id, role)
        if role_of(cx, network_id, member_id) != role:
            change_role(cx, network_id, member_id, role)
    return member_id


def prune(cx: Connection) -> dict[str, int]:
    """Delete codes, limits, invitations and devices whose time is over; table -> rows."""
    return {
        table: cx.execute(text(f"DELETE FROM {table} WHERE {is_over}")).rowcount
        for table, is_over in PRUNED.items()
    }
