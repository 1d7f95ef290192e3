"""Networks: jobs go through them one by one, a transaction each."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from api.core.actor import Actor
from api.core.write import Change, apply

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.core.db import Database

BATCH = 500
NOBODY = UUID(int=0)


def every_network(database: Database) -> list[UUID]:
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
