"""Acting: a transaction in one network, and the authenticated member who acts in it."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from flask import current_app, request

from .db import database
from .lock import in_turn
from .problems import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

    from sqlalchemy import Connection

    from .actor import Actor


@contextmanager
def acting(
    network_id: UUID, *, writing: bool = False, locking: bool = False
) -> Iterator[tuple[Connection, Actor]]:
    """Open a transaction for this request and say who acts in it; most need no second.

    Reading is a read-only snapshot; writing commits when the block ends without an exception.
    `locking` is for who writes records, which takes the network's lock: it is held from the
    beginning, if it is free then.
    """
    token = bearer_token()
    authenticate = current_app.extensions["authenticate"]
    if writing or locking:
        with opened(network_id, writing=True) as cx:
            yield cx, authenticate(cx, network_id, token, locking=locking)
    else:
        with database().snapshot(network_id, admitting=True) as cx:
            yield cx, authenticate(cx, network_id, token, admitting=True)


@contextmanager
def opened(network_id: UUID, *, writing: bool) -> Iterator[Connection]:
    """A transaction of this network: a snapshot to read, or one to write, in turn."""
    if writing:
        with in_turn(network_id), database().transaction(network_id) as cx:
            yield cx
    else:
        with database().snapshot(network_id) as cx:
            yield cx


def bearer_token() -> str:
    """The device token of this request; `not_signed_in` when there is none."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Problem("not_signed_in")
    return token.strip()
