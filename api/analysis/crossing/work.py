"""Work: the figures of one boundary in one layer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from api.analysis.loading.boundaries import Window
from api.analysis.measures.crossing import measure
from api.analysis.measures.nulls import Ask

from .answer import present

if TYPE_CHECKING:
    from api.analysis.loading.boundaries import Boundary
    from api.analysis.measures.ties import Graph


def work_out(asked: dict[str, Any], material: tuple[Boundary, Graph]) -> dict[str, Any]:
    """All figures of the question."""
    boundary, graph = material
    ask = Ask(asked["null"], asked["draws"], asked["seed"])
    said = {
        "window": Window.of(asked).named,
        "boundary": boundary.named,
        "layer": asked["layer"],
        **present(measure(graph, ask), ask),
    }
    for figures, (section, _) in zip(said["sections"], boundary.sections, strict=True):
        figures["section_id"] = section
    return said
