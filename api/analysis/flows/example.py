"""Example: a true answer, of the town that docs/measures.md works through."""

from __future__ import annotations

from typing import Any

from api.analysis.example import CANAL

EXAMPLE: dict[str, Any] = {
    "window": {"from": "2026-01-01T00:00:00+00:00", "to": "2026-04-01T00:00:00+00:00"},
    "boundary": CANAL,
    "null": "N6",
    "seed": 1,
    "flows": [
        {
            "resource": "time",
            "unit": "hours",
            "deliveries": 3,
            "directions": 3,
            "pairs_both_ways": 1,
            "amount": 20.0,
            "reciprocity": {
                "r": {"value": 0.666667, "expected": None, "excess": None, "z": None, "p": None},
                "rho": 0.658915,
                "weighted_r": {
                    "value": 0.4,
                    "expected": None,
                    "excess": None,
                    "z": None,
                    "p": None,
                },
                "weighted_rho": None,
                "draws": 0,
                "reasons": {
                    "rho_w": "Fewer than 8 directions of giving: chance "
                    "has too little to deal with."
                },
            },
            "sections": {
                "matrix": [[0.0, 10.0], [4.0, 6.0]],
                "net": [6.0, -6.0],
                "crossing": 14.0,
                "within": 6.0,
                "unknown": 0.0,
            },
            "groups": [
                {
                    "group_id": "00000000-0000-0000-0000-000000000061",
                    "given": 10.0,
                    "taken": 4.0,
                    "net": 6.0,
                    "balance": 0.428571,
                    "reciprocity": 0.4,
                },
                {
                    "group_id": "00000000-0000-0000-0000-000000000066",
                    "given": 10.0,
                    "taken": 10.0,
                    "net": 0.0,
                    "balance": 0.0,
                    "reciprocity": 0.4,
                },
                {
                    "group_id": "00000000-0000-0000-0000-000000000067",
                    "given": 0.0,
                    "taken": 6.0,
                    "net": -6.0,
                    "balance": -1.0,
                    "reciprocity": None,
                },
            ],
        }
    ],
    "reason": None,
}
