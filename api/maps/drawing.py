"""Drawing: the ties that cross, as GeoJSON lines between the home spaces of two groups."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from .ties import STATES

if TYPE_CHECKING:
    from .asked import Asked
    from .ties import Ties


def draw_ties(ties: Ties, asked: Asked) -> bytes:
    """A FeatureCollection of the ties that cross, those seen most often first.

    A tie has no geometry where one of its groups has no home that may be mapped, or where both
    are at home in the same space: it was seen all the same, and belongs in a table.
    """
    states = ties.states(asked.epoch)
    features = [_feature(ties, i, STATES[states[i]]) for i in ties.crossers.tolist()]
    box = _box(features)
    said = {"type": "FeatureCollection", **({"bbox": box} if box else {})}
    return msgspec.json.encode(said | {"ties": ties.coverage, "features": features})


def _feature(ties: Ties, number: int, state: str) -> dict[str, Any]:
    one, other = int(ties.a[number]), int(ties.b[number])
    a, b = ties.groups[one], ties.groups[other]
    is_line = a.at and b.at and a.home != b.home
    return {
        "type": "Feature",
        "id": f"{a.id}/{b.id}",
        "geometry": {"type": "LineString", "coordinates": [a.at, b.at]} if is_line else None,
        "properties": {
            "a": a.id,
            "b": b.id,
            "a_name": a.name,
            "b_name": b.name,
            "a_sections": ties.sections_of(one),
            "b_sections": ties.sections_of(other),
            "times": int(ties.times[number]),
            "last_at": say_instant(ties.last[number]),
            "state": state,
            "crossing": float(ties.crossing[number]),
        },
    }


def say_instant(epoch: float) -> str:
    """An instant of a tie on the wire."""
    return datetime.fromtimestamp(epoch, UTC).isoformat()


def _box(features: list[dict[str, Any]]) -> list[float]:
    """The box around the lines, as RFC 7946 orders it; empty when there is none."""
    ends = [end for each in features if each["geometry"] for end in each["geometry"]["coordinates"]]
    if not ends:
        return []
    places = np.array(ends)
    return [*places.min(axis=0).tolist(), *places.max(axis=0).tolist()]
