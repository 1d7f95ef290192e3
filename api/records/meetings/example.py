"""One valid meeting."""

from typing import Any

EXAMPLE: dict[str, Any] = {
    "starts_at": "2026-04-02T18:00:00+01:00",
    "ends_at": "2026-04-02T20:00:00+01:00",
    "space_id": "0197b0c4-6a10-7cc3-8f00-000000000003",
    "title": "Open supper",
    "host_group_id": "0197b0c4-6a10-7cc3-8f00-000000000004",
    "attendance": [
        {"group_id": "0197b0c4-6a10-7cc3-8f00-000000000004", "headcount": 12},
        {"group_id": "0197b0c4-6a10-7cc3-8f00-000000000005", "headcount": 3},
    ],
    "recurrence": "FREQ=WEEKLY;BYDAY=TH",
}
