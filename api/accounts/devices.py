"""Devices: what speaks for a user, each with a token that can be taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from sqlalchemy import text

from api.core.problems import Problem

from .hashes import hash_token, make_token

if TYPE_CHECKING:
    from sqlalchemy import Connection


def live(row: str) -> str:
    """SQL: whether what `row` is about may still speak.

    A lost phone or a forgotten script stops by itself: unused for half a year, or after 400
    days (as long as tombstones are kept, so such a phone must begin afresh in any case).
    """
    return (
        f"{row}.revoked_at IS NULL AND {row}.last_used_on > current_date - 180"
        f" AND {row}.created_at > now() - interval '400 days'"
    )


IS_LIVE = live("d")


def add_device(cx: Connection, user_id: UUID, name: str) -> tuple[UUID, str]:
    """A new device of the user: its id, and its token, which nobody can read again."""
    device_id, token = uuid4(), make_token()
    cx.execute(
        text(
            "INSERT INTO device (id, user_id, token_hash, name) VALUES (:id, :user, :hash, :name)"
        ),
        {"id": device_id, "user": user_id, "hash": hash_token(token), "name": name},
    )
    return device_id, token


def devices_of(cx: Connection, user_id: UUID) -> list[dict[str, Any]]:
    """The user's live devices, the newest first."""
    rows = cx.execute(
        text(
            "SELECT d.id, d.name, d.created_at, d.last_used_on FROM device d"
            f" WHERE d.user_id = :user AND {IS_LIVE} ORDER BY d.created_at DESC, d.id"
        ),
        {"user": user_id},
    )
    return [dict(row) for row in rows.mappings()]


def revoke_device(cx: Connection, user_id: UUID, device_id: UUID) -> None:
    """Take one device's token back at once; another user's device is `not_found`."""
    revoked = cx.execute(
        text(
            "UPDATE device SET revoked_at = now()"
            " WHERE id = :id AND user_id = :user AND revoked_at IS NULL"
        ),
        {"id": device_id, "user": user_id},
    )
    if not revoked.rowcount:
        raise Problem("not_found")


def revoke_devices(cx: Connection, user_id: UUID) -> None:
    """Take back every token and key of the user: a phone was lost, and nobody knows which."""
    for table in ("device", "collect_key"):
        statement = f"UPDATE {table} SET revoked_at = now()"
        cx.execute(
            text(f"{statement} WHERE user_id = :user AND revoked_at IS NULL"), {"user": user_id}
        )
