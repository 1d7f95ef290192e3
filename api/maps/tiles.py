"""Tiles: spaces and the ties between home spaces as Mapbox vector tiles, one statement a tile."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from api.core.driver import raw
from api.core.problems import Problem
from api.core.statements import bound

from .lines import EXTENT, MARGIN, NORTHMOST, cut_lines
from .places import COUNTED, COUNTS, EVENTS, ON_THE_MAP, SHARES, contact
from .ties import LAYERS, STATES

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from sqlalchemy import Connection

    from .asked import Asked
    from .ties import Ties

DEEPEST = 22
NO_TILE = f"Tiles are z/x/y with z from 0 to {DEEPEST}, x and y from 0 to 2^z - 1."

Tile = tuple[int, int, int]


def require_tile(tile: Tile) -> None:
    """Stop with `not_found` where the scheme has no tile."""
    z, x, y = tile
    if z > DEEPEST or max(x, y) >= 2**z:
        raise Problem("not_found", NO_TILE)


def read_tile(cx: Connection, network_id: UUID, asked: Asked, ties: Ties, tile: Tile) -> bytes:
    """A tile with the layers `spaces` and `ties`; empty when nothing is on it."""
    params = asked.params(network_id) | dict(zip("zxy", tile, strict=True))
    params |= _line_params(ties, asked, tile)
    row = raw(cx).execute(_TILE[asked.layer], params, binary=True).fetchone()
    return bytes(row[0]) if row else b""


def _line_params(ties: Ties, asked: Asked, tile: Tile) -> dict[str, Any]:
    """The lines as columns: ends, and what is told of each."""
    lines = cut_lines(ties, tile)
    which = lines.which
    columns = {
        **dict(
            zip(
                ("from_x", "from_y", "to_x", "to_y"),
                (end.tolist() for end in lines.ends),
                strict=True,
            )
        ),
        "a": ties.names[ties.a[which]].tolist(),
        "b": ties.names[ties.b[which]].tolist(),
        "times": ties.times[which].tolist(),
        "crossing": ties.crossing[which].tolist(),
        "state": np.array(STATES)[ties.states(asked.epoch)[which]].tolist(),
    }
    return {f"line_{name}": _array(values) for name, values in columns.items()}


def _array(values: Iterable[object]) -> str:
    """Numbers and ids as PostgreSQL reads an array: many times quicker than value by value."""
    return f"{{{','.join(map(str, values))}}}"


# beyond the last parallel of the projection there is no place: it is cut off before it is asked for
_TILE = {
    layer: bound(f"""
WITH box AS MATERIALIZED (
  SELECT e AS tile, ST_Transform(ST_Expand(e, (ST_XMax(e) - ST_XMin(e)) * {MARGIN} / {EXTENT}),
    4326) AS wide FROM ST_TileEnvelope(:z, :x, :y) e),
place AS MATERIALIZED (
  SELECT id, name, type, step_free, geometry FROM space
  WHERE {ON_THE_MAP} AND geometry && (SELECT wide FROM box)),
{SHARES},
{EVENTS},
{contact(layer)},
spot AS (
  SELECT p.id::text, p.name, p.type, p.step_free, {COUNTS},
    ST_AsMVTGeom(ST_Transform(ST_ClipByBox2D(p.geometry,
      ST_MakeEnvelope(-180, -{NORTHMOST}, 180, {NORTHMOST}, 4326)), 3857),
      box.tile, {EXTENT}, {MARGIN}) AS geom
  FROM {COUNTED} CROSS JOIN box),
line AS (
  SELECT a, b, times, crossing, state,
    ST_MakeLine(ST_Point(x1, y1), ST_Point(x2, y2)) AS geom
  FROM unnest(CAST(:line_from_x AS float8[]), CAST(:line_from_y AS float8[]),
    CAST(:line_to_x AS float8[]), CAST(:line_to_y AS float8[]),
    CAST(:line_a AS text[]), CAST(:line_b AS text[]),
    CAST(:line_times AS int[]), CAST(:line_crossing AS float8[]), CAST(:line_state AS text[]))
    AS l(x1, y1, x2, y2, a, b, times, crossing, state))
SELECT coalesce((SELECT ST_AsMVT(spot, 'spaces', {EXTENT}, 'geom')
    FROM spot WHERE geom IS NOT NULL), '')
  || coalesce((SELECT ST_AsMVT(line, 'ties', {EXTENT}, 'geom') FROM line), '')
""")
    for layer in LAYERS
}
