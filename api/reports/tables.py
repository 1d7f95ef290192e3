"""Tables: the counts of an indicator in rows and columns, beside its figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .counts import SEVERAL, SIDES, directions
from .facts import FLOW_STATUSES, RESOURCES, STATUSES
from .figures import Row, Table

if TYPE_CHECKING:
    from .facts import Boundary
    from .material import Material


def tables(material: Material, indicator: str) -> tuple[Table, ...]:
    """All tables of one indicator."""
    boundaries = material.facts.boundaries
    if indicator == "K1":
        return (_column(material, "K1", "status", (*STATUSES, "total")),)
    if indicator == "K2":
        return (_sides(material),)
    if indicator == "K8":
        per_boundary = [
            table
            for boundary in boundaries
            for table in (_kinds(material, boundary), _directions(material, boundary))
        ]
        return (_column(material, "K8", "flow_status", (*FLOW_STATUSES, "total")), *per_boundary)
    return ()


def _column(material: Material, key: str, part: str, names: tuple[str, ...]) -> Table:
    """One column of counts, a row each."""
    counts = zip(names, material.called(part, names), material.cells(key, names), strict=True)
    rows = tuple(Row(name, label, (count,)) for name, label, count in counts)
    label = material.voice.label(key, "statuses")
    return Table(f"{key}.statuses", label, material.called("column", ("count",)), rows)


def _sides(material: Material) -> Table:
    """K2: a row a boundary."""
    names = (*SIDES, "known")
    rows = tuple(
        Row(str(boundary.id), boundary.name, material.cells(f"K2.{boundary.id}", names))
        for boundary in material.facts.boundaries
    )
    return Table(
        "K2.sides", material.voice.label("K2", "sides"), material.called("side", names), rows
    )


def _kinds(material: Material, boundary: Boundary) -> Table:
    """K8: a row a kind of resource, by side."""
    key = f"K8.{boundary.id}"
    labels = zip(RESOURCES, material.called("resource", RESOURCES), strict=True)
    rows = [Row(name, label, material.cells(f"{key}.{name}", SIDES)) for name, label in labels]
    every = Row("total", material.voice.words["page"]["total"], material.cells(key, SIDES))
    return Table(
        f"{key}.kinds",
        material.voice.label("K8", "kinds"),
        material.called("side", SIDES),
        (*rows, every),
        str(boundary.id),
    )


def _directions(material: Material, boundary: Boundary) -> Table:
    """K8: from each section (rows) to each section (columns)."""
    names = {str(section.id): section.name for section in boundary.sections}
    names[SEVERAL] = material.voice.words["ends"][SEVERAL]
    ends = directions(boundary)
    rows = tuple(
        Row(
            giver,
            names[giver],
            material.cells(f"K8.{boundary.id}", tuple(f"{giver}>{taker}" for taker in ends)),
        )
        for giver in ends
    )
    return Table(
        f"K8.{boundary.id}.directions",
        material.voice.label("K8", "directions"),
        tuple(names[taker] for taker in ends),
        rows,
        str(boundary.id),
    )
