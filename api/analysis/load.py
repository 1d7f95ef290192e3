"""Load: the sections of a boundary and the introductions of a window, out of the database.

A million introductions arrive as two arrays of numbers, put together by the database: no row of
them ever becomes a Python object. Only what the whole network shares is read; of persons nothing
but a number.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from api.core.db import raw
from api.core.problems import Problem
from api.core.statements import bound

from .ties import NOBODY, Parties, build_graph, fold, settle_shares

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from sqlalchemy import Connection

    from .ties import Floats, Graph, Ints


@dataclass(frozen=True, slots=True)
class Boundary:
    """A boundary and its sections in their order, each with id and name."""

    id: UUID
    name: str
    sections: tuple[tuple[UUID, str], ...]


@dataclass(frozen=True, slots=True)
class Window:
    """Half open: at or after `since`, before `until`; None leaves that end open."""

    since: str | None = None
    until: str | None = None


def load_boundary(cx: Connection, network_id: UUID, boundary_id: UUID) -> Boundary:
    """The boundary with its sections; `not_found` naming the field when it is not there."""
    params = {"network": network_id, "boundary": boundary_id}
    rows = raw(cx).execute(_BOUNDARY, params).fetchall()
    if not rows:
        sentence = "There is no such boundary in this network."
        raise Problem("not_found", sentence, fields={"boundary": [sentence]})
    sections = tuple((section, name) for _, section, name in rows if section)
    return Boundary(boundary_id, rows[0][0], sections)


def load_introductions(
    cx: Connection, network_id: UUID, boundary: Boundary, window: Window
) -> Graph:
    """The graph of introductions made in the window, sides according to the boundary."""
    params: dict[str, Any] = {
        "network": network_id,
        "since": window.since,
        "until": window.until,
        "sections": [section for section, _ in boundary.sections],
    }
    groups = raw(cx).execute(_GROUPS, params).fetchall()
    sent = raw(cx).execute(_INTRODUCTIONS, params, binary=True).fetchone()
    introduction, code = (_read_array(each) for each in sent or (None, None))
    party, place = np.unique(code, return_inverse=True)
    shares = _shares(groups, len(boundary.sections))
    standing = np.flatnonzero(np.array([stands for stands, _, _ in groups], dtype=bool))
    return build_graph(fold(introduction, place), _parties(party), shares, standing)


def _shares(groups: Sequence[Any], sections: int) -> Floats:
    """Shares (groups, sections) of rows in the order of group numbers."""
    declared = np.zeros((len(groups), sections))
    for number, (_, places, shares) in enumerate(groups):
        declared[number, [place - 1 for place in places]] = shares
    return settle_shares(declared)


def _parties(codes: Ints) -> Parties:
    """Who the codes stand for: person << 32 | group, both counted from 1, 0 for no person."""
    persons = codes >> 32
    return Parties((codes & 0xFFFFFFFF) - 1, np.where(persons > 0, persons, NOBODY))


def _read_array(sent: bytes | None) -> Ints:
    """Values of a bigint[] as PostgreSQL sends it: dimensions, then each value after its size."""
    if sent is None:
        return np.empty(0, np.int64)
    dimensions = int.from_bytes(sent[:4], "big")
    cells = np.dtype([("size", ">i4"), ("value", ">i8")])
    return np.frombuffer(sent, cells, offset=12 + 8 * dimensions)["value"].astype(np.int64)


_BOUNDARY = bound("""
SELECT b.name, s.id, s.name FROM boundary b
LEFT JOIN section s ON s.network_id = :network AND s.boundary_id = b.id
  AND s.deleted_at IS NULL AND s.audience = 'network'
WHERE b.network_id = :network AND b.id = :boundary
  AND b.deleted_at IS NULL AND b.audience = 'network'
ORDER BY s.position, s.id
""")

# every group in the order of its number below, whether it stands in the window, and its shares
_GROUPS = bound("""
SELECT coalesce(g.status = 'active', false) AND g.deleted_at IS NULL AND g.audience = 'network'
    AND coalesce(g.active_from < CAST(:until AS timestamptz), true)
    AND coalesce(g.active_to >= CAST(CAST(:since AS timestamptz) AS date), true),
  coalesce(d.places, '{}'), coalesce(d.shares, '{}')
FROM grp g LEFT JOIN (
  SELECT s.grp_id, array_agg(p.place) AS places, array_agg(s.share) AS shares FROM grp_section s
  JOIN unnest(CAST(:sections AS uuid[])) WITH ORDINALITY p(id, place) ON p.id = s.section_id
  WHERE s.network_id = :network GROUP BY s.grp_id
) d ON d.grp_id = g.id AND g.deleted_at IS NULL AND g.audience = 'network'
WHERE g.network_id = :network ORDER BY g.id
""")

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
