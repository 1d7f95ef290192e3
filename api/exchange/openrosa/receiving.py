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

from .collected import COLLECTED
from .mapping import values_of

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from api.core.actor import Actor
    from api.core.change import Outcome

    from .reading import Filled

ENTER = """
INSERT INTO openrosa_submission (network_id, id, record_id, op_id, digest, author_id)
VALUES (%(network)s, %(id)s, %(record)s, %(op)s, %(digest)s, %(author)s)
ON CONFLICT (network_id, id) DO NOTHING
"""
IS_SAME = """
SELECT digest = %(digest)s FROM openrosa_submission WHERE network_id = %(network)s AND id = %(id)s
"""
REPLACED = """
SELECT record_id, op_id FROM openrosa_submission WHERE network_id = %(network)s AND id = %(id)s
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
        filled.id_in(network_id, filled.deprecated_id),
        values,
        change_id=filled.op_in(network_id),
        asked=filled.xml,
    )


def receive(cx: Connection, actor: Actor, filled: Filled, change: Change) -> str:
    """Carry out what a filled form asks, unless that was done; a sentence for the phone.

    `op_id_reused` when other content came under this instanceID before. Nothing else is refused:
    the phone could not mend it and would send it for ever, so it is kept for a person.
    """
    network, own = actor.network_id, filled.id_in(actor.network_id)
    lock_network(cx, network)
    change = _placed(cx, change, network, filled)
    entry: dict[str, Any] = {"network": network, "id": own, "digest": filled.digest}
    entry |= {"record": change.id, "op": change.change_id}
    if not raw(cx).execute(ENTER, entry | {"author": actor.member_id}).rowcount:
        return _known(cx, entry)
    (outcome,) = apply_prepared(cx, actor, [_prepared(change)])
    return _told(outcome)


def _placed(cx: Connection, change: Change, network_id: UUID, filled: Filled) -> Change:
    """An edit goes to the record of what it replaces, on top of the state that one made."""
    if not filled.deprecated_id:
        return change
    params = {"network": network_id, "id": change.id}
    row = raw(cx).execute(REPLACED, params).fetchone()
    return replace(change, id=row[0], base_version=row[1]) if row else change


def _prepared(change: Change) -> Prepared:
    prepared = prepare(change)
    if prepared.kind is None:
        prepared.problem = Problem("unknown_kind", "This server has no such form.")
    return prepared


def _known(cx: Connection, entry: dict[str, Any]) -> str:
    (is_same,) = raw(cx).execute(IS_SAME, entry).fetchone() or (False,)
    if not is_same:
        sentence = "Another submission came under this instanceID; edit it as a new one."
        raise Problem("op_id_reused", sentence)
    return KNOWN


def _told(outcome: Outcome) -> str:
    problem = outcome.problem
    if problem is None:
        return LOGGED
    named = "; ".join(f"{path}: {' '.join(said)}" for path, said in (problem.fields or {}).items())
    return KEPT + " ".join(filter(None, [problem.detail or problem.title, named]))
