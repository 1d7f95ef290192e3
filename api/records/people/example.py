"""One valid notebook entry."""

from typing import Any

EXAMPLE: dict[str, Any] = {
    "alias": "Blue door, number nine",
    "group_ids": ["0197b0c4-6a10-7cc3-8f00-000000000004"],
    "notice": "given",
    "notice_on": "2026-03-30",
    "basis": "consent",
    "age_band": "adult",
}
