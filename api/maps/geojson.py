"""GeoJSON: the spaces of a network as an RFC 7946 FeatureCollection, built by the database."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.core.driver import raw
from api.core.geometry import DECIMALS
from api.core.statements import bound

from .places import COUNTED, COUNTS, EVENTS, ON_THE_MAP, SHARED, SHARES, contact
from .ties import LAYERS

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy import Connection

    from .asked import Asked


def read_spaces(cx: Connection, network_id: UUID, asked: Asked) -> bytes:
    """All spaces that may be mapped, as GeoJSON; `not_found` for a boundary that is not here."""
    row = raw(cx).execute(_SPACES[asked.layer], asked.params(network_id)).fetchone()
    collection, is_boundary = row or ("", False)
    asked.require_boundary(is_there=is_boundary)
    return str(collection).encode()


_SPACES = {
    layer: bound(f"""
WITH place AS MATERIALIZED (
  SELECT id, name, type, step_free, geometry FROM space
  WHERE {ON_THE_MAP}
    AND (geometry && ST_MakeEnvelope(:west, :south, :east, :north, 4326)
      OR geometry && ST_MakeEnvelope(:west_again, :south, :east_again, :north, 4326))),
{SHARES},
{EVENTS},
{contact(layer)},
sections AS (
  SELECT s.space_id, json_agg(DISTINCT d.section_id::text) AS ids FROM seen s
  JOIN share d ON d.grp_id = s.group_id GROUP BY s.space_id),
counted AS (
  SELECT p.*, {COUNTS}, CASE WHEN CAST(:boundary AS uuid) IS NOT NULL
    THEN coalesce((SELECT ids FROM sections x WHERE x.space_id = p.id), '[]'::json) END AS sections
  FROM {COUNTED}),
feature AS (
  SELECT id, geometry, json_build_object(
    'type', 'Feature',
    'id', id,
    'geometry', ST_AsGeoJSON(ST_ForcePolygonCCW(geometry), {DECIMALS})::json,
    'properties', json_build_object(
      'id', id,
      'name', name,
      'type', type,
      'step_free', step_free,
      'meetings', meetings,
      'introductions', introductions,
      'groups_seen', groups_seen,
      'sections_seen', sections,
      'crossing_contact', crossing_contact,
      'diversity', diversity)) AS body
  FROM counted),
whole AS (
  SELECT json_agg(body ORDER BY id) AS features, ST_Extent(geometry) AS box FROM feature)
SELECT CASE WHEN box IS NULL
    THEN json_build_object('type', 'FeatureCollection', 'features', '[]'::json)
    ELSE json_build_object('type', 'FeatureCollection',
      'bbox', json_build_array(ST_XMin(box), ST_YMin(box), ST_XMax(box), ST_YMax(box)),
      'features', features) END::text,
  EXISTS (SELECT FROM boundary WHERE {SHARED} AND id = :boundary)
FROM whole
""")
    for layer in LAYERS
}
