"""Lines: the ties that pass through a tile, cut to it, in the tile's own coordinates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from .arrays import Floats, Ints
    from .ties import Ties

EXTENT = 4_096  # a tile's side in its own units
MARGIN = EXTENT // 64  # so that circles and ends of lines on an edge are whole
NORTHMOST = 85.0511  # degrees; beyond, web Mercator has no place
# Zoomed out, a tile that holds all of a large network would be a felt mat that takes seconds to
# draw: up to this zoom it shows so many ties, those seen most often; each zoom after, twice those.
FEWEST, WIDEST_ZOOM = 1_500, 10


@dataclass(frozen=True)
class Lines:
    """Ties with a line on a tile: which of them, and the ends (lines,) in tile coordinates."""

    which: Ints
    ends: tuple[Floats, Floats, Floats, Floats]  # x1, y1, x2, y2


def cut_lines(ties: Ties, tile: tuple[int, int, int]) -> Lines:
    """The crossing ties on tile (z, x, y) between two homes that are not in the same place."""
    z, x, y = tile
    shown = ties.crossers[: FEWEST * 2 ** max(z - WIDEST_ZOOM, 0)]
    places = _project(ties) * 2**z
    start, end = places[ties.a[shown]], places[ties.b[shown]]
    start, end = ((each - (x, y)) * EXTENT for each in (start, end))
    enters, leaves = _clip(start, end - start)
    on_tile = enters < leaves  # false for nan: no home on the map
    cut = [start + (end - start) * part[:, None] for part in (enters, leaves)]
    (x1, y1), (x2, y2) = (np.round(each[on_tile]).T for each in cut)
    is_long = (x1 != x2) | (y1 != y2)
    return Lines(shown[on_tile][is_long], (x1[is_long], y1[is_long], x2[is_long], y2[is_long]))


def _project(ties: Ties) -> Floats:
    """Web Mercator (groups, 2), the world being 1 wide, y going south; nan without a place."""
    longitude, latitude = ties.places.T
    slope = np.tan(np.radians(np.where(np.abs(latitude) <= NORTHMOST, latitude, np.nan)))
    return np.stack([(longitude + 180) / 360, (1 - np.arcsinh(slope) / np.pi) / 2], axis=1)


def _clip(start: Floats, way: Floats) -> tuple[Floats, Floats]:
    """Where along each line, 0 to 1, it enters and leaves the tile with its margin.

    Liang and Barsky 1984 (ACM Transactions on Graphics 3:1-22). It never enters where
    enters >= leaves; what has no place is nan.
    """
    enters, leaves = np.zeros(len(start)), np.ones(len(start))
    for axis in (0, 1):
        at, by = start[:, axis], way[:, axis]
        is_still = by == 0
        step = np.where(is_still, 1.0, by)
        low, high = (-MARGIN - at) / step, (EXTENT + MARGIN - at) / step
        is_beside = is_still & ((at < -MARGIN) | (at > EXTENT + MARGIN))
        low, high = np.minimum(low, high), np.maximum(low, high)
        enters = np.maximum(enters, np.where(is_still, 0.0, low))
        leaves = np.minimum(leaves, np.where(is_still, np.where(is_beside, -1.0, 1.0), high))
    return enters, leaves
