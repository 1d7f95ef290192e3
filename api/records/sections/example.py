"""One valid section."""

from typing import Any

EXAMPLE: dict[str, Any] = {
    "boundary_id": "0197b0c4-6a10-7cc3-8f00-000000000001",
    "name": "North bank",
    "position": 1,
    "population": 4200,
}
