"""Write: apply(), the one way in. A list of changes, one lock, a handful of statements."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec
from blinker import Signal
from psycopg import errors as pg

from .actor import Actor
from .announce import note_move
from .change import Change, Outcome, Prepared, Present, prepare
from .codec import encode
from .db import raw, roll_back_to
from .decide import decide_all
from .policy import may_write
from .problems import Problem, of_constraint
from .record import KINDS, followers
from .statements import (
    LINES,
    LOCK,
    REFUSED_BASES,
    SETTLE,
    TOUCH,
    count_followers,
    followers_by,
    look_at,
    read_world,
    write_rows,
)
from .world import REFUSED, Entry, Row, State, World

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sqlalchemy import Connection

__all__ = ["Change", "Outcome", "apply", "apply_prepared", "decided"]

decided = Signal("A batch has its verdicts; sent with its `outcomes`.")

# What the database may say about one change of a batch; anything else concerns them all.
OF_ONE_CHANGE = (pg.IntegrityError, pg.DataError)


class _Read(msgspec.Struct, array_like=True):
    """A present row as the reading statement sends it."""

    id: UUID
    version: UUID
    revision: int
    audience: str
    is_gone: bool
    author_id: UUID
    created_at: str
    updated_at: str
    is_visible: bool
    may_change: bool
    may_remove: bool
    data: Any


_entries = msgspec.json.Decoder(list[Entry] | None)
_rows = msgspec.json.Decoder(list[_Read] | None)
_ids = msgspec.json.Decoder(list[UUID] | None)
_text = msgspec.json.Decoder(str)


def apply(cx: Connection, actor: Actor, changes: Sequence[Change]) -> list[Outcome]:
    """Apply changes in order; one outcome each. Never commits; one bad change spoils no other."""
    return apply_prepared(cx, actor, [prepare(change) for change in changes])


def apply_prepared(
    cx: Connection, actor: Actor, batch: list[Prepared], failed: frozenset[UUID] = frozenset()
) -> list[Outcome]:
    """`apply` for changes that were read and checked before the transaction began.

    `failed` are changes of the same request that came earlier and did not succeed.
    """
    outcomes = _apply(cx, actor, batch, failed)
    decided.send(outcomes=outcomes)
    return outcomes


def _apply(
    cx: Connection, actor: Actor, batch: list[Prepared], failed: frozenset[UUID] = frozenset()
) -> list[Outcome]:
    if not batch:
        return []
    world = _read_world(cx, actor, batch)
    world.failed |= failed
    outcomes, after = decide_all(batch, world)
    try:
        _write_world(cx, after)
    except OF_ONE_CHANGE as error:
        roll_back_to(cx, "apply")
        return _apply_apart(cx, actor, batch, failed, error)
    _take_along(cx, after)
    for outcome in outcomes:
        present = after.present.get((outcome.change.kind, outcome.change.id))
        outcome.present = present if present and _is_visible(present, actor) else None
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
        raw(cx).execute("SAVEPOINT blame")
        for each in unit:
            _apply(cx, actor, [each])
        roll_back_to(cx, "blame")
    if not any(each.problem for each in unit):
        problem = of_constraint(str(error)) or Problem(
            "validation_failed", "The database cannot hold this record as it is."
        )
        for each in unit:
            each.problem = problem


def _is_visible(present: Present, actor: Actor) -> bool:
    return actor.role == "server" or present.audience in actor.scope


def touch(cx: Connection, network_id: UUID, kind: str, record_id: UUID) -> None:
    """Have a record told anew, unchanged: something beside it has arrived. None need be there."""
    params = {"network": network_id, "kind": kind, "id": record_id}
    raw(cx).execute(LOCK, params)
    if raw(cx).execute(TOUCH, params).fetchone():
        note_move(cx, network_id)


def _take_along(cx: Connection, world: World) -> None:
    """Whatever follows a record that moved or ended moves or ends with it."""
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
            for owner, *found in raw(cx).execute(followers_by(name, field), params):
                changes.append(_following(name, found, moved[owner]))
    if changes:
        _apply(cx, actor, [prepare(change) for change in changes])


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


# --- reading -------------------------------------------------------------------------------------


def _read_world(cx: Connection, actor: Actor, batch: list[Prepared]) -> World:
    """Lock the network, then read everything the batch touches.

    Two statements: one that waited for the lock itself would go on with a snapshot from before
    the wait. They go together, so that nobody holds the lock while the second is on its way.
    """
    ids = _ids_by_kind(batch)
    refs = _references_by_kind(batch)
    kinds = tuple((name, may_write(KINDS[name], actor)) for name in ids)
    statement = read_world(kinds, tuple(refs), actor.role == "server")
    params = {
        "network": actor.network_id,
        "member": actor.member_id,
        "scope": list(actor.scope),
        "ops": as_array(_ops_and_bases(batch)),
    }
    params |= {f"ids_{name.replace('-', '_')}": as_array(found) for name, found in ids.items()}
    params |= {f"refs_{name.replace('-', '_')}": as_array(found) for name, found in refs.items()}
    connection = raw(cx)
    connection.execute("SAVEPOINT apply")
    with connection.pipeline():
        lock = connection.execute(LOCK, {"network": actor.network_id})
        read = connection.execute(statement, params)
    locked = lock.fetchone()
    if locked is None:
        raise Problem("unknown_network")
    world = _world(actor, locked[0], read.fetchone(), (list(ids), list(refs)))
    _read_refused_bases(cx, world)
    _read_lines(cx, batch, world)
    _read_looked(cx, batch, world)
    _count_followers(cx, batch, world)
    return world


def _world(actor: Actor, revision: int, answers: Any, names: tuple[list[str], list[str]]) -> World:
    now, role, ledger, *rest = answers
    if actor.role not in (role, "server"):  # it changed while this waited for the lock
        raise Problem("busy", "Your role changed just now; send it again.")
    kinds, referred = names
    present = {
        (name, row.id): _present(name, row)
        for name, column in zip(kinds, rest, strict=False)
        for row in _rows.decode(column or b"null") or ()
    }
    missing = {
        name: set(_ids.decode(column or b"null") or ())
        for name, column in zip(referred, rest[len(kinds) :], strict=True)
    }
    known = {entry.op_id: entry for entry in _entries.decode(ledger or b"null") or ()}
    return World(
        actor=actor,
        revision=revision,
        now=_text.decode(now),
        kinds=frozenset(kinds),
        ledger=known,
        present=present,
        missing=missing,
    )


def _present(kind: str, row: _Read) -> Present:
    codec = KINDS[kind].codec
    values = None if row.data is None else codec.of_database(row.data)
    return Present(
        id=row.id,
        version=row.version,
        revision=row.revision,
        audience=row.audience,
        is_gone=row.is_gone,
        author_id=row.author_id,
        created_at=row.created_at,
        updated_at=row.updated_at,
        may_change=row.is_visible and row.may_change,
        may_remove=row.is_visible and row.may_remove,
        values=values,
        data=None if values is None else codec.dump(values),
    )


def _ops_and_bases(batch: list[Prepared]) -> Iterator[UUID]:
    """What the ledger is asked about: each operation, and the one it builds on."""
    for each in batch:
        yield each.change.change_id
        if each.change.base_version:
            yield each.change.base_version


def _read_refused_bases(cx: Connection, world: World) -> None:
    """What refused operations built on, as far back as those were refused too."""
    bases = [e.base for e in world.ledger.values() if e.status in REFUSED and e.base]
    if bases:
        params = {"network": world.actor.network_id, "ops": as_array(bases)}
        row = raw(cx).execute(REFUSED_BASES, params).fetchone()
        found = _entries.decode(row[0]) if row and row[0] else None
        world.ledger.update((entry.op_id, entry) for entry in found or ())


def _read_lines(cx: Connection, batch: list[Prepared], world: World) -> None:
    """The history of the records that moved on since a change's base: merging needs it.

    A record changed twice in the batch has moved on for the second change.
    """
    if not world.present:
        return
    behind: dict[str, set[UUID]] = {}
    times = Counter(each.key for each in batch)
    for each in batch:
        present = world.present.get(each.key)
        if not present or present.is_gone:
            continue
        if times[each.key] > 1 or present.version != each.change.base_version:
            behind.setdefault(each.change.kind, set()).add(each.change.id)
    for kind, ids in behind.items():
        found = raw(cx).execute(
            LINES, {"network": world.actor.network_id, "kind": kind, "ids": as_array(ids)}
        )
        for record, version, base, ancestors, data in found:
            line = world.lines.setdefault((kind, record), {})
            line[version] = State(base, tuple(ancestors), data and data.encode())


def _read_looked(cx: Connection, batch: list[Prepared], world: World) -> None:
    """What rules want to know of the records referred to."""
    wanted: dict[str, set[UUID]] = {}
    for each in batch:
        if each.kind and each.kind.looks_at and each.values is not None:
            for _, name, found in each.references:
                if name in each.kind.looks_at:
                    wanted.setdefault(name, set()).add(found)
    for name, ids in wanted.items():
        params = {"network": world.actor.network_id, "ids": as_array(ids)}
        codec = KINDS[name].codec
        for found, audience, data in raw(cx).execute(look_at(name), params):
            world.homes[name, found] = audience
            world.looked[name, found] = codec.of_database(msgspec.json.decode(data))


def _count_followers(cx: Connection, batch: list[Prepared], world: World) -> None:
    """How many already follow what a new record is to follow, where that is limited."""
    wanted: dict[tuple[str, str], set[UUID]] = {}
    for each in batch:
        kind = each.kind
        if kind and kind.most and each.values is not None and each.key not in world.present:
            for field in kind.follows:
                if owner := getattr(each.values, field):
                    wanted.setdefault((kind.name, field), set()).add(owner)
    for (name, field), ids in wanted.items():
        params = {"network": world.actor.network_id, "ids": as_array(ids)}
        followed = KINDS[name].fields[field].refers_to
        for owner, count in raw(cx).execute(count_followers(name, field), params):
            world.followers[name, (followed, owner)] = count


def _ids_by_kind(batch: list[Prepared]) -> dict[str, set[UUID]]:
    found: dict[str, set[UUID]] = {name: set() for name in KINDS}
    for each in batch:
        if each.kind:
            found[each.change.kind].add(each.change.id)
    return {name: ids for name, ids in found.items() if ids}


def _references_by_kind(batch: list[Prepared]) -> dict[str, set[UUID]]:
    kinds = [KINDS[name] for name in {each.change.kind for each in batch if each.kind}]
    found: dict[str, set[UUID]] = {name: set() for kind in kinds for name in kind.refers_to}
    for each in batch:
        for _, name, referred in each.references:
            found[name].add(referred)
    return dict(sorted(found.items()))


def as_array(ids: Iterable[UUID]) -> str:
    """A PostgreSQL array literal; far cheaper than the driver's list of uuids."""
    return "{" + encode(list(ids))[1:-1].decode().replace('"', "") + "}"


# --- writing -------------------------------------------------------------------------------------


def _write_world(cx: Connection, world: World) -> None:
    """One statement per kind; the last, or one of its own, settles ledger and counter."""
    if not world.rows and not world.entries:
        return
    network = world.actor.network_id
    written = [name for name in KINDS if name in world.rows]
    settling = {"entries": encode(world.entries).decode(), "revision": world.revision}
    for name in written:
        rows, is_last = world.rows[name], name == written[-1]
        replaces = any(row.base is not None for row in rows)
        params = {"network": network, "rows": encode(rows).decode()}
        statement = write_rows(name, replaces=replaces, settles=is_last)
        raw(cx).execute(statement, params | settling if is_last else params)
        note_move(cx, network)
    if not written:
        raw(cx).execute(SETTLE, {"network": network} | settling)
