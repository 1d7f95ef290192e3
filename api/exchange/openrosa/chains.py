"""Chains: a form and its edits are one record, in whatever order a phone gets them through.

A phone goes on with the next form after one that failed, so an edit can come before what it edits.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID, uuid5

from api.core.driver import ask, raw
from api.core.record import followers
from api.core.statements import followers_by
from api.core.survey import as_array
from api.core.write import Change, Outcome, apply

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from api.core.actor import Actor

    from .reading import Filled

FURTHEST = 50  # edits that are followed from one form to the next

# The nearest may be anybody's: the kernel judges who edits what. Beyond it, and afterwards, only
# the author's own count, or whoever names a stranger's form could end or silence what they say.
BEFORE = f"""
WITH RECURSIVE line AS (
  SELECT s.replaces, s.record_id, s.op_id, s.author_id = %(author)s AS is_own, 1 AS depth
  FROM openrosa_submission s WHERE s.network_id = %(network)s AND s.id = %(replaced)s
  UNION ALL
  SELECT s.replaces, s.record_id, s.op_id, true, line.depth + 1
  FROM line JOIN openrosa_submission s ON s.network_id = %(network)s AND s.id = line.replaces
  WHERE s.author_id = %(author)s AND line.is_own AND line.depth < {FURTHEST})
SELECT record_id, op_id, is_own FROM line ORDER BY depth
"""
AFTER = f"""
WITH RECURSIVE line AS (
  SELECT s.id, s.record_id, 1 AS depth FROM openrosa_submission s
  WHERE s.network_id = %(network)s AND s.replaces = %(id)s AND s.author_id = %(author)s
  UNION ALL
  SELECT s.id, s.record_id, line.depth + 1
  FROM line JOIN openrosa_submission s ON s.network_id = %(network)s AND s.replaces = line.id
  WHERE s.author_id = %(author)s AND line.depth < {FURTHEST})
SELECT record_id FROM line ORDER BY depth DESC LIMIT 1
"""


class Earlier(NamedTuple):
    """A form that came in and was edited since: what became of it, and whether by the same."""

    record_id: UUID
    op_id: UUID
    is_own: bool


@dataclass(frozen=True)
class Chain:
    """Where a filled form belongs: to which record, on top of what, and whether it comes late.

    `twins` are records that its author's earlier forms made while this one was missing, each with
    the last operation on it.
    """

    record_id: UUID
    base: UUID | None
    ancestors: tuple[UUID, ...]
    is_late: bool
    twins: dict[UUID, UUID]


def chain_of(cx: Connection, actor: Actor, filled: Filled) -> Chain:
    """Look for what a filled form edits, and for edits of it that came before it."""
    network = actor.network_id
    own, replaced = filled.id_in(network), filled.replaced_in(network)
    params = {"network": network, "id": own, "replaced": replaced, "author": actor.member_id}
    before = [Earlier(*row) for row in raw(cx).execute(BEFORE, params)] if replaced else []
    after = raw(cx).execute(AFTER, params).fetchone()
    record = after[0] if after else before[0].record_id if before else replaced or own
    mine = [each for each in before if each.is_own]
    return Chain(
        record,
        base=before[0].op_id if before and before[0].record_id == record else None,
        ancestors=tuple(each.op_id for each in reversed(mine)),
        is_late=after is not None,
        twins={each.record_id: each.op_id for each in reversed(mine) if each.record_id != record},
    )


def end_twins(cx: Connection, actor: Actor, chain: Chain, outcome: Outcome) -> None:
    """Remove, as their author, the records that the chain made twice, once one stands for it all.

    Each is removed as its author last sent it: one that was edited by hand since is a conflict and
    stays, as does one that photos or follow-ups belong to, for these would end with it. An
    operation is called after what it ends, so that a later edit repeats it in vain.
    """
    kind, present = outcome.change.kind, outcome.present
    if present is None or present.is_gone:
        return
    removals = [
        Change(
            kind,
            record,
            base_version=op_id,
            change_id=uuid5(op_id, "twin"),
            remove=True,
            keeps_refused=False,
        )
        for record, op_id in chain.twins.items()
        if not _is_followed(cx, actor, kind, record)
    ]
    apply(cx, actor, removals)


def _is_followed(cx: Connection, actor: Actor, kind: str, record: UUID) -> bool:
    params = {"network": actor.network_id, "ids": as_array([record])}
    return any(ask(cx, followers_by(name, field), params) for name, field in followers(kind))
