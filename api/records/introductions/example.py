"""One valid introduction."""

from typing import Any

EXAMPLE: dict[str, Any] = {
    "made_at": "2026-03-31T18:30:00+01:00",
    "parties": [
        {"group_id": "0197b0c4-6a10-7cc3-8f00-000000000004"},
        {"group_id": "0197b0c4-6a10-7cc3-8f00-000000000005"},
    ],
    "space_id": "0197b0c4-6a10-7cc3-8f00-000000000003",
    "channel": "in_person",
    "purpose": "A hall for the autumn supper",
    "known_before": "no",
    "status": "made",
}
