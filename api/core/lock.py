"""Lock: one writer at a time in each network; who holds it knows where the network stands."""

from __future__ import annotations

from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple

from .announce import MOVED
from .driver import ask, noted
from .problems import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

    from sqlalchemy import Connection

PATIENCE = 0.25  # seconds; a record takes a few hundredths of that
HOLD = "FOR NO KEY UPDATE"
_LOCK = f"SELECT revision, epoch FROM network WHERE id = %(network)s {HOLD}"
_HELD = "held"
_turns = [Lock() for _ in range(1_024)]  # two networks that share one only wait for each other


class Standing(NamedTuple):
    """Where a network stands whose row this transaction holds."""

    network_id: UUID
    revision: int
    epoch: UUID


def lock_network(cx: Connection, network_id: UUID) -> Standing:
    """Hold the network's row until the transaction ends; `unknown_network` when there is none.

    Who holds it already is told where it stands by now.
    """
    held: Standing | None = noted(cx).get(_HELD)
    if held is None or held.network_id != network_id:
        rows = ask(cx, _LOCK, {"network": network_id})
        if not rows:
            raise Problem("unknown_network")
        held = hold(cx, Standing(network_id, *rows[0]))
    return held


def hold(cx: Connection, held: Standing) -> Standing:
    """Note that this transaction holds a network's row."""
    noted(cx)[_HELD] = held
    return held


def move_on(cx: Connection, network_id: UUID, revision: int) -> None:
    """Note that this transaction, which holds the network's row, moved it on to a revision."""
    hold(cx, Standing(network_id, revision, lock_network(cx, network_id).epoch))
    noted(cx)[MOVED] = network_id


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
