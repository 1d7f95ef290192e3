"""Examples: what each map answers, small and true to its schema."""

from __future__ import annotations

from typing import Any

SPACES: dict[str, Any] = {
    "type": "FeatureCollection",
    "bbox": [-3.1791, 51.4816, -3.1791, 51.4816],
    "features": [
        {
            "type": "Feature",
            "id": "0197b0c4-6a10-7cc3-8f00-3d1f5a2b9c11",
            "geometry": {"type": "Point", "coordinates": [-3.1791, 51.4816]},
            "properties": {
                "id": "0197b0c4-6a10-7cc3-8f00-3d1f5a2b9c11",
                "name": "Library",
                "type": "library",
                "step_free": True,
                "meetings": 4,
                "introductions": 7,
                "groups_seen": 5,
                "sections_seen": ["0197b0c4-6a11-7d20-b5b5-0a1c9c0f2e37"],
                "crossing_contact": 4.285714,
                "diversity": 0.428571,
            },
        }
    ],
}

TIES: dict[str, Any] = {
    "type": "FeatureCollection",
    "bbox": [-3.1791, 51.4816, -3.1702, 51.4881],
    "ties": {"known": 14, "total": 16, "crossing": 3},
    "features": [
        {
            "type": "Feature",
            "id": "0197b0c4-6a12-7aa0-8000-52c0a7f3e1d4/0197b0c4-6a13-7b01-9100-0242ac120002",
            "geometry": {
                "type": "LineString",
                "coordinates": [[-3.1791, 51.4816], [-3.1702, 51.4881]],
            },
            "properties": {
                "a": "0197b0c4-6a12-7aa0-8000-52c0a7f3e1d4",
                "b": "0197b0c4-6a13-7b01-9100-0242ac120002",
                "a_name": "Weir Street",
                "b_name": "Mill Lane",
                "a_sections": ["0197b0c4-6a11-7d20-b5b5-0a1c9c0f2e37"],
                "b_sections": ["0197b0c4-6a11-7d20-b5b5-0a1c9c0f2e38"],
                "times": 4,
                "last_at": "2026-03-31T17:30:00+00:00",
                "state": "live",
                "crossing": 1.0,
            },
        }
    ],
}

GRAPH: dict[str, Any] = {
    "boundary": "0197b0c4-6a10-7cc3-8f00-3d1f5a2b9c11",
    "layer": "introductions",
    "window": {"from": "2026-01-01T00:00:00+00:00", "to": None},
    "regions": [
        {
            "section_id": "0197b0c4-6a11-7d20-b5b5-0a1c9c0f2e37",
            "name": "North",
            "groups": 1,
            "x": -2.052,
            "y": 0.0,
            "r": 1.52,
        },
        {
            "section_id": "0197b0c4-6a11-7d20-b5b5-0a1c9c0f2e38",
            "name": "South",
            "groups": 1,
            "x": 2.052,
            "y": 0.0,
            "r": 1.52,
        },
    ],
    "nodes": [
        {
            "id": "0197b0c4-6a12-7aa0-8000-52c0a7f3e1d4",
            "name": "Weir Street",
            "section_id": "0197b0c4-6a11-7d20-b5b5-0a1c9c0f2e37",
            "x": -1.614,
            "y": 0.0,
            "ties": 1,
            "crossing": 1,
        },
        {
            "id": "0197b0c4-6a13-7b01-9100-0242ac120002",
            "name": "Mill Lane",
            "section_id": "0197b0c4-6a11-7d20-b5b5-0a1c9c0f2e38",
            "x": 2.49,
            "y": 0.0,
            "ties": 1,
            "crossing": 1,
        },
    ],
    "edges": [
        {
            "a": 0,
            "b": 1,
            "times": 4,
            "last_at": "2026-03-31T17:30:00+00:00",
            "state": "live",
            "crossing": 1.0,
        }
    ],
    "between": [
        {
            "a": "0197b0c4-6a11-7d20-b5b5-0a1c9c0f2e37",
            "b": "0197b0c4-6a11-7d20-b5b5-0a1c9c0f2e38",
            "ties": 1,
            "times": 4,
            "last_at": "2026-03-31T17:30:00+00:00",
            "state": "single",
        }
    ],
    "ties": {"known": 1, "total": 1, "crossing": 1},
}
