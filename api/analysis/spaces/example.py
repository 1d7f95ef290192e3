"""Example: a true answer, of the evenings that docs/measures.md tells of."""

from __future__ import annotations

from typing import Any

from api.analysis.example import CANAL

EXAMPLE: dict[str, Any] = {
    "window": {"from": None, "to": None},
    "boundary": CANAL,
    "null": "N4",
    "seed": 1,
    "draws": 999,
    "share": {
        "value": 0.303178,
        "expected": 0.243288,
        "excess": 0.059891,
        "z": 0.850458,
        "p": 0.564,
    },
    "diversity": {
        "value": 0.393651,
        "expected": 0.288727,
        "excess": 0.104923,
        "z": 1.114668,
        "p": 0.256,
    },
    "coverage": {"known": 29.214286, "total": 35.5},
    "spaces": [
        {
            "space_id": "0197b0c4-6a13-7f00-a1b2-c3d4e5f60718",
            "name": "Hall",
            "meetings": 3,
            "heads": 45,
            "contact": {"total": 22.5, "known": 22.5, "crossing": 7.714286, "part": 0.870968},
            "diversity": {
                "value": 0.342857,
                "expected": 0.290125,
                "excess": 0.052732,
                "pooled": 0.327273,
                "iqv": 0.64,
            },
            "introductions": {"total": 3, "known": 2, "crossing": 1, "per_meeting": 0.333333},
            "reason": None,
        },
        {
            "space_id": "0197b0c4-6a14-7e11-8d2c-1a2b3c4d5e6f",
            "name": "Garden",
            "meetings": 2,
            "heads": 16,
            "contact": {"total": 8.0, "known": 1.714286, "crossing": 1.142857, "part": 0.129032},
            "diversity": {
                "value": None,
                "expected": None,
                "excess": None,
                "pooled": 0.571429,
                "iqv": 1.0,
            },
            "introductions": {"total": 0, "known": 0, "crossing": 0, "per_meeting": 0.0},
            "reason": "Fewer than 3 meetings here had two heads of known side.",
        },
    ],
    "reason": None,
    "reasons": {},
}
