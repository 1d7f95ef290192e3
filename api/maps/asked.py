"""Asked: which part of a map is wanted, as the statements take it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from api.core.problems import Problem

from .ties import LAYERS

if TYPE_CHECKING:
    from uuid import UUID

NO_BOUNDARY = "There is no such boundary in this network."
EVERYWHERE = (-180.0, -90.0, 180.0, 90.0)


@dataclass(frozen=True, slots=True)
class Asked:
    """Which spaces and ties, and what to say of them.

    `box`: west, south, east, north in degrees; it spans the antimeridian when west > east.
    `since`, `until`: half open, None leaves an end open. `boundary_id`: whose sections to name,
    and which ties cross. `layer`: which ties.
    """

    box: tuple[float, float, float, float] | None = None
    since: str | None = None
    until: str | None = None
    boundary_id: UUID | None = None
    layer: str = LAYERS[0]

    @classmethod
    def of(cls, query: dict[str, Any]) -> Asked:
        """As it was read from a query."""
        layer = query.get("layer") or LAYERS[0]
        return cls(query.get("bbox"), query["from"], query["to"], query.get("boundary"), layer)

    @property
    def as_of(self) -> datetime:
        """The instant at which ties are live or lapsed: the window's end, or the end of today."""
        if self.until:
            return datetime.fromisoformat(self.until)
        return datetime.combine(datetime.now(UTC) + timedelta(days=1), time(), UTC)

    @property
    def epoch(self) -> float:
        """`as_of` in seconds since 1970."""
        return self.as_of.timestamp()

    def params(self, network_id: UUID) -> dict[str, Any]:
        """What the statements of this folder are asked with."""
        west, south, east, north = self.box or EVERYWHERE
        return {
            "network": network_id,
            "since": self.since,
            "until": self.until,
            "boundary": self.boundary_id,
            "west": west,
            "south": south,
            "east": east if west <= east else 180.0,
            "north": north,
            "west_again": west if west <= east else -180.0,
            "east_again": east,
        }

    def require_boundary(self, *, is_there: bool) -> None:
        """Stop with `not_found` for a boundary that is not in the network."""
        if self.boundary_id and not is_there:
            raise Problem("not_found", NO_BOUNDARY, fields={"boundary": [NO_BOUNDARY]})
