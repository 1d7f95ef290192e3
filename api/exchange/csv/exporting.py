"""Exporting: what a network has, in the columns an import reads: edit it, and send it back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .forms import PLAIN
from .writing import write_sheet

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .present import Document, Present


def export(kind: str, present: Present) -> bytes:
    """Boundaries with their sections, spaces or groups, a line each; only what is shared."""
    columns, rows = _EXPORTS[kind](present)
    return write_sheet(columns, ([_said(cell) for cell in row] for row in rows))


def _said(cell: Any) -> Any:
    """A cell's value as an import reads it."""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float):
        return f"{cell:.7f}".rstrip("0").rstrip(".")
    return "|".join(cell) if isinstance(cell, list) else cell


def _boundaries(present: Present) -> tuple[list[str], Iterator[list[Any]]]:
    def rows() -> Iterator[list[Any]]:
        for boundary in present.records["boundaries"]:
            said = [boundary["name"], boundary["question"]]
            sections = [
                [section["name"], section["population"]]
                for section in present.records["sections"]
                if section["boundary_id"] == boundary["id"]
            ]
            yield from (said + section for section in sections or [[None, None]])

    return list(PLAIN["boundaries"]), rows()


def _spaces(present: Present) -> tuple[list[str], Iterator[list[Any]]]:
    """Homes have no name, and a space that must not be mapped leaves in no file."""
    columns = list(PLAIN["spaces"])
    spaces = (s for s in present.records["spaces"] if s["name"] and not s["never_map"])
    return columns, ([(space | _position(space)).get(c) for c in columns] for space in spaces)


def _position(space: Document) -> dict[str, Any]:
    """Of a point; an outline is drawn on a map and not in a spreadsheet, so it stays blank."""
    shape = space["geometry"] or {}
    if shape.get("type") != "Point":
        return {}
    lon, lat = shape["coordinates"]
    return {"lat": float(lat), "lon": float(lon)}


def _groups(present: Present) -> tuple[list[str], Iterator[list[Any]]]:
    lines = present.by_id("boundaries")
    sides = [s for s in present.records["sections"] if s["boundary_id"] in lines]
    order = [each["id"] for each in present.records["boundaries"]]
    sides.sort(key=lambda section: order.index(section["boundary_id"]))
    heads = [f"{lines[side['boundary_id']]['name']}={side['name']}" for side in sides]
    homes = {s["id"]: s["name"] for s in present.records["spaces"] if not s["never_map"]}

    def rows() -> Iterator[list[Any]]:
        for group in present.records["groups"]:
            home = {"home_space": homes.get(group["home_space_id"])}
            shares = {each["section_id"]: float(each["share"]) for each in group["sections"]}
            plain = [(group | home).get(column) for column in PLAIN["groups"]]
            yield plain + [shares.get(side["id"]) for side in sides]

    return [*PLAIN["groups"], *heads], rows()


_EXPORTS = {"boundaries": _boundaries, "spaces": _spaces, "groups": _groups}
