"""Commands: making a key for a phone, for routes and the command line. None of them commits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import text

from api.accounts.address import canonical_email
from api.accounts.collect_keys import add_collect_key
from api.accounts.invitations import name_of
from api.core.actor import LOGGERS, Actor
from api.core.db import set_scope

from .address import address, as_qr_text, settings_of

if TYPE_CHECKING:
    from sqlalchemy import Connection

MEMBER = text(
    "SELECT m.id, m.user_id, m.role FROM member m JOIN user_account u ON u.id = m.user_id"
    " WHERE m.network_id = :network AND u.email = :email"
    " AND m.ended_at IS NULL AND u.disabled_at IS NULL"
)


def make_key(cx: Connection, actor: Actor, name: str, base_url: str) -> dict[str, Any]:
    """A new key of a member, with all a phone needs; `out_of_scope` for who does not log."""
    actor.require_role(*LOGGERS)
    assert actor.user_id is not None
    key_id, key = add_collect_key(cx, actor.network_id, actor.member_id, actor.user_id, name)
    url = address(base_url, key)
    settings = settings_of(url, name_of(cx, actor.network_id))
    told = {"id": key_id, "name": name, "key": key, "url": url}
    return told | {"settings": settings, "settings_qr": as_qr_text(settings)}


def issue_collect_key(
    cx: Connection, base_url: str, whose: tuple[str, str], network_id: UUID
) -> dict[str, Any]:
    """The same for an address and a name of the phone; ValueError for who is no member."""
    email, name = whose
    set_scope(cx, network_id)
    params = {"network": network_id, "email": canonical_email(email)}
    row = cx.execute(MEMBER, params).fetchone()
    if row is None or row[2] not in LOGGERS:
        message = "Nobody with this address logs in this network; make them a member first."
        raise ValueError(message)
    return make_key(cx, Actor(network_id, *row), name, base_url)
