"""Geometry: the two GeoJSON shapes a place can have, checked and brought to one form."""

from __future__ import annotations

from typing import Annotated, TypeAlias

import shapely
from msgspec import Meta, Struct

DECIMALS = 7  # about a centimetre, and what ST_AsGeoJSON is asked for
Longitude = Annotated[float, Meta(ge=-180, le=180)]
Latitude = Annotated[float, Meta(ge=-90, le=90)]
Position = tuple[Longitude, Latitude]
Ring = Annotated[list[Position], Meta(min_length=4, max_length=1000)]


class Point(Struct, tag="Point", tag_field="type", forbid_unknown_fields=True):
    """One position."""

    coordinates: Position


class Polygon(Struct, tag="Polygon", tag_field="type", forbid_unknown_fields=True):
    """An outer ring and its holes."""

    coordinates: Annotated[list[Ring], Meta(min_length=1, max_length=20)]


Shape: TypeAlias = Point | Polygon


def settle(shape: Shape) -> Shape:
    """Round to `DECIMALS`; ValueError when a ring is open or a polygon crosses itself."""
    if isinstance(shape, Point):
        shape.coordinates = _rounded(shape.coordinates)
        return shape
    shape.coordinates = [[_rounded(p) for p in ring] for ring in shape.coordinates]
    if any(ring[0] != ring[-1] for ring in shape.coordinates):
        message = "Each ring of a polygon ends where it began."
        raise ValueError(message)
    outline, *holes = shape.coordinates
    if not shapely.is_valid(shapely.Polygon(outline, holes)):
        message = "The polygon crosses itself or has no area."
        raise ValueError(message)
    return shape


def _rounded(position: Position) -> Position:
    longitude, latitude = position
    return (round(longitude, DECIMALS) + 0.0, round(latitude, DECIMALS) + 0.0)
