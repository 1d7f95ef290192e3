"""Answer: what was measured, as the wire says it: rounded, and null where there is no figure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from api.analysis.measures.crossing import count
from api.analysis.measures.mixing import Bounds
from api.analysis.rounding import figure, read

if TYPE_CHECKING:
    from api.analysis.measures.connectedness import Connected
    from api.analysis.measures.crossing import Crossing
    from api.analysis.measures.curveball import Mixed
    from api.analysis.measures.meetings import Attendance
    from api.analysis.measures.nulls import Ask, Chance
    from api.analysis.measures.ties import Graph

    from .load import Given


def present(found: Crossing, ask: Ask) -> dict[str, Any]:
    """The figures of `found` by name; sections stand in the order in which they were loaded."""
    return {
        **_chance(found, ask),
        "interval": _interval(found),
        "coverage": {"known": figure(found.known), "total": figure(found.total)},
        "bounds": _bounds(found.bounds),
        "ei": _ei(found),
        **_indices(found),
        "sections": _sections(found),
        "mixing": [[figure(cell) for cell in row] for row in found.matrix.tolist()],
        "reason": found.reasons.get("share"),
        "reasons": found.reasons,
    }


def _chance(found: Crossing, ask: Ask) -> dict[str, Any]:
    chance = found.chance
    return {
        "null": ask.null,
        "seed": ask.seed,
        "draws": chance.draws if chance else 0,
        "is_exact": bool(chance and chance.is_exact),
        "share": figure(found.share),
        **{name: read(chance, name) for name in ("expected", "excess", "z", "p")},
    }


def _ei(found: Crossing) -> dict[str, Any]:
    """E-I is twice the share less one, and so are its expected value and its bounds."""
    chance, bounds, indices = found.chance, found.bounds, found.indices
    return {
        "value": figure(None if found.share is None else 2 * found.share - 1),
        "expected": figure(2 * chance.expected - 1 if chance else None),
        "excess": figure(2 * chance.excess if chance else None),
        "bounds": _bounds(Bounds(2 * bounds.low - 1, 2 * bounds.high - 1) if bounds else None),
        "attainable": _bounds(indices.attainable if indices else None),
    }


def _indices(found: Crossing) -> dict[str, Any]:
    names = ("expected_at_random", "r", "freeman", "delta")
    return {name: read(found.indices, name) for name in names}


def _interval(found: Crossing) -> dict[str, Any] | None:
    each = found.interval
    if each is None:
        return None
    return {**{name: read(each, name) for name in ("low", "high", "error")}, "method": each.method}


def _sections(found: Crossing) -> list[dict[str, Any]]:
    sizes, ends = found.sizes.tolist(), found.ends.tolist()
    homophily = found.indices.homophily if found.indices else (None,) * len(sizes)
    return [
        {"nodes": figure(size), "tie_ends": figure(end), "homophily": figure(value)}
        for size, end, value in zip(sizes, ends, homophily, strict=True)
    ]


def present_introductions(graph: Graph) -> dict[str, Any]:
    """What the figures of introductions rest on."""
    counts, introductions = count(graph), graph.introductions
    return {
        "ties": {
            "total": counts.ties,
            "known": counts.known,
            "crossing": figure(counts.crossing),
            "sharing_no_section": counts.strictly_crossing,
        },
        "introductions": {
            "total": introductions.total,
            "known": introductions.known,
            "crossing": introductions.crossing,
        },
        "nodes": {
            "groups": counts.groups,
            "persons": counts.persons,
            "known": counts.known_nodes,
        },
    }


def present_meetings(
    attendance: Attendance, found: Crossing, mixed: Mixed | None
) -> dict[str, Any]:
    """What the figures of meetings rest on, and their diversity against chance."""
    heads = np.bincount(attendance.meeting, attendance.heads, attendance.meetings)
    return {
        "meetings": {
            "total": attendance.meetings,
            "met": int((heads > 1).sum()),
            "groups": len(np.unique(attendance.group)),
            "heads": int(attendance.heads.sum()),
            "known_heads": figure(float(found.sizes.sum())),
            "diversity": present_chance(mixed.mean_diversity if mixed else None),
        }
    }


def present_flows(found: Crossing, given: Given) -> dict[str, Any]:
    """What the figures of flows rest on."""
    arcs = given.arcs
    return {
        "flows": {
            "total": given.flows,
            "directions": len(arcs.giver),
            "groups": len(np.unique([arcs.giver, arcs.taker])),
            "crossing": figure(float(found.matrix.sum() - np.trace(found.matrix))),
        }
    }


def present_connected(found: Connected) -> dict[str, Any]:
    """Whether a section is where the others are, and takes up with them."""
    names = ("exposure", "bias", "placed", "unplaced", "unplaced_share")
    return {
        "value": read(found, "connectedness"),
        **{name: read(found, name) for name in names},
        "reason": found.reason,
    }


def present_chance(chance: Chance | None) -> dict[str, Any]:
    """A figure beside what chance gives."""
    named = {name: read(chance, name) for name in ("expected", "excess", "z", "p")}
    return {"value": read(chance, "observed"), **named}


def _bounds(bounds: Bounds | None) -> dict[str, Any] | None:
    return {"low": figure(bounds.low), "high": figure(bounds.high)} if bounds else None
