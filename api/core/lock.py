"""Lock: one writer at a time in each network; who holds the lock knows its revision."""

from __future__ import annotations

from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING

from .driver import ask
from .problems import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

    from sqlalchemy import Connection

PATIENCE = 0.25  # seconds; a record takes a few hundredths of that
_LOCK = "SELECT revision FROM network WHERE id = %(network)s FOR NO KEY UPDATE"
_turns = [Lock() for _ in range(1_024)]  # two networks that share one only wait for each other


def lock_network(cx: Connection, network_id: UUID) -> int:
    """Hold the network's row until the transaction ends; its revision, or `unknown_network`."""
    rows = ask(cx, _LOCK, {"network": network_id})
    if not rows:
        raise Problem("unknown_network")
    return int(rows[0][0])


@contextmanager
def in_turn(network_id: UUID) -> Iterator[None]:
    """Have those who write to a network from this process do so one after the other.

    It only saves work: what counts is the row's lock, and whoever has waited long enough goes on
    to wait for that. Those who wait for the row are each woken in vain, and take the processor
    from the one they wait for.
    """
    turn = _turns[network_id.int % len(_turns)]
    is_mine = turn.acquire(timeout=PATIENCE)
    try:
        yield
    finally:
        if is_mine:
            turn.release()
