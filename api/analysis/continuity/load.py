"""Load: who or what holds which pairs of groups, and what a connector would hand over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from api.analysis.analysis import VIEWER
from api.analysis.loading.boundaries import Window, load_boundary, load_groups
from api.analysis.loading.numbers import read_array
from api.analysis.measures.continuity import Held
from api.core.driver import raw
from api.core.problems import Problem
from api.core.statements import bound

from .pack import Pack, load_pack

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy import Connection

    from api.analysis.loading.boundaries import Boundary, Groups


@dataclass(frozen=True, slots=True)
class Material:
    """What continuity rests on."""

    boundary: Boundary
    groups: Groups
    held: Held
    pack: Pack | None


def load(cx: Connection, network_id: UUID, asked: dict[str, Any]) -> Material:
    """What continuity rests on; `out_of_scope` for another connector's, `not_found` for nobody."""
    _require_here(cx, network_id, asked)
    window = Window.of(asked)
    boundary = load_boundary(cx, network_id, asked["boundary"])
    groups = load_groups(cx, network_id, boundary, window)
    held = load_held(cx, network_id, window, asked, len(groups.ids))
    pack = load_pack(cx, network_id, asked["connector"], window) if asked["connector"] else None
    return Material(boundary, groups, held, pack)


def _require_here(cx: Connection, network_id: UUID, asked: dict[str, Any]) -> None:
    """A connector asks about themselves; who or what is asked about is here."""
    connector, viewer = asked["connector"], asked[VIEWER]
    if connector and viewer not in (None, connector):
        raise Problem("out_of_scope", "Connectors ask about themselves; coordinators about all.")
    name = "connector" if connector else "space"
    params = {"network": network_id, "id": asked[name]}
    if not raw(cx).execute(_HERE[name], params).fetchone():
        sentence = f"There is no such {name} in this network."
        raise Problem("not_found", sentence, fields={name: [sentence]})


def load_held(
    cx: Connection, network_id: UUID, window: Window, asked: dict[str, Any], groups: int
) -> Held:
    """Pairs of groups brought together in the window, by whom, and whether that would stop."""
    params = window.params(network_id) | {n: asked[n] for n in ("connector", "space")}
    row = raw(cx).execute(_HELD, params, binary=True).fetchone()
    a, b, holder, its = (read_array(each) for each in row or (None,) * 4)
    return Held(groups, a, b, holder, its)


_HERE = {
    "connector": "SELECT 1 FROM member WHERE network_id = %(network)s AND id = %(id)s"
    " AND role <> 'funder'",
    "space": "SELECT 1 FROM space WHERE network_id = %(network)s AND id = %(id)s"
    " AND deleted_at IS NULL AND audience = 'network' AND never_map IS NOT true",
}
# OFFSET 0 keeps the planner from walking all parties by group before it knows which are asked for
_HELD = bound("""
WITH g AS MATERIALIZED (
  SELECT id, row_number() OVER (ORDER BY id) - 1 AS number FROM grp WHERE network_id = :network),
m AS MATERIALIZED (
  SELECT id, row_number() OVER (ORDER BY id) AS number FROM member WHERE network_id = :network),
p AS MATERIALIZED (
  SELECT DISTINCT q.id, q.holder, q.its, g.number FROM (
    SELECT i.id, i.holder, i.its, p.group_id FROM (
      SELECT id, coalesce(connector_id, author_id) AS holder,
        coalesce(coalesce(connector_id, author_id) = CAST(:connector AS uuid)
          OR space_id = CAST(:space AS uuid), false) AS its
      FROM introduction WHERE network_id = :network AND deleted_at IS NULL
        AND audience = 'network' AND status = 'made'
        AND made_at >= coalesce(CAST(:since AS timestamptz), '-infinity')
        AND made_at < coalesce(CAST(:until AS timestamptz), 'infinity')) i
    JOIN introduction_party p ON p.network_id = :network AND p.introduction_id = i.id
    OFFSET 0) q
  JOIN g ON g.id = q.group_id)
SELECT array_send(array_agg(a)), array_send(array_agg(b)), array_send(array_agg(holder)),
  array_send(array_agg(its))
FROM (
  SELECT DISTINCT x.number AS a, y.number AS b, coalesce(m.number, 0) AS holder,
    x.its::int::bigint AS its
  FROM p x JOIN p y ON y.id = x.id AND y.number > x.number LEFT JOIN m ON m.id = x.holder) r
""")
