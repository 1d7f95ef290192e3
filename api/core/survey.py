"""Survey: what a batch needs to know of its network, read once the network's lock is held."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec

from .actor import Actor
from .change import Prepared, Present
from .codec import encode
from .driver import ask
from .ledger import removed_first
from .lineage import built_on
from .lock import lock_network
from .policy import may_write
from .problems import Problem
from .record import KINDS
from .statements import LINES, REFUSED_BASES, STATES, count_followers, look_at, read_world, slot
from .world import REFUSED, Entry, State, World

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection


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


def survey(cx: Connection, actor: Actor, batch: list[Prepared]) -> World:
    """Lock the network, then read everything the batch touches.

    The lock is a statement of its own: one that waited for it would go on with a snapshot from
    before the wait.
    """
    ids = _ids_by_kind(batch)
    refs = _references_by_kind(batch)
    kinds = tuple((name, may_write(KINDS[name], actor)) for name in ids)
    statement = read_world(kinds, tuple(refs), actor.role == "server")
    client_id = batch[0].change.client_id
    params = {
        "network": actor.network_id,
        "member": actor.member_id,
        "client": client_id,
        "scope": actor.scope_array,
        "ops": as_array(_operations(batch, actor)),
    }
    params |= {f"ids_{slot(name)}": as_array(found) for name, found in ids.items()}
    params |= {f"refs_{slot(name)}": as_array(found) for name, found in refs.items()}
    revision = lock_network(cx, actor.network_id).revision
    (answers,) = ask(cx, statement, params)
    world = _world(actor, revision, answers, (list(ids), list(refs)), client_id)
    _read_refused_bases(cx, world)
    _read_lines(cx, batch, world)
    _read_looked(cx, batch, world)
    _count_followers(cx, batch, world)
    return world


def _world(
    actor: Actor,
    revision: int,
    answers: Any,
    names: tuple[list[str], list[str]],
    client_id: UUID | None,
) -> World:
    now, role, is_theirs, ledger, *rest = answers
    if actor.role not in (role, "server"):  # it changed while this waited for the lock
        raise Problem("busy", "Your role changed just now; send it again.")
    if is_theirs == "false":
        raise Problem("client_conflict")
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
        new_client=None if is_theirs else client_id,
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


def _operations(batch: list[Prepared], actor: Actor) -> set[UUID]:
    """What the ledger is asked about: each operation, and those it builds on."""
    changes = [each.change for each in batch]
    named = {op_id for c in changes for op_id in (c.change_id, c.base_version, *c.ancestors)}
    overtaken = (removed_first(c.change_id, actor.member_id) for c in changes if not c.remove)
    return {op_id for op_id in (*named, *overtaken) if op_id}


def _read_refused_bases(cx: Connection, world: World) -> None:
    """What refused operations built on, as far back as the first that was not refused."""
    bases = [e.base for e in world.ledger.values() if e.status in REFUSED and e.base]
    if bases:
        params = {"network": world.actor.network_id, "ops": as_array(bases)}
        ((told,),) = ask(cx, REFUSED_BASES, params)
        found = _entries.decode(told) if told else None
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
        params = {"network": world.actor.network_id, "kind": kind, "ids": as_array(ids)}
        for record, version, revision, base, ancestors, audience in ask(cx, LINES, params):
            line = world.lines.setdefault((kind, record), {})
            line[version] = State(revision, base, tuple(ancestors), audience)
    if world.lines:
        _read_bases(cx, batch, world)


def _read_bases(cx: Connection, batch: list[Prepared], world: World) -> None:
    """The data of the states that a change may be merged from: of each line very few."""
    wanted: dict[UUID, State] = {}
    for each in batch:
        line, change = world.lines.get(each.key), each.change
        if not line:
            continue
        present = world.present[each.key].version  # for what says nothing new in this batch
        seen = built_on(change, line, world)
        began = line[seen].base if seen else None
        for version in (seen, present, began, change.base_version):
            if version in line:
                wanted[version] = line[version]
    params = {"network": world.actor.network_id, "versions": as_array(wanted)}
    for version, data in ask(cx, STATES, params):
        wanted[version].data = data and data.encode()


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
        for found, audience, data in ask(cx, look_at(name), params):
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
        for owner, count in ask(cx, count_followers(name, field), params):
            world.followers[name, (followed, owner)] = count


def _ids_by_kind(batch: list[Prepared]) -> dict[str, set[UUID]]:
    found: dict[str, set[UUID]] = {name: set() for name in KINDS}
    for each in batch:
        if each.kind:
            found[each.change.kind].add(each.change.id)
    return {name: ids for name, ids in found.items() if ids}


def _references_by_kind(batch: list[Prepared]) -> dict[str, set[UUID]]:
    """What a batch refers to, by kind.

    One of several kinds names all that these may refer to: what somebody could mix of them would
    make too many statements.
    """
    kinds = [KINDS[name] for name in {each.change.kind for each in batch if each.kind}]
    several = kinds if len(kinds) > 1 else []
    found: dict[str, set[UUID]] = {name: set() for kind in several for name in kind.refers_to}
    for each in batch:
        for _, name, referred in each.references:
            found.setdefault(name, set()).add(referred)
    return dict(sorted(found.items()))


def as_array(ids: Iterable[UUID]) -> str:
    """A PostgreSQL array literal; far cheaper than the driver's list of uuids."""
    return "{" + encode(list(ids))[1:-1].decode().replace('"', "") + "}"
