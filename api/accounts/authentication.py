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
from api.core.db import ADMITTED, database
from api.core.driver import FAULTS, ask
from api.core.head import Head, note_head
from api.core.lock import HOLD, Standing, hold
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
ACTOR = f"{SPEAKER}, m.id, m.role, m.ended_at IS NOT NULL"
WHO_ACTS = f"{ACTOR} {DEVICE} {MEMBER} {WHERE}"
WHO_READS = (  # at the end, the fields of `Head`
    f"{ACTOR}, {ADMITTED}, n.revision, n.epoch, n.gc_revision, m.scope_since"
    f" {DEVICE} {MEMBER} LEFT JOIN network n ON n.id = m.network_id {WHERE}"
)
WHO_WRITES = (  # if the lock is free: who had waited would be looked up once more, all of it
    f"{SPEAKER}, m.id, m.role, n.revision, n.epoch {DEVICE} {MEMBER}"
    f" JOIN network n ON n.id = m.network_id {WHERE}"
    f" AND u.disabled_at IS NULL AND m.ended_at IS NULL {HOLD} OF n SKIP LOCKED"
)

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


def authenticate(
    cx: Connection,
    network_id: UUID,
    token: str,
    *,
    locking: bool = False,
    admitting: bool = False,
) -> Actor:
    """Who acts in this network. Its scope is already set.

    `locking` also takes the network's lock, if that is free; `admitting`, in a snapshot that was
    begun so and nowhere else, also notes the network's head. Raises `not_signed_in`,
    `account_disabled` (also once a membership ended) and `unknown_network`, which says the same of
    a network that is not and of a foreign one: none of these has held anything.
    """
    params = {"hash": hash_token(token), "network": network_id}
    if locking and (rows := ask(cx, WHO_WRITES, params)):
        _, user_id, _, _, member_id, role, revision, epoch = _admit(rows[0])
        hold(cx, Standing(network_id, revision, epoch))
        return Actor(network_id, member_id, user_id, role)
    row = _speaker(cx, WHO_READS if admitting else WHO_ACTS, params)
    _, user_id, _, _, member_id, role, has_ended, *rest = row
    if member_id is None:
        raise Problem("unknown_network")
    if has_ended:
        raise Problem("account_disabled")
    if admitting:
        _plans, *head = rest
        note_head(cx, Head(*head))
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
    return _admit(rows[0])


def _admit(row: Any) -> Any:
    """Whoever a row of SPEAKER tells of, unless the account is disabled; seen today."""
    device_id, _, is_first_today, is_disabled, *_ = row
    if is_disabled:
        raise Problem("account_disabled")
    if is_first_today and has_request_context():
        _touch_later(device_id)
    return row


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
