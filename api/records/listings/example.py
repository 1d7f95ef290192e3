"""One valid listing."""

from typing import Any

EXAMPLE: dict[str, Any] = {
    "side": "need",
    "resource": "space",
    "group_id": "0197b0c4-6a10-7cc3-8f00-000000000004",
    "description": "A kitchen on Thursday evenings",
    "quantity": 3,
    "unit": "hours",
    "open_until": "2026-09-30",
    "status": "open",
}
