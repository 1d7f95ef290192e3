"""Desk: an order becomes a report on the shelf: look at the network, count, compare, keep."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import msgspec
from uuid_utils.compat import uuid7

from api.core import once

from . import shelf
from .freeze import freeze
from .inputs import keep_inputs
from .load import load, require_boundaries, require_life

if TYPE_CHECKING:
    from collections.abc import Callable

    from api.core.actor import Actor
    from api.core.db import Database

    from .freeze import Frozen
    from .order import Order

STEPS = ("counting", "comparing with chance", "keeping")


def fulfil(
    database: Database, actor: Actor, order: Order, tell: Callable[[str], object] = str
) -> Frozen:
    """Freeze what is ordered in the name of a keeper; `tell` hears of each of STEPS as it begins.

    A problem for what cannot be met, and where they are no keeper any more; then nothing is kept.
    Nor when the order was met before: RepeatedError has the report's id.
    """
    network_id = actor.network_id
    with database.snapshot(network_id) as cx, database.beside(cx, network_id) as other:
        shelf.require_superseded(cx, actor, order)
        moment = shelf.moment_of(cx, network_id)
        tell(STEPS[0])
        facts = load(cx, network_id, order, other)
    require_boundaries(order, facts)
    require_life(order, moment)
    tell(STEPS[1])
    frozen = freeze(uuid7(), order, facts, moment)
    tell(STEPS[2])
    with database.transaction(actor.network_id) as cx:
        shelf.require_keeper(cx, actor)
        once.enter(cx, actor, asked_of(order), frozen.id)
        shelf.keep(cx, actor, order, moment, frozen)
        keep_inputs(cx, actor.network_id, frozen, facts)
    return frozen


def asked_of(order: Order) -> once.Asked | None:
    """The order as a request that is met once; None without a key."""
    if order.op_id is None:
        return None
    content = msgspec.json.encode(replace(order, op_id=None))
    return once.Asked(order.op_id, "reports", content)
