"""Once: what comes with an Idempotency-Key is done once, also where it makes no record."""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID, uuid5

from flask import request

from .driver import raw
from .problems import Problem

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from .actor import Actor

KEY = "Idempotency-Key"


class Asked(NamedTuple):
    """A request that carries a key: the operation it is, what it makes, what it says."""

    op_id: UUID
    kind: str
    content: bytes

    @property
    def digest(self) -> str:
        """What makes two requests the same request."""
        return blake2b(f"{self.kind}|".encode() + self.content, digest_size=16).hexdigest()


class RepeatedError(Exception):
    """It was done before: `made` is the id of what came of it."""

    def __init__(self, made: UUID) -> None:
        """Carry the id, by which the first answer can be given again."""
        super().__init__(str(made))
        self.made = made


def op_id_of(actor: Actor) -> UUID | None:
    """The caller's key made an operation id of their own; None for who sent none.

    Of a key beyond ASCII a server may see nothing at all: then it would protect from nothing.
    """
    if KEY not in request.headers:
        return None
    key = request.headers[KEY].strip()
    if not key or not key.isascii():
        raise Problem("bad_request", f"{KEY} takes any text in ASCII, and is not empty.")
    return uuid5(actor.member_id, key)


def require_first(cx: Connection, actor: Actor, asked: Asked | None) -> None:
    """Raise RepeatedError when this was done, `op_id_reused` when the key was for another."""
    if asked is None:
        return
    row = raw(cx).execute(_FIND, (actor.network_id, asked.op_id)).fetchone()
    if row is None:
        return
    author, kind, digest, made = row
    if (author, kind, digest) != (actor.member_id, asked.kind, asked.digest):
        raise Problem("op_id_reused")
    raise RepeatedError(made)


def enter(cx: Connection, actor: Actor, asked: Asked | None, made: UUID) -> None:
    """Note what came of it, in the transaction that makes it; raises as `require_first` does.

    Of two at once the second waits here for the first.
    """
    if asked is None:
        return
    values = (actor.network_id, asked.op_id, actor.member_id, asked.kind, made, asked.digest)
    if not raw(cx).execute(_ENTER, values).rowcount:
        require_first(cx, actor, asked)


_FIND = """
SELECT author_id, kind, digest, record_id FROM op_ledger WHERE network_id = %s AND op_id = %s
"""
_ENTER = """
INSERT INTO op_ledger (network_id, op_id, author_id, kind, record_id, digest, status)
VALUES (%s, %s, %s, %s, %s, %s, 'applied') ON CONFLICT (network_id, op_id) DO NOTHING
"""
