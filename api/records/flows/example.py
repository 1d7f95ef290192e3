"""One valid flow."""

from typing import Any

EXAMPLE: dict[str, Any] = {
    "happened_at": "2026-04-10T12:00:00+01:00",
    "resource": "goods",
    "description": "Folding chairs for the supper",
    "quantity": 40,
    "unit": "chairs",
    "from_group_id": "0197b0c4-6a10-7cc3-8f00-000000000004",
    "to_group_id": "0197b0c4-6a10-7cc3-8f00-000000000005",
    "status": "delivered",
}
