"""Authentication: turns a device token into an Actor; runs on every request."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

import structlog
from flask import after_this_request, has_request_context
from sqlalchemy import text

from api.core.acting import bearer_token
from api.core.actor import Actor
from api.core.db import database
from api.core.driver import FAULTS, ask
from api.core.problems import Problem

from .devices import IS_LIVE
from .hashes import hash_token

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Response
    from sqlalchemy import Connection

SPEAKER = "SELECT d.id, d.user_id, d.last_used_on < current_date, u.disabled_at IS NOT NULL"
DEVICE = "FROM device d JOIN user_account u ON u.id = d.user_id"
MEMBER = "LEFT JOIN member m ON m.network_id = %(network)s AND m.user_id = d.user_id"
WHERE = f"WHERE d.token_hash = %(hash)s AND {IS_LIVE}"

WHO_SPEAKS = f"{SPEAKER}, u.email, d.name {DEVICE} {WHERE}"
WHO_ACTS = f"{SPEAKER}, m.id, m.role, m.ended_at IS NOT NULL {DEVICE} {MEMBER} {WHERE}"

TOUCH = text(
    "UPDATE device SET last_used_on = current_date WHERE id = :id AND last_used_on < current_date"
)


@dataclass(frozen=True, slots=True)
class Caller:
    """Who speaks, before any network is named: a user, through one of their devices."""

    device_id: UUID
    user_id: UUID
    email: str
    device_name: str


def authenticate(cx: Connection, network_id: UUID, token: str) -> Actor:
    """Who acts in this network; one statement. The network's scope is already set.

    Raises `not_signed_in`, `account_disabled` (also once a membership ended) and
    `unknown_network`, which says the same of a network that is not and of a foreign one.
    """
    params = {"hash": hash_token(token), "network": network_id}
    _, user_id, _, _, member_id, role, has_ended = _speaker(cx, WHO_ACTS, params)
    if member_id is None:
        raise Problem("unknown_network")
    if has_ended:
        raise Problem("account_disabled")
    return Actor(network_id, member_id, user_id, role)


@contextmanager
def calling(*, writing: bool = False) -> Iterator[tuple[Connection, Caller]]:
    """`acting` for what belongs to no network: one transaction, the caller signed in."""
    token = bearer_token()
    opened = database().transaction if writing else database().snapshot
    with opened() as cx:
        params = {"hash": hash_token(token)}
        device_id, user_id, _, _, email, device_name = _speaker(cx, WHO_SPEAKS, params)
        yield cx, Caller(device_id, user_id, email, device_name)


def _speaker(cx: Connection, statement: str, params: dict[str, Any]) -> Any:
    rows = ask(cx, statement, params)
    if not rows:
        raise Problem("not_signed_in", "This device token is unknown, was taken back or ran out.")
    device_id, _, is_first_today, is_disabled, *_ = rows[0]
    if is_disabled:
        raise Problem("account_disabled")
    if is_first_today and has_request_context():
        _touch_later(device_id)
    return rows[0]


def _touch_later(device_id: UUID) -> None:
    """Note the day of use once this request's own transaction, maybe read-only, is over."""

    @after_this_request
    def touch(response: Response) -> Response:
        try:
            with database().transaction() as cx:
                cx.execute(TOUCH, {"id": device_id})
        except FAULTS as error:  # never spoil an answer for this
            structlog.get_logger().warning("touch_failed", kind=type(error).__name__)
        return response
