"""Example: the boundary of the town that docs/measures.md works through, for every true answer."""

from typing import Any

NORTH, SOUTH = "0197b0c4-6a11-7d20-b5b5-0a1c9c0f2e37", "0197b0c4-6a12-7a31-9f0e-6b2d8e4c1f58"
CANAL: dict[str, Any] = {
    "id": "0197b0c4-6a10-7cc3-8f00-3d1f5a2b9c11",
    "name": "Side of the canal",
    "sections": [{"id": NORTH, "name": "North bank"}, {"id": SOUTH, "name": "South bank"}],
}
