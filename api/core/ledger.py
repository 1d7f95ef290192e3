"""Ledger: what was decided before, and what is kept of each verdict: send twice, count once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .actor import NETWORK, notebook
from .change import Outcome
from .problems import Problem, storable
from .world import REFUSED, Entry

if TYPE_CHECKING:
    from uuid import UUID

    from .change import Change, Prepared
    from .world import State, World


def repeat(prepared: Prepared, known: Entry, world: World) -> Outcome:
    """The verdict of the first time; `op_id_reused` when it was another request."""
    change = prepared.change
    if (known.digest, known.author_id) != (prepared.digest, world.writer(change)):
        world.failed.add(change.change_id)
        return Outcome(change, "rejected", problem=Problem("op_id_reused"))
    outcome = Outcome(change, "duplicate", known.version, known.revision, first=known.status)
    if known.error:
        error = dict(known.error)
        outcome.problem = Problem(error.pop("code"), error.pop("detail", None), **error)
    if not outcome.is_done:
        world.failed.add(change.change_id)
    return outcome


def base_of(change: Change, world: World) -> UUID | None:
    """The state a change builds on, when it names an own change that made none.

    Of one refused in an earlier request that is its base; of one that said nothing new, the state
    that was there and said the same.
    """
    base, passed = change.base_version, set()
    while base and base not in passed:
        entry = _own(base, change, world)
        if not entry:
            break
        if entry.status not in REFUSED:
            return _made(base, change, world)
        passed.add(base)
        base = entry.base
    return base


def built_on(change: Change, line: dict[UUID, State], world: World) -> UUID | None:
    """The newest state of a record's line that the sender of a change built on.

    Ancestors are told oldest first. The base may come before all of them or after, as the sender
    keeps books: so of base and ancestors that counts which came into the line later.
    """
    made = (_made(op_id, change, world) for op_id in reversed(change.ancestors))
    last = next((version for version in made if version in line), None)
    seen = [v for v in (last, base_of(change, world)) if v is not None and v in line]
    return max(seen, key=lambda version: line[version].revision, default=None)


def _made(op_id: UUID, change: Change, world: World) -> UUID:
    """The state that an earlier operation made, or found if it said nothing new."""
    entry = _own(op_id, change, world)
    return entry.version if entry and entry.status == "applied" and entry.version else op_id


def meant_of_base(change: Change, world: World) -> str | None:
    """The audience that the refused change this one builds on was meant for; the narrowest if any.

    None where it builds on no refused change of the same author.
    """
    entry = _own(change.base_version, change, world)
    if not entry or entry.status not in REFUSED:
        return None
    return entry.audience or notebook(entry.author_id)


def _own(op_id: UUID | None, change: Change, world: World) -> Entry | None:
    """The verdict on an operation, if whoever makes this change made that one too."""
    entry = world.ledger.get(op_id) if op_id else None
    return entry if entry and entry.author_id == world.writer(change) else None


def enter(prepared: Prepared, outcome: Outcome, world: World) -> None:
    """Note the verdict, and what was sent wherever it is not stored unchanged."""
    change, problem = prepared.change, outcome.problem
    if problem and not change.keeps_refused:
        return
    error = None
    if problem:
        error = {"code": problem.code, "detail": problem.detail, "fields": problem.fields}
    entry = Entry(
        op_id=change.change_id,
        author_id=world.writer(change),
        digest=prepared.digest,
        status=outcome.status,
        version=outcome.version,
        revision=outcome.revision,
        error=error,
        base=change.base_version if problem else None,
        client_id=change.client_id,
        kind=change.kind if prepared.kind else "(unknown)",
        record_id=change.id,
        payload=_as_sent(prepared) if outcome.status != "applied" else None,
        audience=_meant_for(prepared, world) if problem else None,
    )
    world.ledger[change.change_id] = entry
    world.entries.append(entry)


def _as_sent(prepared: Prepared) -> str | None:
    sent = prepared.change.asked or prepared.data or b""
    return storable(sent.decode("utf-8", "replace")) or None


def _meant_for(prepared: Prepared, world: World) -> str | None:
    """The audience a refused change was for: the network's or its author's own, else none.

    What follows a record is for who sees that; for its author alone where that is not known.
    """
    change, kind, present = prepared.change, prepared.kind, world.present.get(prepared.key)
    if kind is None:
        return None
    own = notebook(world.writer(change))
    owner = kind.followed_by(prepared.values) if prepared.values is not None else None
    home = world.home(owner) if owner else None
    if kind.follows:
        meant = (present.audience if present else home) or own
    else:
        usual = own if kind.notebook else NETWORK
        there = present.audience if present else meant_of_base(change, world)
        meant = own if there == own else change.audience or there or usual
    return meant if meant in (NETWORK, own) else None
