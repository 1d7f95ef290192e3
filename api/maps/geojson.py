"""GeoJSON: the spaces of a network as an RFC 7946 FeatureCollection, built by the database."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from api.core.db import raw
from api.core.geometry import DECIMALS
from api.core.problems import Problem
from api.core.statements import bound

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy import Connection

NO_BOUNDARY = "There is no such boundary in this network."


@dataclass(frozen=True, slots=True)
class Asked:
    """Which spaces, and what to say of them.

    `box`: west, south, east, north in degrees; it spans the antimeridian when west > east.
    `since`, `until`: half open, None leaves an end open. `boundary_id`: whose sections to name.
    """

    box: tuple[float, float, float, float] | None = None
    since: str | None = None
    until: str | None = None
    boundary_id: UUID | None = None


def read_spaces(cx: Connection, network_id: UUID, asked: Asked) -> bytes:
    """All spaces that may be mapped, as GeoJSON; `not_found` for a boundary that is not here."""
    west, south, east, north = asked.box or (-180.0, -90.0, 180.0, 90.0)
    params = {
        "network": network_id,
        "since": asked.since,
        "until": asked.until,
        "boundary": asked.boundary_id,
        "west": west,
        "south": south,
        "east": east if west <= east else 180.0,
        "north": north,
        "west_again": west if west <= east else -180.0,
        "east_again": east,
    }
    row = raw(cx).execute(_SPACES, params).fetchone()
    collection, is_boundary = row or ("", False)
    if asked.boundary_id and not is_boundary:
        raise Problem("not_found", NO_BOUNDARY, fields={"boundary": [NO_BOUNDARY]})
    return str(collection).encode()


_WINDOW = """{column} >= coalesce(CAST(:since AS timestamptz), '-infinity')
    AND {column} < coalesce(CAST(:until AS timestamptz), 'infinity')"""
_SHARED = "network_id = :network AND deleted_at IS NULL AND audience = 'network'"

# a space that must not be mapped, or has no position, is left out before anything is counted
_SPACES = bound(f"""
WITH place AS MATERIALIZED (
  SELECT id, name, type, step_free, geometry FROM space
  WHERE {_SHARED} AND status = 'active' AND NOT never_map AND geometry IS NOT NULL
    AND (geometry && ST_MakeEnvelope(:west, :south, :east, :north, 4326)
      OR geometry && ST_MakeEnvelope(:west_again, :south, :east_again, :north, 4326))),
brought AS MATERIALIZED (
  SELECT id, space_id FROM introduction
  WHERE {_SHARED} AND status = 'made' AND space_id IN (SELECT id FROM place)
    AND {_WINDOW.format(column="made_at")}),
met AS MATERIALIZED (
  SELECT id, space_id FROM meeting
  WHERE {_SHARED} AND space_id IN (SELECT id FROM place)
    AND {_WINDOW.format(column="starts_at")}),
came AS (
  SELECT b.space_id, p.group_id FROM brought b
  JOIN introduction_party p ON p.network_id = :network AND p.introduction_id = b.id
  UNION
  SELECT m.space_id, a.group_id FROM met m
  JOIN meeting_attendance a ON a.network_id = :network AND a.meeting_id = m.id),
seen AS MATERIALIZED (
  SELECT c.space_id, c.group_id FROM came c
  WHERE c.group_id IN (SELECT id FROM grp WHERE {_SHARED})),
side AS (
  SELECT s.space_id, json_agg(DISTINCT d.section_id::text) AS sections FROM seen s
  JOIN grp_section d ON d.network_id = :network AND d.grp_id = s.group_id AND d.share > 0
  WHERE d.section_id IN (SELECT id FROM section WHERE {_SHARED} AND boundary_id = :boundary)
  GROUP BY s.space_id),
feature AS (
  SELECT p.id, p.geometry, json_build_object(
    'type', 'Feature',
    'id', p.id,
    'geometry', ST_AsGeoJSON(ST_ForcePolygonCCW(p.geometry), {DECIMALS})::json,
    'properties', json_build_object(
      'id', p.id,
      'name', p.name,
      'type', p.type,
      'step_free', p.step_free,
      'meetings', coalesce(m.times, 0),
      'introductions', coalesce(b.times, 0),
      'groups_seen', coalesce(s.groups, 0),
      'sections_seen', CASE WHEN CAST(:boundary AS uuid) IS NOT NULL
        THEN coalesce(side.sections, '[]'::json) END)) AS body
  FROM place p
  LEFT JOIN (SELECT space_id, count(*) AS times FROM met GROUP BY 1) m ON m.space_id = p.id
  LEFT JOIN (SELECT space_id, count(*) AS times FROM brought GROUP BY 1) b ON b.space_id = p.id
  LEFT JOIN (SELECT space_id, count(*) AS groups FROM seen GROUP BY 1) s ON s.space_id = p.id
  LEFT JOIN side ON side.space_id = p.id),
whole AS (
  SELECT json_agg(body ORDER BY id) AS features, ST_Extent(geometry) AS box FROM feature)
SELECT CASE WHEN box IS NULL
    THEN json_build_object('type', 'FeatureCollection', 'features', '[]'::json)
    ELSE json_build_object('type', 'FeatureCollection',
      'bbox', json_build_array(ST_XMin(box), ST_YMin(box), ST_XMax(box), ST_YMax(box)),
      'features', features) END::text,
  EXISTS (SELECT FROM boundary WHERE {_SHARED} AND id = :boundary)
FROM whole
""")
