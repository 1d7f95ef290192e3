"""Tables: the counts of an indicator in rows and columns, beside its figures."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from .answers import LASTED
from .counts import SIDES, directions
from .facts import ANSWERS, FLOW_STATUSES, RESOURCES, STAGES, STATUSES, WHO
from .figures import Row, Table
from .formed import section_name
from .structure import cells

if TYPE_CHECKING:
    from .facts import Boundary
    from .material import Material


def tables(material: Material, indicator: str) -> tuple[Table, ...]:
    """All tables of one indicator."""
    make = MAKERS.get(indicator)
    return make(material) if make else ()


def _flows(material: Material) -> tuple[Table, ...]:
    per_boundary = [
        table
        for boundary in material.facts.boundaries
        for table in (_kinds(material, boundary), _directions(material, boundary))
    ]
    return (_column(material, "K8", "flow_status", (*FLOW_STATUSES, "total")), *per_boundary)


def _ties(material: Material, boundary: Boundary) -> Table:
    """K4: pairs of groups introduced, from section (rows) to section (columns); each pair once."""
    ends, key = boundary.ends(), f"K4.{boundary.id}"
    names = [section_name(material, boundary, end) for end in ends]
    ordered = {frozenset(cell): f"{cell[0]}-{cell[1]}" for cell in cells(boundary)}
    rows = tuple(
        Row(a, name, material.cells(key, tuple(ordered[frozenset((a, b))] for b in ends)))
        for a, name in zip(ends, names, strict=True)
    )
    label = material.voice.label("K4", "ties")
    return Table(f"{key}.ties", label, tuple(names), rows, str(boundary.id))


def _gaps(material: Material) -> tuple[Table, ...]:
    """K5: a row a boundary."""
    names = ("tied", "empty", "pairs")
    rows = tuple(
        Row(str(boundary.id), boundary.name, material.cells(f"K5.{boundary.id}", names))
        for boundary in material.facts.boundaries
    )
    label = material.voice.label("K5", "pairs")
    return (Table("K5.pairs", label, material.called("tie", names), rows),)


def _stages(material: Material) -> tuple[Table, ...]:
    """K7: a row a stage."""
    names = (*LASTED, "due")
    say = partial(material.voice.label, "K7", "days")
    rows = tuple(
        Row(str(stage), say(days=str(stage)), material.cells(f"K7.{stage}", names))
        for stage in STAGES
    )
    label = material.voice.label("K7", "stages")
    return (Table("K7.stages", label, material.called("lasted", names), rows),)


def _anyway(material: Material) -> tuple[Table, ...]:
    """K16: a row each for parties and connectors."""
    names = (*ANSWERS, "asked")
    labels = zip(WHO, material.called("who", WHO), strict=True)
    rows = tuple(Row(who, label, material.cells(f"K16.{who}", names)) for who, label in labels)
    label = material.voice.label("K16", "answers")
    return (Table("K16.answers", label, material.called("answer", names), rows),)


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
    ends = directions(boundary)
    names = {end: section_name(material, boundary, end) for end in ends}
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


MAKERS: Mapping[str, Callable[[Material], tuple[Table, ...]]] = {
    "K1": lambda material: (_column(material, "K1", "status", (*STATUSES, "total")),),
    "K2": lambda material: (_sides(material),),
    "K4": lambda material: tuple(_ties(material, each) for each in material.facts.boundaries),
    "K5": _gaps,
    "K7": _stages,
    "K8": _flows,
    "K10": lambda material: (_column(material, "K10", "answer", (*ANSWERS, "asked")),),
    "K16": _anyway,
}
