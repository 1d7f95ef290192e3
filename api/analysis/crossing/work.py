"""Work: the figures of one boundary in one layer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from api.analysis.loading.boundaries import Window
from api.analysis.measures.connectedness import connect_all
from api.analysis.measures.contact import measure_meetings
from api.analysis.measures.crossing import measure
from api.analysis.measures.giving import measure_flows
from api.analysis.measures.nulls import Ask

from .answer import (
    present,
    present_connected,
    present_flows,
    present_introductions,
    present_meetings,
)
from .load import Given, Introduced

if TYPE_CHECKING:
    from api.analysis.measures.crossing import Crossing
    from api.analysis.measures.meetings import Attendance

    from .load import Material


def work_out(asked: dict[str, Any], material: Material) -> dict[str, Any]:
    """All figures of the question."""
    boundary, within = material.boundary, material.within
    ask = Ask(asked["null"], asked["draws"], asked["seed"])
    found, counts = measure_layer(material.layer, ask)
    said = {
        "window": Window.of(asked).named,
        "boundary": boundary.named,
        "layer": asked["layer"],
        "resource": asked["resource"],
        "within": within and {"id": within.id, "name": within.name},
        **present(found, ask),
        **dict.fromkeys(("ties", "introductions", "nodes", "meetings", "flows")),
        **counts,
    }
    connected = _connect(material)
    for place, (figures, (section, _)) in enumerate(
        zip(said["sections"], boundary.sections, strict=True)
    ):
        figures["section_id"] = section
        figures["connectedness"] = connected[place] if connected else None
    return said


def _connect(material: Material) -> list[dict[str, Any]] | None:
    """Of introductions, how each section meets and takes up with the others."""
    if not isinstance(material.layer, Introduced):
        return None
    return [present_connected(each) for each in connect_all(material.layer.made)]


def measure_layer(
    layer: Introduced | Attendance | Given, ask: Ask
) -> tuple[Crossing, dict[str, Any]]:
    """The figures of a layer, and what they rest on as the answer says it."""
    if isinstance(layer, Introduced):
        found = measure(layer.graph, ask, layer.strata)
        return found, present_introductions(layer.graph)
    if isinstance(layer, Given):
        found = measure_flows(layer.arcs, layer.groups.shares, layer.groups.standing, ask)
        return found, present_flows(found, layer)
    found, mixed = measure_meetings(layer, ask)
    return found, present_meetings(layer, found, mixed)
