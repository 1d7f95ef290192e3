"""Graph: groups and their ties as a picture to draw, sections being regions of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from .drawing import say_instant
from .layout import lay_out
from .ties import SINGLE, STATES, age_of

if TYPE_CHECKING:
    from .arrays import Floats, Ints
    from .asked import Asked
    from .layout import Layout
    from .ties import Ties

DECIMALS = 3
GAP = "gap"


def draw_graph(ever: Ties, ties: Ties, asked: Asked) -> bytes:
    """The ties of a window, between groups placed by all ties there `ever` were.

    So nobody moves when the window does. Both are of the same groups in the same order.
    """
    shown, region = _shown(ever), _regions(ever)
    place = np.cumsum(shown) - 1
    layout = lay_out(
        _packed(region[shown]),
        place[ever.a],
        place[ever.b],
        np.sqrt(ever.times),
        regions=len(np.unique(region[shown])),
    )
    said = {
        "boundary": asked.boundary_id,
        "layer": asked.layer,
        "window": {"from": asked.since, "to": asked.until},
        "regions": _say_regions(ever, region[shown], layout),
        "nodes": _say_nodes(ties, np.flatnonzero(shown), region, layout.places),
        "edges": _say_edges(ties, place, ties.states(asked.epoch)),
        "between": _say_between(ties, region, region[shown], asked.epoch),
        "ties": ties.coverage,
    }
    return msgspec.json.encode(said)


def _shown(ever: Ties) -> Any:
    """Groups that are active, or were ever tied: the quiet ones are part of the picture."""
    shown = np.array([group.is_active for group in ever.groups], dtype=bool)
    shown[ever.a] = shown[ever.b] = True
    return shown


def _regions(ties: Ties) -> Ints:
    """Per group the section with its largest share; past the last one where it is unknown."""
    if not ties.sections:
        return np.zeros(len(ties.groups), dtype=np.int64)
    is_known = ties.shares.any(axis=1)
    return np.where(is_known, ties.shares.argmax(axis=1), len(ties.sections))


def _packed(region: Ints) -> Ints:
    """Regions numbered without gaps: a section nobody is in has no place in the picture."""
    return np.unique(region, return_inverse=True)[1]


def _say_regions(ties: Ties, region: Ints, layout: Layout) -> list[dict[str, Any]]:
    found, sizes = np.unique(region, return_counts=True)
    rows = zip(found.tolist(), sizes.tolist(), layout.centres, layout.radii, strict=True)
    return [
        {
            "section_id": ties.sections[i].id if i < len(ties.sections) else None,
            "name": ties.sections[i].name if i < len(ties.sections) else None,
            "groups": size,
            "x": _rounded(x),
            "y": _rounded(y),
            "r": _rounded(r),
        }
        for i, size, (x, y), r in rows
    ]


def _say_nodes(ties: Ties, shown: Ints, region: Ints, places: Floats) -> list[dict[str, Any]]:
    n, is_crossing = len(ties.groups), ties.crossing > 0
    ends = np.concatenate([ties.a, ties.b])
    tied = np.bincount(ends, minlength=n)
    crossing = np.bincount(ends, np.tile(is_crossing, 2), n).astype(int)
    return [
        {
            "id": ties.groups[i].id,
            "name": ties.groups[i].name,
            "section_id": ties.sections[region[i]].id if region[i] < len(ties.sections) else None,
            "x": _rounded(x),
            "y": _rounded(y),
            "ties": int(tied[i]),
            "crossing": int(crossing[i]),
        }
        for i, (x, y) in zip(shown.tolist(), places, strict=True)
    ]


def _say_edges(ties: Ties, place: Ints, states: Ints) -> list[dict[str, Any]]:
    crossing = [None if np.isnan(part) else part for part in ties.crossing.tolist()]
    columns = (place[ties.a], place[ties.b], ties.times, ties.last, states)
    rows = zip(*(column.tolist() for column in columns), crossing, strict=True)
    return [
        {
            "a": a,
            "b": b,
            "times": times,
            "last_at": say_instant(last),
            "state": STATES[state],
            "crossing": part,
        }
        for a, b, times, last, state, part in rows
    ]


def _say_between(ties: Ties, region: Ints, present: Ints, as_of: float) -> list[dict[str, Any]]:
    """Every pair of sections that has groups, with the ties drawn between them, gaps included."""
    sections = [i for i in np.unique(present).tolist() if i < len(ties.sections)]
    ends = np.sort(np.stack([region[ties.a], region[ties.b]], axis=1), axis=1)
    said = []
    for number, i in enumerate(sections):
        for j in sections[number + 1 :]:
            which = np.flatnonzero((ends[:, 0] == i) & (ends[:, 1] == j))
            pair = {"a": ties.sections[i].id, "b": ties.sections[j].id}
            said.append(pair | _say_bundle(ties, which, as_of))
    return said


def _say_bundle(ties: Ties, which: Ints, as_of: float) -> dict[str, Any]:
    """What goes between two sections: `single` where one pair of groups is all there is."""
    if not len(which):
        return {"ties": 0, "times": 0, "last_at": None, "state": GAP}
    latest = float(ties.last[which].max())
    return {
        "ties": len(which),
        "times": int(ties.times[which].sum()),
        "last_at": say_instant(latest),
        "state": STATES[SINGLE if len(which) == 1 else int(age_of(latest, as_of))],
    }


def _rounded(value: float) -> float:
    return round(float(value), DECIMALS) + 0.0
