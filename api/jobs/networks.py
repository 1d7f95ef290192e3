"""Networks: jobs go through them one by one, in transactions of up to 500 changes."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

import structlog

from api.core.actor import Actor
from api.core.web import failure
from api.core.write import Change, apply

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from api.core.db import Database

BATCH = 500
NOBODY = UUID(int=0)


def in_every_network(database: Database, work: Callable[[UUID], int]) -> int:
    """Do `work` in one network after the other; the sum of what it counts.

    One that fails keeps no other waiting: all are gone through, then ExceptionGroup is raised.
    """
    done, failed = 0, []
    for network_id in _every_network(database):
        try:
            done += work(network_id)
        except Exception as error:  # noqa: BLE001  # raised again below, with all others
            structlog.get_logger().error("network_failed", **failure(error))
            failed.append(error)
    if failed:
        raise ExceptionGroup("Some networks failed", failed)
    return done


def _every_network(database: Database) -> list[UUID]:
    """The ids of all networks that have, or had, a member."""
    with database.snapshot() as cx:
        found = cx.exec_driver_sql("SELECT DISTINCT network_id FROM user_network ORDER BY 1")
        return [row[0] for row in found]


def apply_as_server(database: Database, network_id: UUID, changes: Sequence[Change]) -> int:
    """Send the server's own changes through the one write path; how many came about."""
    actor = Actor(network_id, NOBODY, None, "server")
    done = 0
    for start in range(0, len(changes), BATCH):
        with database.transaction(network_id) as cx:
            outcomes = apply(cx, actor, changes[start : start + BATCH])
        done += sum(outcome.status == "applied" for outcome in outcomes)
    return done
