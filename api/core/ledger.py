"""Ledger: what was decided before, and what is kept of each verdict: send twice, count once."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID, uuid5

from .actor import NETWORK, notebook
from .change import Outcome
from .lineage import meant_of_base, unheard
from .problems import Problem, storable
from .world import Entry

if TYPE_CHECKING:
    from .change import Change, Prepared
    from .world import World


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


def enter(prepared: Prepared, outcome: Outcome, world: World) -> None:
    """Note the verdict, and what was sent wherever it is not stored unchanged."""
    change, problem = prepared.change, outcome.problem
    if problem and not change.keeps_refused:
        return
    error = None
    if problem:
        detail = problem.detail or problem.title
        error = {"code": problem.code, "detail": detail, "fields": problem.fields}
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


def removed_first(op_id: UUID, member_id: UUID) -> UUID:
    """What the ledger calls an operation that a removal by its own author overtook."""
    return uuid5(op_id, f"removed first by {member_id}")


def foreclose(removal: Change, world: World) -> None:
    """Note what a removal was on top of and overtook: come late, that would bring it back."""
    member = world.actor.member_id
    for op_id in unheard(removal, world):
        entry = Entry(
            op_id=removed_first(op_id, member),
            author_id=member,
            digest="",
            status="superseded",
            version=None,
            revision=None,
            error=None,
            base=None,
            audience=None,
            client_id=removal.client_id,
            kind=removal.kind,
            record_id=removal.id,
        )
        world.ledger[entry.op_id] = entry
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
        said = change.audience or meant_of_base(change, world)
        there = present.audience if present else None
        meant = own if there == own else said or there or usual
    return meant if meant in (NETWORK, own) else None
