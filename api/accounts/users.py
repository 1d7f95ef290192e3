"""Users: who can sign in, found by canonical address."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from sqlalchemy import text

if TYPE_CHECKING:
    from sqlalchemy import Connection

FIND = text("SELECT id FROM user_account WHERE email = :email AND disabled_at IS NULL")
ADD = text(
    "INSERT INTO user_account (id, email) VALUES (:id, :email) ON CONFLICT (email) DO NOTHING"
)


def find_user(cx: Connection, email: str) -> UUID | None:
    """The user with this canonical address, unless there is none or they are disabled."""
    return cx.execute(FIND, {"email": email}).scalar()


def find_or_add_user(cx: Connection, email: str) -> UUID | None:
    """The user with this canonical address, made when new; None when they are disabled."""
    cx.execute(ADD, {"id": uuid4(), "email": email})
    return find_user(cx, email)
