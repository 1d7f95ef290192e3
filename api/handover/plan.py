"""Plan: what a handover moves, what stays with its giver, and why.

An entry of a notebook moves only where its person was told that they are noted and did not say no:
`notice` is `given`. Everything else of a notebook stays, whoever offers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from api.core.actor import NETWORK, Actor, notebook
from api.core.change import Change
from api.core.driver import raw
from api.core.problems import Problem
from api.core.record import KINDS
from api.core.statements import bound, document
from api.core.write import apply

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection

    from .shelf import Handover

BATCH = 500
ALLOWING = "given"
STAYS = {
    "not_given": "Nobody has told this person that they are noted.",
    "declined": "This person does not want to be noted.",
    "not_offered": "The notebook was not offered.",
    "private": "It was logged for the notebook alone.",
}


class Held(NamedTuple):
    """A record of the giver's; `notice` of people."""

    kind: str
    id: UUID
    version: UUID
    notice: str | None
    data: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What moves, and what stays under which reason of STAYS."""

    moves: list[Held]
    stays: list[tuple[str, Held]]

    def outcome(self) -> dict[str, Any]:
        """As it is kept and told."""
        ids: dict[tuple[str, str], list[UUID]] = {}
        for reason, held in self.stays:
            ids.setdefault((held.kind, reason), []).append(held.id)
        return {
            "moves": {
                "follow_ups": sum(held.kind == "follow-ups" for held in self.moves),
                "people": sum(held.kind == "people" for held in self.moves),
            },
            "stays": [
                {"kind": kind, "reason": reason, "count": len(found), "ids": found}
                for (kind, reason), found in sorted(ids.items())
            ],
        }


def plan(cx: Connection, network_id: UUID, found: Handover) -> Plan:
    """What would move now. Exact where the network's row is held, as `carry_out` does."""
    shared = _held(cx, network_id, found.giver_id, "follow-ups", NETWORK)
    moves = [held for held in shared if held.notice == "open"]
    stays = []
    for kind in KINDS:
        for held in _held(cx, network_id, found.giver_id, kind, notebook(found.giver_id)):
            reason = _reason(found, held)
            if reason:
                stays.append((reason, held))
            else:
                moves.append(held)
    return Plan(moves, stays)


def _reason(found: Handover, held: Held) -> str | None:
    """Why a record of a notebook stays; None where it moves."""
    if held.kind != "people":
        return "private"
    if not found.notebook:
        return "not_offered"
    return None if held.notice == ALLOWING else held.notice


def carry_out(cx: Connection, network_id: UUID, found: Handover) -> dict[str, Any]:
    """Move what moves, as whoever accepts; all of it or, when anything is raised, nothing."""
    planned = plan(cx, network_id, found)
    server = Actor(network_id, found.receiver_id, None, "server")
    changes = list(_changes(found, planned.moves))
    for start in range(0, len(changes), BATCH):
        for outcome in apply(cx, server, changes[start : start + BATCH]):
            if not outcome.is_done:
                raise outcome.problem or Problem("conflict")
    return planned.outcome()


def _changes(found: Handover, moves: Iterable[Held]) -> Iterable[Change]:
    for held in moves:
        yield Change(
            held.kind,
            held.id,
            held.data.encode(),
            base_version=held.version,
            audience=notebook(found.receiver_id) if held.kind == "people" else None,
            hands_to=found.receiver_id,
        )


def _held(cx: Connection, network_id: UUID, giver_id: UUID, kind: str, audience: str) -> list[Held]:
    """A member's records of one kind and audience; open follow-ups are marked so."""
    params = {"network": network_id, "giver": giver_id, "audience": audience}
    rows = raw(cx).execute(_statement(kind), params).fetchall()
    return [Held(kind, *row) for row in rows]


def _statement(name: str) -> str:
    kind = KINDS[name]
    marks = {"people": "r.notice", "follow-ups": "CASE WHEN r.outcome IS NULL THEN 'open' END"}
    return bound(
        f"SELECT r.id, r.version, {marks.get(name, 'NULL')}, {document(kind, envelope=False)}::text"
        f" FROM {kind.table} r WHERE r.network_id = :network AND r.audience = :audience"
        " AND r.author_id = :giver AND r.deleted_at IS NULL ORDER BY r.id"
    )
