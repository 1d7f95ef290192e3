"""Example: a true answer, of the town that docs/measures.md works through."""

from __future__ import annotations

from typing import Any

from api.analysis.example import CANAL, NORTH, SOUTH

TOO_FEW: dict[str, Any] = {
    "value": None,
    "exposure": None,
    "bias": None,
    "placed": 0.0,
    "unplaced": 0.0,
    "unplaced_share": None,
    "reason": "Fewer than 10 known groups or persons are on one of the two sides.",
}
EXAMPLE: dict[str, Any] = {
    "window": {"from": "2026-01-01T00:00:00+00:00", "to": "2026-04-01T00:00:00+00:00"},
    "boundary": CANAL,
    "layer": "introductions",
    "resource": None,
    "within": None,
    "null": "N2",
    "seed": 1,
    "draws": 24,
    "is_exact": True,
    "share": 0.25,
    "expected": 0.541667,
    "excess": -0.291667,
    "z": -2.251436,
    "p": 0.083333,
    "interval": None,
    "coverage": {"known": 12, "total": 14},
    "bounds": {"low": 0.214286, "high": 0.357143},
    "ei": {
        "value": -0.5,
        "expected": 0.083333,
        "excess": -0.583333,
        "bounds": {"low": -0.571429, "high": -0.285714},
        "attainable": {"low": -1.0, "high": 1.0},
    },
    "expected_at_random": 0.545455,
    "r": 0.496503,
    "freeman": 0.541667,
    "delta": 1.092401,
    "sections": [
        {
            "nodes": 5.0,
            "tie_ends": 13.0,
            "homophily": 0.615385,
            "connectedness": TOO_FEW,
            "section_id": NORTH,
        },
        {
            "nodes": 6.0,
            "tie_ends": 11.0,
            "homophily": 0.454545,
            "connectedness": TOO_FEW,
            "section_id": SOUTH,
        },
    ],
    "mixing": [[10.0, 3.0], [3.0, 8.0]],
    "ties": {"total": 14, "known": 12, "crossing": 3.0, "sharing_no_section": 3},
    "introductions": {"total": 11, "known": 9, "crossing": 4},
    "nodes": {"groups": 12, "persons": 0, "known": 11},
    "meetings": None,
    "flows": None,
    "reason": None,
    "reasons": {"interval": "Fewer than 20 ties have both sides known."},
}
