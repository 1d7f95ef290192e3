"""Load: groups, where they are at home, and the ties between them, out of the database.

Ties arrive as arrays of numbers, put together by the database. Only what the whole network shares
is read; a home that may not be mapped is not read at all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from api.core.driver import raw
from api.core.kept import Kept
from api.core.statements import bound

from .pairs import Parties, pair_up
from .places import ON_THE_MAP, SHARED, within
from .ties import Group, Section, Ties, settle_shares

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy import Connection

    from .arrays import Floats
    from .asked import Asked

KEPT: Kept[Ties] = Kept(24)  # a megabyte or so each, in the largest networks


def find_ties(cx: Connection, network_id: UUID, mark: str, asked: Asked) -> Ties:
    """The ties as the network stands, read once for all tiles and pictures of them."""
    key = (network_id, mark, asked.boundary_id, asked.layer, asked.since, asked.until)
    return KEPT.find(key) or KEPT.keep(key, load_ties(cx, network_id, asked))


def load_ties(cx: Connection, network_id: UUID, asked: Asked) -> Ties:
    """The ties of a layer and window; `not_found` for a boundary that is not here."""
    params = asked.params(network_id)
    found = raw(cx).execute(_SECTIONS, params).fetchall()
    asked.require_boundary(is_there=bool(found))
    sections = tuple(Section(section, name) for section, name in found if section)
    named = {"sections": [section.id for section in sections]}
    rows = raw(cx).execute(_GROUPS, params | named).fetchall()
    groups = tuple(_group(*row[:-2]) for row in rows)
    ids = np.array([group.id.bytes for group in groups], dtype="S16")
    pairs = pair_up(ids, _load_parties(cx, asked.layer, params))
    shares = _shares([row[-2:] for row in rows], len(sections))
    return Ties(groups, sections, shares, pairs)


def _group(  # the columns of a row, in their order
    group: UUID, name: str, is_active: bool, home: UUID | None, x: float | None, y: float | None
) -> Group:
    at = None if x is None or y is None else (x, y)
    return Group(group, name, is_active, home, at)


def _shares(rows: list[Any], sections: int) -> Floats:
    declared = np.zeros((len(rows), sections))
    for number, (places, shares) in enumerate(rows):
        declared[number, [place - 1 for place in places]] = shares
    return settle_shares(declared)


def _load_parties(cx: Connection, layer: str, params: dict[str, Any]) -> Parties:
    sent = raw(cx).execute(_SENT[layer], params, binary=True).fetchone() or (None, None, None)
    group, event, at = (
        _read_array(*each) for each in zip(sent, ("S16", ">i8", ">i8"), strict=True)
    )
    return Parties(group, event.astype(np.int64), at.astype(np.int64))


def _read_array(sent: bytes | None, of: str) -> Any:
    """Values of an array as PostgreSQL sends it: dimensions, then each value after its size."""
    if sent is None:
        return np.empty(0, of)
    cells = np.dtype([("size", ">i4"), ("value", of)])
    return np.frombuffer(sent, cells, offset=12 + 8)["value"]


_SECTIONS = bound(f"""
SELECT s.id, s.name FROM (SELECT id FROM boundary WHERE {SHARED} AND id = :boundary) b
LEFT JOIN (SELECT id, name, position, boundary_id FROM section WHERE {SHARED}) s
  ON s.boundary_id = b.id
ORDER BY s.position, s.id
""")

# every group in the order of its number below, its home if that may be mapped, and its shares
_GROUPS = bound(f"""
SELECT g.id, g.name, g.status = 'active', s.id, ST_X(s.at), ST_Y(s.at), coalesce(d.places, '{{}}'),
  coalesce(d.shares, '{{}}')
FROM (SELECT id, name, status, home_space_id FROM grp WHERE {SHARED}) g
LEFT JOIN (
  SELECT id, CASE WHEN ST_GeometryType(geometry) = 'ST_Point' THEN geometry
    ELSE ST_PointOnSurface(geometry) END AS at FROM space WHERE {ON_THE_MAP}
) s ON s.id = g.home_space_id
LEFT JOIN (
  SELECT s.grp_id, array_agg(p.place) AS places, array_agg(s.share) AS shares FROM grp_section s
  JOIN unnest(CAST(:sections AS uuid[])) WITH ORDINALITY p(id, place) ON p.id = s.section_id
  WHERE s.network_id = :network GROUP BY s.grp_id
) d ON d.grp_id = g.id
ORDER BY g.id
""")


# Who took part in what, one row each. The pairs are made here, not there: joined with itself, this
# would be planned by guess, and a wrong guess takes a minute.
_PARTIES = {
    "introductions": f"""
  SELECT e.number, e.at, p.group_id FROM (
    SELECT id, made_at AS at, row_number() OVER () AS number FROM introduction
    WHERE {SHARED} AND status = 'made' AND {within("made_at")}) e
  JOIN introduction_party p ON p.network_id = :network AND p.introduction_id = e.id""",
    "meetings": f"""
  SELECT e.number, e.at, p.group_id FROM (
    SELECT id, starts_at AS at, row_number() OVER () AS number FROM meeting
    WHERE {SHARED} AND {within("starts_at")}) e
  JOIN meeting_attendance p ON p.network_id = :network AND p.meeting_id = e.id""",
    "flows": f"""
  SELECT row_number() OVER () AS number, happened_at AS at,
    unnest(ARRAY[from_group_id, to_group_id]) AS group_id FROM flow
  WHERE {SHARED} AND status = 'delivered' AND {within("happened_at")}""",
}
_SENT = {
    layer: bound(f"""
SELECT array_send(array_agg(group_id)), array_send(array_agg(number)),
  array_send(array_agg(CAST(extract(epoch FROM at) * 1000000 AS bigint)))
FROM ({parties}) t
""")
    for layer, parties in _PARTIES.items()
}
