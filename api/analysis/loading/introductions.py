"""Introductions: those made in a window, as ties of numbered nodes.

A million introductions arrive as two arrays of numbers, put together by the database: no row of
them ever becomes a Python object. Only what the whole network shares is read; of persons nothing
but a number.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from api.analysis.measures.ties import NOBODY, Parties, build_graph, fold
from api.core.db import raw
from api.core.statements import bound

from .boundaries import load_groups, read_array

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy import Connection

    from api.analysis.measures.ties import Graph, Ints

    from .boundaries import Boundary, Window


def load_introductions(
    cx: Connection, network_id: UUID, boundary: Boundary, window: Window
) -> Graph:
    """The graph of introductions made in the window, sides according to the boundary."""
    groups = load_groups(cx, network_id, boundary, window)
    introduction, code = load_parties(cx, network_id, window)
    party, place = np.unique(code, return_inverse=True)
    batches = fold(introduction, place)
    return build_graph(batches, parties_of(party), groups.shares, groups.standing)


def load_parties(cx: Connection, network_id: UUID, window: Window) -> tuple[Ints, Ints]:
    """Rows "this party was in this introduction": a number for each; see `parties_of`."""
    sent = raw(cx).execute(_INTRODUCTIONS, window.params(network_id), binary=True).fetchone()
    introduction, code = (read_array(each) for each in sent or (None, None))
    return introduction, code


def parties_of(codes: Ints) -> Parties:
    """Who the codes stand for: person << 32 | group, both counted from 1, 0 for no person."""
    persons = codes >> 32
    return Parties((codes & 0xFFFFFFFF) - 1, np.where(persons > 0, persons, NOBODY))


# OFFSET 0 keeps the planner from walking all parties by group before it knows which are asked for
_INTRODUCTIONS = bound("""
WITH g AS MATERIALIZED (
  SELECT id, row_number() OVER (ORDER BY id) AS number FROM grp WHERE network_id = :network),
n AS MATERIALIZED (
  SELECT id, row_number() OVER (ORDER BY id) AS number FROM person
  WHERE network_id = :network AND deleted_at IS NULL)
SELECT array_send(array_agg(p.number)),
  array_send(array_agg(coalesce(n.number, 0) << 32 | g.number))
FROM (
  SELECT i.number, p.group_id, p.person_id
  FROM (
    SELECT id, row_number() OVER () AS number FROM introduction
    WHERE network_id = :network AND deleted_at IS NULL AND audience = 'network'
      AND status = 'made'
      AND made_at >= coalesce(CAST(:since AS timestamptz), '-infinity')
      AND made_at < coalesce(CAST(:until AS timestamptz), 'infinity')) i
  JOIN introduction_party p ON p.network_id = :network AND p.introduction_id = i.id
  OFFSET 0) p
JOIN g ON g.id = p.group_id LEFT JOIN n ON n.id = p.person_id
""")
