"""One valid space."""

from typing import Any

EXAMPLE: dict[str, Any] = {
    "name": "Weir Street Library",
    "type": "library",
    "geometry": {"type": "Point", "coordinates": [-4.2104, 52.1163]},
    "address": "2 Weir Street",
    "open_to": "everyone",
    "step_free": True,
    "opening_hours": "Mo-Sa 09:30-17:30",
    "status": "active",
}
