"""Introductions: those made in a window, as ties of numbered nodes.

A million introductions arrive as arrays of numbers: no row of them ever becomes a Python object.
Only what the whole network shares is read; of persons nothing but a number.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from api.analysis.measures.ties import NOBODY, Parties, build_graph, fold
from api.core.driver import raw
from api.core.statements import bound

from .boundaries import load_groups
from .numbers import MANY, find_place, join, load_numbers, match, read_arrays

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence
    from uuid import UUID

    from sqlalchemy import Connection

    from api.analysis.measures.ties import Graph, Ints

    from .boundaries import Boundary, Window

FEW = 1 << 24  # up to such codes they are numbered by a table, which is quicker than sorting


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


@dataclass(frozen=True, slots=True)
class Sent:
    """Hashes as the database sent them.

    `introductions`: id, space and period of each; `parties`: introduction and group of each, and
    the person of the last ones. The rest as from `load_numbers`.
    """

    introductions: tuple[Ints, Ints, Ints]
    parties: tuple[Ints, Ints, Ints]
    persons: Ints
    groups: Ints
    spaces: Ints


def load_introductions(
    cx: Connection, network_id: UUID, boundary: Boundary, window: Window
) -> Graph:
    """The graph of introductions made in the window, sides according to the boundary."""
    groups = load_groups(cx, network_id, boundary, window)
    found = load_parties(cx, network_id, window)
    parties, place = number_parties(found.code)
    batches = fold(found.introduction, place)
    return build_graph(batches, parties, groups.shares, groups.standing)


def load_parties(
    cx: Connection, network_id: UUID, window: Window, edges: Sequence[dt.datetime] = ()
) -> Rows:
    """Who was party to what in the window; `edges`, in order, cut it into periods."""
    return put_together(fetch_parties(cx, network_id, window, edges))


def fetch_parties(
    cx: Connection, network_id: UUID, window: Window, edges: Sequence[dt.datetime] = ()
) -> Sent:
    """What the database says of it; that is all `load_parties` wants of the database."""
    params = window.params(network_id) | {"edges": list(edges)}
    sent = raw(cx).execute(_INTRODUCTIONS, params, binary=True).fetchone()
    made, at, period = read_arrays(sent, 3)
    persons = load_numbers(cx, network_id, "person")
    chosen = _WITH_PERSONS if persons.any() else _GROUPS_ALONE
    statement = chosen[len(made) > MANY]
    sent = raw(cx).execute(statement, params, binary=True).fetchone()
    alone, group, named, of_group, person = read_arrays(sent, 5)
    return Sent(
        introductions=(made, at, period if edges else np.zeros(len(made), np.int64)),
        parties=(join(alone, named), join(group, of_group), person),
        persons=persons,
        groups=load_numbers(cx, network_id, "grp"),
        spaces=load_numbers(cx, network_id, "space"),
    )


def put_together(sent: Sent) -> Rows:
    """Rows of what the database said; numbers alone, so any thread may do it."""
    made, at, period = sent.introductions
    introduction, group, person = sent.parties
    order = np.argsort(made)
    row, place = match(made[order], introduction)
    code = find_place(sent.groups, group) + 1
    code[len(code) - len(person) :] |= find_place(sent.persons, person) + 1 << 32
    return Rows(
        introduction=place,
        code=code[row],
        space=find_place(sent.spaces, at[order]),
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


def number_parties(codes: Ints) -> tuple[Parties, Ints]:
    """Each party there is once, and the number of the one that each code stands for, (rows,)."""
    if codes.max(initial=0) > FEW:
        party, place = np.unique(codes, return_inverse=True)
        return parties_of(party), place
    is_there = np.bincount(codes) > 0
    return parties_of(np.flatnonzero(is_there)), (np.cumsum(is_there) - 1)[codes]


_MADE = """introduction i WHERE i.network_id = :network AND i.deleted_at IS NULL
  AND i.audience = 'network' AND i.status = 'made'
  AND i.made_at >= coalesce(CAST(:since AS timestamptz), '-infinity')
  AND i.made_at < coalesce(CAST(:until AS timestamptz), 'infinity')"""
_INTRODUCTIONS = bound(f"""
SELECT array_send(array_agg(uuid_hash_extended(i.id, 0))),
  array_send(array_agg(coalesce(uuid_hash_extended(i.space_id, 0), 0))),
  array_send(array_agg(width_bucket(i.made_at, e.edges)::bigint)
    FILTER (WHERE cardinality(e.edges) > 0))
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
