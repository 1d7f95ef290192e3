"""Announce: tell whoever listens that a network moved on, once the change is committed.

Only a hint. NOTIFY inside the changing transaction would have all networks commit one after the
other (docs/decisions/change-stream.md), and a hint may be lost; who listens also looks by itself.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import structlog

from .driver import FAULTS, ask, noted

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy import Connection

CHANNEL = "weft_moved"
# A network is announced once in this many seconds by each process. So whoever hears of it looks
# at once, and again when so much time has passed: what was not announced is found then.
PAUSE = 0.5
NOTIFY = "SELECT pg_notify(%(channel)s, %(network)s)"
MOVED = "moved"  # noted of a transaction: the network whose revision it moves on


class Announcer:
    """Announces what one process commits."""

    def __init__(self) -> None:
        """Nothing has been announced."""
        self._announced_at: dict[UUID, float] = {}

    def announce(self, cx: Connection) -> None:
        """Announce what the transaction just committed has moved; failing that, say nothing."""
        network_id, now = noted(cx).get(MOVED), time.monotonic()
        if network_id is None or now < self._announced_at.get(network_id, 0) + PAUSE:
            return
        self._announced_at[network_id] = now
        try:
            ask(cx, NOTIFY, {"channel": CHANNEL, "network": str(network_id)})
        except FAULTS as error:  # never spoil for this what is committed
            cx.invalidate()
            self._announced_at.pop(network_id, None)  # another's may have failed as well
            structlog.get_logger().warning("announce_failed", kind=type(error).__name__)
