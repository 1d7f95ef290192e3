"""Forms: which columns each file has, and what a line of it asks for."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from . import cells
from .present import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from .present import Document, Present
    from .reading import Line, Sheet

PLAIN: dict[str, dict[str, Callable[[str], Any]]] = {
    "boundaries": {
        "boundary": cells.text,
        "question": cells.text,
        "section": cells.text,
        "population": cells.whole,
    },
    "spaces": {
        "name": cells.text,
        "type": cells.choice,
        "lat": cells.number,
        "lon": cells.number,
        "address": cells.text,
        "open_to": cells.choice,
        "step_free": cells.flag,
        "opening_hours": cells.text,
        "never_map": cells.flag,
        "status": cells.choice,
    },
    "groups": {
        "name": cells.text,
        "type": cells.choice,
        "description": cells.text,
        "home_space": cells.text,
        "active_from": cells.text,
        "active_to": cells.text,
        "external_ids": cells.words,
        "status": cells.choice,
    },
}
NAMED_BY = {"boundaries": "boundary", "spaces": "name", "groups": "name"}
UNKNOWN = "This column is not known. Known are: {known}{sections}."
SECTIONS = ", and for sections the name of a boundary, or Boundary=Section"


@dataclass
class Wish:
    """What a line asks for: a record, found or to be made, and some of its values.

    `columns` says of each field which column it came from; `problems` are (column, sentence).
    """

    line: int
    kind: str
    name: str
    values: dict[str, Any] = field(default_factory=dict)
    columns: dict[str, str] = field(default_factory=dict)
    problems: list[tuple[str, str]] = field(default_factory=list)
    within: str = ""  # of a section, its boundary's name


@dataclass(frozen=True)
class Columns:
    """A file's columns: plain ones by the name we know them by, and those that name sections."""

    plain: dict[str, str]
    boundaries: dict[str, Document]
    sections: dict[str, tuple[Document, Document]]
    unknown: tuple[str, ...] = ()


def recognise(kind: str, sheet: Sheet, present: Present) -> Columns:
    """Which column is what; a group's may name a boundary, or a boundary and a section."""
    found = Columns({}, {}, {})
    unknown = []
    for column in sheet.columns:
        known = "_".join(fold(column).replace("-", " ").split())
        boundary, sign, section = (part.strip() for part in column.partition("="))
        lines = present.named("boundaries", boundary) if kind == "groups" else []
        sides = present.named("sections", section, boundary_id=lines[0]["id"]) if lines else []
        if known in PLAIN[kind]:
            found.plain[column] = known
        elif sign and sides:
            found.sections[column] = (lines[0], sides[0])
        elif lines and not sign:
            found.boundaries[column] = lines[0]
        else:
            unknown.append(column)
    return Columns(found.plain, found.boundaries, found.sections, tuple(unknown))


def refuse_unknown(kind: str, columns: Columns) -> Iterator[tuple[str, str]]:
    """A sentence for each column that is nothing we know."""
    known = ", ".join(PLAIN[kind])
    sections = SECTIONS if kind == "groups" else ""
    for column in columns.unknown:
        yield column, UNKNOWN.format(known=known, sections=sections)
    if NAMED_BY[kind] not in columns.plain.values():
        yield NAMED_BY[kind], "This column is missing."


def read_line(kind: str, line: Line, columns: Columns, present: Present) -> list[Wish]:
    """What a line asks for; of a boundary's, the boundary and the section it names."""
    said: dict[str, Any] = {}
    origin = {known: column for column, known in columns.plain.items()}
    wish = Wish(line.number, kind, "", columns=origin)
    for column, known in columns.plain.items():
        if column in line.cells:
            try:
                said[known] = PLAIN[kind][known](line.cells[column])
            except ValueError as error:
                wish.problems.append((column, str(error)))
    wish.name = said.pop(NAMED_BY[kind], "")
    if not wish.name:
        wish.problems.append((origin[NAMED_BY[kind]], "This line has no name."))
    wish.values = said
    return _SHAPES[kind](wish, line, columns, present)


def _shape_space(wish: Wish, _: Line, __: Columns, ___: Present) -> list[Wish]:
    said = wish.values
    ends = [said.pop("lon", None), said.pop("lat", None)]
    if None not in ends:
        said["geometry"] = {"type": "Point", "coordinates": ends}
    elif ends != [None, None] and not wish.problems:  # of what cannot be read, more is not said
        column = "lat" if ends[1] is None else "lon"
        wish.problems.append((wish.columns.get(column, column), "Give lat and lon, or neither."))
    wish.columns["geometry"] = wish.columns.get("lat", "lat")
    wish.values = {"name": wish.name} | said
    return [wish]


def _shape_boundary(wish: Wish, _: Line, __: Columns, ___: Present) -> list[Wish]:
    said, name = wish.values, wish.name
    section, population = said.pop("section", None), said.pop("population", None)
    wish.values = {"name": name} | said
    wish.columns["name"] = wish.columns["boundary"]
    if section is None:
        return [wish]
    values = {"name": section} | ({} if population is None else {"population": population})
    columns = wish.columns | {"name": wish.columns["section"]}
    return [wish, Wish(wish.line, "sections", section, values, columns, [], within=name)]


def _shape_group(wish: Wish, line: Line, columns: Columns, present: Present) -> list[Wish]:
    said = wish.values
    home = said.pop("home_space", None)
    if home is not None:
        column = wish.columns["home_space"]
        found = present.named("spaces", home)
        if len(found) == 1:
            said["home_space_id"] = found[0]["id"]
        else:
            times = "Several spaces are" if found else "There is no space"
            wish.problems.append((column, f"{times} called {home}."))
        wish.columns["home_space_id"] = column
    wish.values = {"name": wish.name} | said
    _take_sections(wish, line, columns, present)
    return [wish]


def _take_sections(wish: Wish, line: Line, columns: Columns, present: Present) -> None:
    """Sections a line names replace those the group has in the same boundaries, and no others."""
    shares: dict[str, dict[str, float]] = defaultdict(dict)
    for column, boundary in columns.boundaries.items():
        if column in line.cells:
            name = line.cells[column]
            sides = present.named("sections", name, boundary_id=boundary["id"])
            if sides:
                shares[boundary["id"]][sides[0]["id"]] = 1.0
            else:
                wish.problems.append((column, f"{boundary['name']} has no section {name}."))
    for column, (boundary, section) in columns.sections.items():
        if column in line.cells:
            try:
                shares[boundary["id"]][section["id"]] = cells.share(line.cells[column])
            except ValueError:
                wish.problems.append((column, cells.SHARE))
    wish.columns["sections"] = next(iter([*columns.boundaries, *columns.sections]), "sections")
    if shares:
        wish.values["sections"] = {b: {s: x for s, x in v.items() if x} for b, v in shares.items()}


_SHAPES = {"boundaries": _shape_boundary, "spaces": _shape_space, "groups": _shape_group}
