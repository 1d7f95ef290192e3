"""Receiving: a filled form becomes a change like any other, once, however often it is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from msgspec.structs import replace

from api.core.change import Change, Prepared, prepare
from api.core.driver import raw
from api.core.lock import lock_network
from api.core.problems import Problem
from api.core.record import KINDS
from api.core.write import apply_prepared

from .chains import chain_of, end_twins
from .collected import COLLECTED
from .mapping import values_of

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from api.core.actor import Actor
    from api.core.change import Outcome

    from .chains import Chain
    from .reading import Filled

ENTER = """
INSERT INTO openrosa_submission (network_id, id, record_id, op_id, digest, author_id, replaces)
VALUES (%(network)s, %(id)s, %(record)s, %(op)s, %(digest)s, %(author)s, %(replaced)s)
"""
IS_SAME = """
SELECT digest = %(digest)s FROM openrosa_submission WHERE network_id = %(network)s AND id = %(id)s
"""

LOGGED = "Logged. Thank you."
KNOWN = "This is here already; it counts once."
KEPT = "Received and kept, but a person has to look at it: "


def read_change(filled: Filled, network_id: UUID) -> Change:
    """What a filled form asks for, as far as that is known without the database."""
    is_ours = filled.form_id in COLLECTED
    values = values_of(KINDS[filled.form_id], filled.root) if is_ours else None
    return Change(
        filled.form_id if is_ours else f"(form) {filled.form_id}",
        filled.id_in(network_id),
        values,
        change_id=filled.op_in(network_id),
        asked=filled.xml,
    )


def receive(cx: Connection, actor: Actor, filled: Filled, change: Change) -> str:
    """Carry out what a filled form asks, unless that was done; a sentence for the phone.

    `op_id_reused` when other content came under this instanceID before. Nothing else is refused:
    the phone could not mend it and would send it for ever, so it is kept for a person.
    """
    network = actor.network_id
    entry: dict[str, Any] = {"network": network, "id": filled.id_in(network)}
    entry |= {"digest": filled.digest, "author": actor.member_id}
    lock_network(cx, network)
    if _is_known(cx, entry):
        return KNOWN
    chain = chain_of(cx, actor, filled)
    entry |= {"record": chain.record_id, "op": change.change_id}
    raw(cx).execute(ENTER, entry | {"replaced": filled.replaced_in(network)})
    (outcome,) = apply_prepared(cx, actor, [_prepared(_placed(change, chain))])
    end_twins(cx, actor, chain, outcome)
    return _told(outcome)


def _placed(change: Change, chain: Chain) -> Change:
    """The change on the record that its chain is about, on top of what came before it."""
    return replace(
        change,
        id=chain.record_id,
        base_version=chain.base,
        ancestors=chain.ancestors,
        is_late=chain.is_late,
    )


def _prepared(change: Change) -> Prepared:
    prepared = prepare(change)
    if prepared.kind is None:
        prepared.problem = Problem("unknown_kind", "This server has no such form.")
    return prepared


def _is_known(cx: Connection, entry: dict[str, Any]) -> bool:
    row = raw(cx).execute(IS_SAME, entry).fetchone()
    if row and not row[0]:
        sentence = "Another submission came under this instanceID; edit it as a new one."
        raise Problem("op_id_reused", sentence)
    return row is not None


def _told(outcome: Outcome) -> str:
    problem = outcome.problem
    if problem is None:
        return LOGGED
    named = "; ".join(f"{path}: {' '.join(said)}" for path, said in (problem.fields or {}).items())
    return KEPT + " ".join(filter(None, [problem.detail or problem.title, named]))
