"""Write: apply(), the one way in. A list of changes, one lock, a handful of statements."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from blinker import Signal
from psycopg import errors as pg

from .actor import Actor
from .change import Change, Outcome, Prepared, Present, prepare
from .codec import encode
from .decide import decide_all
from .driver import ask, begin_again, roll_back, save
from .lock import lock_network, move_on
from .problems import Problem, of_constraint
from .record import KINDS, followers
from .statements import NEW_CLIENT, SETTLE, TOUCH, followers_by, write_rows
from .survey import as_array, survey
from .world import Key, Row, World

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

__all__ = ["Change", "Outcome", "apply", "apply_prepared", "decided"]

decided = Signal("A batch has its verdicts; sent with its `outcomes`.")

# What the database may say about one change of a batch; anything else concerns them all.
OF_ONE_CHANGE = (pg.IntegrityError, pg.DataError)


def apply(
    cx: Connection, actor: Actor, changes: Sequence[Change], *, alone: bool = False
) -> list[Outcome]:
    """Apply changes in order; one outcome each. Never commits; one bad change spoils no other.

    `alone` says that the transaction has written nothing else: should the database refuse a change,
    it can begin again, and all others are spared a savepoint.
    """
    return apply_prepared(cx, actor, [prepare(change) for change in changes], alone=alone)


def apply_prepared(
    cx: Connection,
    actor: Actor,
    batch: list[Prepared],
    failed: frozenset[UUID] = frozenset(),
    *,
    alone: bool = False,
) -> list[Outcome]:
    """`apply` for changes that were read and checked before the transaction began.

    `failed` are changes of the same request that came earlier and did not succeed.
    """
    outcomes = _apply(cx, actor, batch, failed, alone=alone)
    decided.send(outcomes=outcomes)
    return outcomes


def _apply(
    cx: Connection,
    actor: Actor,
    batch: list[Prepared],
    failed: frozenset[UUID] = frozenset(),
    *,
    alone: bool = False,
) -> list[Outcome]:
    if not batch:
        return []
    if not alone:
        save(cx, "apply")
    world = survey(cx, actor, batch)
    world.failed |= failed
    outcomes, after = decide_all(batch, world)
    try:
        _write_world(cx, after)
    except OF_ONE_CHANGE as error:
        if alone:
            begin_again(cx)
        else:
            roll_back(cx, "apply")
        return _apply_apart(cx, actor, batch, failed, error)
    taken = _take_along(cx, after)
    for outcome in outcomes:
        key = outcome.change.kind, outcome.change.id
        present = taken.get(key) or after.present.get(key)
        outcome.present = present if present and actor.sees(present.audience) else None
    return outcomes


def _apply_apart(
    cx: Connection,
    actor: Actor,
    batch: list[Prepared],
    failed: frozenset[UUID],
    error: Exception,
) -> list[Outcome]:
    """The database refused something that the rules let pass: find whose it was.

    Each change is applied by itself, in order; of a group, all together or none.
    """
    units = _units(batch)
    if len(units) == 1:
        _blame(cx, actor, batch, error)
        return _apply(cx, actor, batch, failed)
    outcomes: dict[int, Outcome] = {}
    for unit in units:
        found = _apply(cx, actor, [batch[i] for i in unit], failed)
        outcomes |= zip(unit, found, strict=True)
        failed |= {o.change.change_id for o in found if not o.is_done}
    return [outcomes[i] for i in range(len(batch))]


def _units(batch: list[Prepared]) -> list[list[int]]:
    """Positions that stand or fall together: those of each group, and all others alone."""
    units: dict[str | int, list[int]] = {}
    for i, each in enumerate(batch):
        units.setdefault(each.change.group or i, []).append(i)
    return list(units.values())


def _blame(cx: Connection, actor: Actor, unit: list[Prepared], error: Exception) -> None:
    """Give the change that the database refuses its problem; all, if it takes all to break it."""
    if any(each.problem for each in unit):
        raise error  # it was not to be written at all
    if len(unit) > 1:
        save(cx, "blame")
        for each in unit:
            _apply(cx, actor, [each])
        roll_back(cx, "blame")
    if not any(each.problem for each in unit):
        problem = of_constraint(str(error)) or Problem(
            "validation_failed", "The database cannot hold this record as it is."
        )
        for each in unit:
            each.problem = problem


def touch(cx: Connection, network_id: UUID, kind: str, record_id: UUID) -> None:
    """Have a record told anew, unchanged: something beside it has arrived. None need be there."""
    lock_network(cx, network_id)
    for (revision,) in ask(cx, TOUCH, {"network": network_id, "kind": kind, "id": record_id}):
        move_on(cx, network_id, revision)


def _take_along(cx: Connection, world: World) -> dict[Key, Present]:
    """Whatever follows a record that moved or ended moves or ends with it: as it is afterwards.

    Or nothing does: what stayed behind would be seen by whom it is not for.
    """
    actor = Actor(world.actor.network_id, world.actor.member_id, None, "server")
    changes: list[Change] = []
    for kind in {kind for kind, _ in world.latest}:
        moved = {
            row.id: row
            for (name, _), row in world.latest.items()
            if name == kind and (row.gone or row.was != row.audience)
        }
        for name, field in followers(kind) if moved else ():
            params = {"network": actor.network_id, "ids": as_array(moved)}
            for owner, *found in ask(cx, followers_by(name, field), params):
                changes.append(_following(name, found, moved[owner]))
    outcomes = _apply(cx, actor, [prepare(change, is_stored=True) for change in changes])
    for outcome in outcomes:
        if not outcome.is_done:
            raise outcome.problem or Problem("conflict")
    return {(o.change.kind, o.change.id): o.present for o in outcomes if o.present}


def _following(kind: str, found: list[Any], owner: Row) -> Change:
    record, version, author, data = found
    return Change(
        kind,
        record,
        None if owner.gone else data.encode(),
        base_version=version,
        remove=owner.gone,
        audience=None if owner.gone else owner.audience,
        author_id=author,
        keeps_refused=False,
    )


def _write_world(cx: Connection, world: World) -> None:
    """One statement per kind; the last, or one of its own, settles ledger and counter."""
    network = world.actor.network_id
    if world.new_client:
        client = {"client": world.new_client, "member": world.actor.member_id}
        ask(cx, NEW_CLIENT, {"network": network} | client)
    if not world.rows and not world.entries:
        return
    written = [name for name in KINDS if name in world.rows]
    settling = {"entries": encode(world.entries).decode(), "revision": world.revision}
    for name in written:
        rows, is_last = world.rows[name], name == written[-1]
        replaces = any(row.base is not None for row in rows)
        params = {"network": network, "rows": encode(rows).decode()}
        statement = write_rows(name, replaces=replaces, settles=is_last)
        ask(cx, statement, params | settling if is_last else params)
    if written:
        move_on(cx, network, world.revision)
    else:
        ask(cx, SETTLE, {"network": network} | settling)
