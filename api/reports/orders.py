"""Orders: reports asked for with time to spare; a worker freezes them and says how far it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid5

import msgspec
from uuid_utils.compat import uuid7

from api.core.actor import Actor
from api.core.driver import raw
from api.core.once import RepeatedError, require_first
from api.core.problems import Problem

from .desk import STEPS, asked_of, fulfil
from .order import Order

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from api.core.db import Database


def lay(cx: Connection, actor: Actor, order: Order) -> UUID:
    """Lay an order down; those that nobody touched for a day are forgotten.

    One with a key is laid once, and again only when it had failed; RepeatedError has the report
    of one met before, `op_id_reused` is for another with the same key.
    """
    require_first(cx, actor, asked_of(order))
    order_id = uuid5(order.op_id, "order") if order.op_id else uuid7()
    asked = msgspec.json.encode(order).decode()
    values = {"network": actor.network_id, "id": order_id, "member": actor.member_id}
    raw(cx).execute(_FORGET, values)
    raw(cx).execute(_LAY, values | {"asked": asked})
    if raw(cx).execute(_ASKED, values).fetchone() != (asked,):
        raise Problem("op_id_reused")
    return order_id


def status_of(cx: Connection, network_id: UUID, order_id: UUID) -> dict[str, Any]:
    """How far an order has come; `not_found` for none there is."""
    row = raw(cx).execute(_FIND, {"network": network_id, "id": order_id}).fetchone()
    if row is None:
        raise Problem("not_found")
    status, step, report_id, problem = row
    done = STEPS.index(step) / len(STEPS) if step else 0.0
    return {
        "status": status,
        "step": step,
        "progress": 1.0 if status == "done" else round(done, 2),
        "report_id": report_id,
        "problem": problem and msgspec.Raw(problem.encode()),
    }


def work_off(database: Database, network_id: UUID, order_id: UUID) -> bool:
    """Freeze what was ordered, unless somebody is at it or has been; whether it was done here."""
    asked: dict[str, Any] = {"network": network_id, "id": order_id}
    with database.transaction(network_id) as cx:
        row = raw(cx).execute(_CLAIM, asked).fetchone()
    if row is None:
        return False

    def note(statement: str, **more: object) -> None:
        with database.transaction(network_id) as cx:
            raw(cx).execute(statement, asked | {"report": None, "problem": None} | more)

    actor = Actor(network_id, row[0], None, "coordinator")
    order = msgspec.json.decode(row[1], type=Order)
    outcome: dict[str, object] = {}
    try:
        frozen = fulfil(database, actor, order, lambda step: note(_TOUCH, step=step))
        outcome["report"] = frozen.id
    except RepeatedError as earlier:
        outcome["report"] = earlier.made
    except Problem as problem:
        outcome["problem"] = msgspec.json.encode(problem.body()).decode()
    finally:
        note(_FINISH, **outcome)
    return True


_FORGET = """
DELETE FROM report_order
WHERE network_id = %(network)s AND touched_at < now() - interval '1 day'
"""
# Without a sign for so long, whoever worked on it is gone.
_STATUS = """
CASE WHEN report_order.status = 'working'
        AND report_order.touched_at < now() - interval '15 minutes'
    THEN 'failed' ELSE report_order.status END
"""
_LAY = f"""
INSERT INTO report_order (network_id, id, member_id, asked)
VALUES (%(network)s, %(id)s, %(member)s, %(asked)s)
ON CONFLICT (network_id, id) DO UPDATE
SET status = 'waiting', step = '', problem = NULL, touched_at = now()
WHERE {_STATUS} = 'failed' AND report_order.asked = excluded.asked
"""
_ASKED = "SELECT asked FROM report_order WHERE network_id = %(network)s AND id = %(id)s"
_FIND = f"""
SELECT {_STATUS}, step, report_id, problem
FROM report_order WHERE network_id = %(network)s AND id = %(id)s
"""
_CLAIM = """
UPDATE report_order SET status = 'working', touched_at = now()
WHERE network_id = %(network)s AND id = %(id)s AND status = 'waiting' RETURNING member_id, asked
"""
_TOUCH = """
UPDATE report_order SET step = %(step)s, touched_at = now()
WHERE network_id = %(network)s AND id = %(id)s
"""
_FINISH = """
UPDATE report_order SET report_id = %(report)s, problem = %(problem)s, touched_at = now(),
    status = CASE WHEN %(report)s::uuid IS NULL THEN 'failed' ELSE 'done' END
WHERE network_id = %(network)s AND id = %(id)s
"""
