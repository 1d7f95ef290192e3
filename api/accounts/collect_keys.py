"""Collect keys: what lets one phone with ODK Collect speak for one member of one network."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from flask import current_app, request
from sqlalchemy import text

from api.core.acting import opened
from api.core.actor import LOGGERS, Actor
from api.core.db import database
from api.core.problems import Problem

from .devices import live
from .hashes import hash_token, make_token
from .limits import KEYS_PER_CLIENT, client_of, spend

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

IS_LIVE = live("k")

ADD = text(
    "INSERT INTO collect_key (id, user_id, network_id, member_id, key_hash, name)"
    " VALUES (:id, :user, :network, :member, :hash, :name)"
)
LIST = text(
    "SELECT k.id, k.name, k.created_at, k.last_used_on FROM collect_key k"
    " WHERE k.network_id = :network AND k.member_id = :member"
    f" AND {IS_LIVE} ORDER BY k.created_at DESC, k.id"
)
REVOKE = text(
    "UPDATE collect_key SET revoked_at = now() WHERE id = :id"
    " AND network_id = :network AND member_id = :member AND revoked_at IS NULL"
)
FIND = text(
    "SELECT k.id, k.network_id, k.last_used_on < current_date FROM collect_key k"
    f" WHERE k.key_hash = :hash AND {IS_LIVE}"
)
TOUCH = text(
    "UPDATE collect_key SET last_used_on = current_date"
    " WHERE id = :id AND last_used_on < current_date"
)
WHO = text(
    "SELECT m.id, m.user_id, m.role FROM collect_key k"
    " JOIN member m ON m.network_id = :network AND m.id = k.member_id AND m.ended_at IS NULL"
    " JOIN user_account u ON u.id = k.user_id AND u.disabled_at IS NULL"
    f" WHERE k.key_hash = :hash AND k.network_id = :network AND {IS_LIVE}"
)

SILENT = "This address no longer works. Ask your coordinator for a new key."


def add_collect_key(
    cx: Connection, network_id: UUID, member_id: UUID, user_id: UUID, name: str
) -> tuple[UUID, str]:
    """A new key of the member: its id, and the key itself, which nobody can read again."""
    key_id, key = uuid4(), make_token()
    row = {"id": key_id, "user": user_id, "network": network_id, "member": member_id}
    cx.execute(ADD, row | {"hash": hash_token(key), "name": name})
    return key_id, key


def collect_keys_of(cx: Connection, network_id: UUID, member_id: UUID) -> list[dict[str, Any]]:
    """The member's live keys, the newest first."""
    rows = cx.execute(LIST, {"network": network_id, "member": member_id})
    return [dict(row) for row in rows.mappings()]


def revoke_collect_key(cx: Connection, actor: Actor, key_id: UUID) -> None:
    """Take one key back at once; another member's key is `not_found`."""
    params = {"id": key_id, "network": actor.network_id, "member": actor.member_id}
    if not cx.execute(REVOKE, params).rowcount:
        raise Problem("not_found")


@contextmanager
def acting_by_key(key: str, *, writing: bool = False) -> Iterator[tuple[Connection, Actor]]:
    """`acting` for a phone that has a key instead of a token.

    An unknown key, one taken back or run out, and one whose member has left are all `not_found`.
    """
    hashed = hash_token(key)
    network_id = _network_of(hashed)
    with opened(network_id, writing=writing) as cx:
        row = cx.execute(WHO, {"hash": hashed, "network": network_id}).fetchone()
        if row is None:
            raise Problem("not_found", SILENT)
        actor = Actor(network_id, *row)
        actor.require_role(*LOGGERS)
        yield cx, actor


def _network_of(hashed: bytes) -> UUID:
    """Where the key speaks; its day of use is noted apart, so that reading needs no lock."""
    wait = 0
    with database().transaction() as cx:  # a wrong try is counted, so it must commit
        row = cx.execute(FIND, {"hash": hashed}).fetchone()
        if row is None:
            secret = current_app.extensions["settings"].secret
            wait = spend(cx, secret, KEYS_PER_CLIENT, client_of(request.remote_addr))
        elif row[2]:
            cx.execute(TOUCH, {"id": row[0]})
    if wait:
        raise Problem("too_many_requests", f"Try again in {wait} seconds.", retry_after=wait)
    if row is None:
        raise Problem("not_found", SILENT)
    found: UUID = row[1]
    return found
