"""Example: a true answer, of the town that docs/measures.md works through; its pack shortened."""

from typing import Any

from api.analysis.example import CANAL, NORTH, SOUTH

EXAMPLE: dict[str, Any] = {
    "window": {"from": "2026-01-01T00:00:00+00:00", "to": "2026-04-01T00:00:00+00:00"},
    "boundary": CANAL,
    "connector": "0197b0c4-6a13-7e42-8a1d-2c3d4e5f6a7b",
    "space": None,
    "coverage": {"known": 13, "total": 15},
    "pairs": {"total": 15, "crossing": 4, "held": 14, "held_alone": 12, "crossing_held_alone": 2},
    "before": {
        "pairs": 15,
        "crossing": 4,
        "connected": 30,
        "robustness": 0.173611,
        "bus_factor": 1,
    },
    "after": {"pairs": 3, "crossing": 2, "connected": 3, "robustness": 0.2, "bus_factor": 1},
    "bridges": [
        {
            "sections": [
                NORTH,
                SOUTH,
            ],
            "before": 4,
            "after": 2,
        }
    ],
    "lost": 0,
    "pack": {
        "groups": [
            {"id": "00000000-0000-0000-0000-000000000061", "name": "a"},
            {"id": "00000000-0000-0000-0000-000000000062", "name": "b"},
            {"id": "00000000-0000-0000-0000-000000000063", "name": "c"},
        ],
        "spaces": [{"id": "0197b0c4-6a16-7175-9d40-5f6a7b8c9dae", "name": "Weir Street Library"}],
        "follow_ups": [
            {
                "id": "0197b0c4-6a14-7f53-9b2e-3d4e5f6a7b8c",
                "introduction_id": "0197b0c4-6a15-7064-8c3f-4e5f6a7b8c9d",
                "due_on": "2026-05-11",
            }
        ],
        "held_alone": [
            ["00000000-0000-0000-0000-000000000061", "00000000-0000-0000-0000-000000000063"],
            ["00000000-0000-0000-0000-000000000061", "00000000-0000-0000-0000-000000000064"],
        ],
    },
    "reason": None,
    "reasons": {},
}
