"""Introductions: those made in a window, as ties of numbered nodes.

A million introductions arrive as arrays of numbers: no row of them ever becomes a Python object.
Only what the whole network shares is read; of persons nothing but a number.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from api.analysis.measures.ties import NOBODY, Parties, build_graph, fold
from api.core.db import raw
from api.core.statements import bound

from .boundaries import load_groups
from .numbers import MANY, find_place, load_numbers, match, read_arrays

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence
    from uuid import UUID

    from sqlalchemy import Connection

    from api.analysis.measures.ties import Graph, Ints

    from .boundaries import Boundary, Window


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows "this party was in this introduction", (rows,): a number for each; see `parties_of`.

    `space` of each introduction, (introductions,), -1 where none is known; `period`: after how
    many of the edges asked for it was made.
    """

    introduction: Ints
    code: Ints
    space: Ints
    period: Ints


def load_introductions(
    cx: Connection, network_id: UUID, boundary: Boundary, window: Window
) -> Graph:
    """The graph of introductions made in the window, sides according to the boundary."""
    groups = load_groups(cx, network_id, boundary, window)
    found = load_parties(cx, network_id, window)
    party, place = np.unique(found.code, return_inverse=True)
    batches = fold(found.introduction, place)
    return build_graph(batches, parties_of(party), groups.shares, groups.standing)


def load_parties(
    cx: Connection, network_id: UUID, window: Window, edges: Sequence[dt.datetime] = ()
) -> Rows:
    """Who was party to what in the window; `edges`, in order, cut it into periods."""
    params = window.params(network_id) | {"edges": list(edges)}
    sent = raw(cx).execute(_INTRODUCTIONS, params, binary=True).fetchone()
    made, at, period = read_arrays(sent, 3)
    order = np.argsort(made)
    persons = load_numbers(cx, network_id, "person")
    chosen = _WITH_PERSONS if persons.any() else _GROUPS_ALONE
    statement = chosen[len(made) > MANY]
    sent = raw(cx).execute(statement, params, binary=True).fetchone()
    alone, group, named, of_group, person = read_arrays(sent, 5)
    row, place = match(made[order], np.concatenate([alone, named]))
    groups = find_place(load_numbers(cx, network_id, "grp"), np.concatenate([group, of_group]))
    who = np.zeros(len(groups), np.int64)
    who[len(alone) :] = find_place(persons, person) + 1
    return Rows(
        introduction=place,
        code=(who << 32 | groups + 1)[row],
        space=find_place(load_numbers(cx, network_id, "space"), at[order]),
        period=period[order],
    )


def load_holders(cx: Connection, network_id: UUID, window: Window) -> tuple[tuple[UUID, ...], Ints]:
    """All members in the order of ids, and the number of who made each introduction.

    Introductions (introductions,) are numbered as `load_parties` does.
    """
    params = window.params(network_id)
    made, holder = read_arrays(raw(cx).execute(_HOLDERS, params, binary=True).fetchone(), 2)
    ids = raw(cx).execute(_MEMBERS, {"network": network_id}).fetchall()
    numbers = find_place(load_numbers(cx, network_id, "member"), holder[np.argsort(made)])
    return tuple(row[0] for row in ids), numbers


def parties_of(codes: Ints) -> Parties:
    """Who the codes stand for: person << 32 | group, both counted from 1, 0 for no person."""
    persons = codes >> 32
    return Parties((codes & 0xFFFFFFFF) - 1, np.where(persons > 0, persons, NOBODY))


_MADE = """introduction i WHERE i.network_id = :network AND i.deleted_at IS NULL
  AND i.audience = 'network' AND i.status = 'made'
  AND i.made_at >= coalesce(CAST(:since AS timestamptz), '-infinity')
  AND i.made_at < coalesce(CAST(:until AS timestamptz), 'infinity')"""
_INTRODUCTIONS = bound(f"""
SELECT array_send(array_agg(uuid_hash_extended(i.id, 0))),
  array_send(array_agg(coalesce(uuid_hash_extended(i.space_id, 0), 0))),
  array_send(array_agg(CASE WHEN cardinality(e.edges) > 0
    THEN width_bucket(i.made_at, e.edges) ELSE 0 END::bigint))
FROM (SELECT CAST(:edges AS timestamptz[]) AS edges) e, {_MADE}
""")
_HOLDERS = bound(f"""
SELECT array_send(array_agg(uuid_hash_extended(i.id, 0))),
  array_send(array_agg(uuid_hash_extended(coalesce(i.connector_id, i.author_id), 0)))
FROM {_MADE}
""")
_MEMBERS = bound("SELECT id FROM member WHERE network_id = :network ORDER BY id")
_ROWS = """
SELECT
  array_send(array_agg(uuid_hash_extended(q.introduction_id, 0)) {alone}),
  array_send(array_agg(uuid_hash_extended(q.group_id, 0)) {alone}),
  array_send(array_agg(uuid_hash_extended(q.introduction_id, 0)) {named}),
  array_send(array_agg(uuid_hash_extended(q.group_id, 0)) {named}),
  array_send(array_agg(uuid_hash_extended(q.person_id, 0)) {named})
FROM {rows}
"""
_ALONE = """
SELECT array_send(array_agg(uuid_hash_extended(q.introduction_id, 0))),
  array_send(array_agg(uuid_hash_extended(q.group_id, 0))), NULL, NULL, NULL
FROM {rows}
"""
# OFFSET 0 keeps the planner from walking all parties by group before it knows which are asked for
_FROM = (
    f"(SELECT i.id FROM {_MADE} OFFSET 0) i"
    " JOIN introduction_party q ON q.network_id = :network AND q.introduction_id = i.id",
    "introduction_party q WHERE q.network_id = :network",
)
_BY_PERSON = {
    "alone": "FILTER (WHERE q.person_id IS NULL)",
    "named": "FILTER (WHERE q.person_id IS NOT NULL)",
}
# those of the window looked up one by one, and all of the network
_WITH_PERSONS = [bound(_ROWS.format(rows=rows, **_BY_PERSON)) for rows in _FROM]
_GROUPS_ALONE = [bound(_ALONE.format(rows=rows)) for rows in _FROM]
