"""Lineage: what a change is on top of, by all that its sender names, and what came on top of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .actor import NETWORK, notebook
from .world import REFUSED

if TYPE_CHECKING:
    from uuid import UUID

    from .change import Change, Prepared, Present
    from .world import Entry, State, World


def base_of(change: Change, world: World) -> UUID | None:
    """The state a change builds on, when it names an own change that made none.

    Of one refused in an earlier request that is its base; of one that said nothing new, the state
    that was there and said the same.
    """
    base, passed = change.base_version, set()
    while base not in passed and (entry := _own(base, change, world)) and entry.status in REFUSED:
        passed.add(base)
        base = entry.base
    return base and _made(base, change, world)


def built_on(change: Change, line: dict[UUID, State], world: World) -> UUID | None:
    """The newest state of a record's line that the sender of a change built on.

    Ancestors are told oldest first. The base may come before all of them or after, as the sender
    keeps books: so of base and ancestors that counts which came into the line later.
    """
    made = (_made(op_id, change, world) for op_id in reversed(change.ancestors))
    last = next((version for version in made if version in line), None)
    seen = [v for v in (last, base_of(change, world)) if v is not None and v in line]
    # what was sent and what it was merged into have one revision: the first of equals counts
    return max(seen, key=lambda version: line[version].revision, default=None)


def unheard(change: Change, world: World) -> set[UUID]:
    """What a change names that is not known here: operations that have not come, or never will."""
    key = change.kind, change.id
    line, present = world.lines.get(key, {}), world.present.get(key)
    known = (present and present.version, *line, *world.ledger)
    return {v for v in (change.base_version, *change.ancestors) if v and v not in known}


def overtakes(prepared: Prepared, present: Present, world: World) -> bool:
    """Some of what this builds on has not come; only a state of its own will supersede that."""
    change = prepared.change
    is_first = not change.is_strict and not is_behind(prepared, present, world)
    return is_first and bool(unheard(change, world))


def is_behind(prepared: Prepared, present: Present, world: World) -> bool:
    """The record's line has this change already, or states that were made on top of it.

    Where its sender edited what had not come, the line shows nothing: the change says it is late.
    """
    if prepared.change.is_late:
        return True
    change_id, line = prepared.change.change_id, world.lines.get(prepared.key, {})
    version: UUID | None = present.version
    while state := line.get(version) if version else None:
        if change_id in state.ancestors:
            return True
        version = state.base
    return change_id in line


def pulled_since(change: Change, own: State, line: dict[UUID, State]) -> tuple[State, ...]:
    """Where an own state began, and the newer one that its sender pulled before they heard of it.

    Some clients show what waits on top of what they pull, and name this as the base of the next
    edit, what waits as its ancestor. None where both states began from the same.
    """
    began, pulled = (line.get(v) if v else None for v in (own.base, change.base_version))
    if began and pulled and began.data and pulled.data:
        is_between = began.revision < pulled.revision < own.revision
        return (began, pulled) if is_between else ()
    return ()


def meant_of_base(change: Change, world: World) -> str | None:
    """The notebook that the refused change this one builds on was meant for, if for one.

    That is the base or, as the sender keeps books, the last of the ancestors; of the same author.
    What was meant for the network brings nothing there: the record may be in a notebook by now.
    """
    base = _own(change.base_version, change, world)
    if not base or base.status not in REFUSED:
        named = (_own(op_id, change, world) for op_id in reversed(change.ancestors))
        base = next(filter(None, named), None)
    if not base or base.status not in REFUSED or base.audience == NETWORK:
        return None
    return notebook(base.author_id)


def _made(op_id: UUID, change: Change, world: World) -> UUID:
    """The state that an earlier operation made, or found if it said nothing new."""
    entry = _own(op_id, change, world)
    return entry.version if entry and entry.status == "applied" and entry.version else op_id


def _own(op_id: UUID | None, change: Change, world: World) -> Entry | None:
    """The verdict on an operation on the same record by whoever makes this change."""
    entry = world.ledger.get(op_id) if op_id else None
    named = (world.writer(change), change.id)
    return entry if entry and (entry.author_id, entry.record_id) == named else None
