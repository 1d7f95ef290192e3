"""Example: a true answer, of the town that docs/measures.md works through."""

from __future__ import annotations

from typing import Any

from api.analysis.example import CANAL

EXAMPLE: dict[str, Any] = {
    "window": {"from": "2026-02-02T00:00:00+00:00", "to": "2026-03-02T00:00:00+00:00"},
    "boundary": CANAL,
    "layer": "introductions",
    "between": "groups",
    "null": "N2",
    "seed": 1,
    "draws": 0,
    "is_exact": False,
    "coverage": 1.0,
    "states": {"live": 2, "lapsed": 0, "single": 0, "gap": 2, "too_few_to_say": 7},
    "held_alone": 2,
    "pairs": [
        {
            "sides": [
                {"id": "00000000-0000-0000-0000-000000000061", "name": "a"},
                {"id": "00000000-0000-0000-0000-000000000062", "name": "b"},
            ],
            "ties": 2,
            "last_at": "2026-02-10T10:00:00+00:00",
            "connectors": 1,
            "connector_id": "0197b0c4-6a20-7f00-8a1b-2c3d4e5f6a7b",
            "spaces": 0,
            "independent": 1,
            "coverage": 1.0,
            "chance": None,
            "state": "live",
        },
        {
            "sides": [
                {"id": "00000000-0000-0000-0000-000000000061", "name": "a"},
                {"id": "00000000-0000-0000-0000-000000000066", "name": "f"},
            ],
            "ties": 2,
            "last_at": "2026-02-10T10:00:00+00:00",
            "connectors": 1,
            "connector_id": "0197b0c4-6a20-7f00-8a1b-2c3d4e5f6a7b",
            "spaces": 0,
            "independent": 1,
            "coverage": 1.0,
            "chance": None,
            "state": "live",
        },
        {
            "sides": [
                {"id": "00000000-0000-0000-0000-000000000061", "name": "a"},
                {"id": "00000000-0000-0000-0000-000000000067", "name": "g"},
            ],
            "ties": 0,
            "last_at": None,
            "connectors": 0,
            "connector_id": None,
            "spaces": 0,
            "independent": 0,
            "coverage": 1.0,
            "chance": None,
            "state": "gap",
        },
        {
            "sides": [
                {"id": "00000000-0000-0000-0000-000000000061", "name": "a"},
                {"id": "00000000-0000-0000-0000-00000000006b", "name": "k"},
            ],
            "ties": 0,
            "last_at": None,
            "connectors": 0,
            "connector_id": None,
            "spaces": 0,
            "independent": 0,
            "coverage": 1.0,
            "chance": None,
            "state": "too_few_to_say",
        },
    ],
    "reason": None,
    "reasons": {
        "chance": "Of two groups there is no chance to hold a tie against: ask between=sections."
    },
}
