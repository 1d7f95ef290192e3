"""Work: the figures of each window, what changed between them, and where it leads."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

from api.analysis.crossing.answer import present
from api.analysis.crossing.load import Given
from api.analysis.measures.change import (
    adjust,
    compare_periods,
    find_slope,
    period_of_arcs,
    period_of_meetings,
    period_of_ties,
)
from api.analysis.measures.contact import measure_meetings
from api.analysis.measures.crossing import measure
from api.analysis.measures.giving import measure_flows
from api.analysis.measures.nulls import Ask
from api.analysis.rounding import chance, figure, read

from .load import Introductions

if TYPE_CHECKING:
    from api.analysis.measures.change import Change, Period, Slope
    from api.analysis.measures.crossing import Crossing
    from api.analysis.measures.meetings import Attendance

    from .load import Material

CERTAIN = 0.05  # what p must be under before a direction is named
FIGURES = (
    *("share", "expected", "excess", "z", "p", "draws", "is_exact", "interval", "coverage"),
    *("bounds", "r", "delta", "reason", "reasons"),
)


def work_out(asked: dict[str, Any], material: Material) -> dict[str, Any]:
    """All figures of the question."""
    ask = Ask(asked["null"], asked["draws"], asked["seed"])
    looked = [_look_at(layer, ask) for layer in material.layers]
    found, periods = [each for each, _ in looked], [period for _, period in looked]
    windows = [
        {"window": window.named, **_figures(each, ask), "change": None}
        for window, each in zip(material.windows, found, strict=True)
    ]
    changes = [compare_periods(*pair) for pair in pairwise(periods)]
    adjusted = adjust([change.p for change in changes])
    for place, change in enumerate(changes):
        pair = found[place], found[place + 1]
        windows[place + 1]["change"] = _present_change(change, adjusted[place], pair)
    whole = {"from": material.windows[0].since, "to": material.windows[-1].until}
    return {
        "window": whole,
        "boundary": material.boundary.named,
        **{name: asked[name] for name in ("layer", "resource", "every", "null", "seed")},
        "windows": windows,
        "trend": _present_slope(find_slope(periods)),
    }


def _look_at(layer: Introductions | Attendance | Given, ask: Ask) -> tuple[Crossing, Period]:
    """A window's figures, and what is needed to hold it against others."""
    if isinstance(layer, Introductions):
        return measure(layer.graph, ask), period_of_ties(layer.ties, layer.shares)
    if isinstance(layer, Given):
        arcs, groups = layer.arcs, layer.groups
        found = measure_flows(arcs, groups.shares, groups.standing, ask)
        return found, period_of_arcs(arcs.giver, arcs.taker, groups.shares)
    return measure_meetings(layer, ask)[0], period_of_meetings(layer)


def _figures(found: Crossing, ask: Ask) -> dict[str, Any]:
    said = present(found, ask)
    return {name: said[name] for name in FIGURES}


def _present_change(
    change: Change, adjusted: float | None, pair: tuple[Crossing, Crossing]
) -> dict[str, Any]:
    """Since the window before; the share's change is what was to be expected, and what was not."""
    shares = [each.share for each in pair]
    expected = [each.chance.expected if each.chance else None for each in pair]
    share, by_chance = _less(*shares), _less(*expected)
    return {
        **{name: read(change, name) for name in ("difference", "error", "z", "p")},
        "p_adjusted": chance(adjusted),
        "direction": _direction(change.difference, adjusted),
        "share": figure(share),
        "expected": figure(by_chance),
        "excess": figure(_less(by_chance, share)),
        "reason": change.reason,
    }


def _less(before: float | None, after: float | None) -> float | None:
    return None if before is None or after is None else after - before


def _present_slope(slope: Slope) -> dict[str, Any]:
    return {
        "windows": slope.windows,
        "slope": figure(slope.value),
        **{name: read(slope, name) for name in ("error", "z", "p")},
        "direction": _direction(slope.value, slope.p),
        "reason": slope.reason,
    }


def _direction(moved: float | None, p: float | None) -> str | None:
    """Which way it went, where that is more than single groups or persons make; else unclear."""
    if moved is None or p is None:
        return None
    if p >= CERTAIN:
        return "unclear"
    return "closing" if moved > 0 else "opening"
