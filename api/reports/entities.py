"""Entities: released reports, their figures and the cells of their tables as flat rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

Row = dict[str, Any]
Released = tuple[dict[str, Any], dict[str, Any]]  # what the list says of a report; its content


@dataclass(frozen=True, slots=True)
class EntitySet:
    """Rows of one type: its properties with their types, and which of them are the key."""

    name: str
    type: str
    keys: tuple[str, ...]
    properties: Mapping[str, str]
    rows: Callable[[Released], Iterator[Row]]


_PERIOD = {"period_from": "Edm.Date", "period_to": "Edm.Date"}

REPORT = {
    "id": "Edm.Guid",
    "network": "Edm.String",
    **_PERIOD,
    "template": "Edm.String",
    "audience": "Edm.String",
    "language": "Edm.String",
    "frozen_at": "Edm.DateTimeOffset",
    "released_at": "Edm.DateTimeOffset",
    "revision": "Edm.Int64",
    "method_version": "Edm.String",
    "hidden_below": "Edm.Int32",
    "rounded_to": "Edm.Int32",
    "digest": "Edm.String",
    "grants": "Edm.String",
}

FIGURE = {
    "report_id": "Edm.Guid",
    "figure_id": "Edm.String",
    **_PERIOD,
    "indicator": "Edm.String",
    "indicator_title": "Edm.String",
    "boundary_id": "Edm.Guid",
    "label": "Edm.String",
    "reading": "Edm.String",
    "numerator": "Edm.Int64",
    "numerator_state": "Edm.String",
    "denominator": "Edm.Int64",
    "denominator_state": "Edm.String",
    "share": "Edm.Double",
    "share_low": "Edm.Double",
    "share_high": "Edm.Double",
    "coverage": "Edm.Double",
    "expected": "Edm.Double",
    "excess": "Edm.Double",
    "beyond": "Edm.String",
    "reason": "Edm.String",
}

CELL = {
    "report_id": "Edm.Guid",
    "table_id": "Edm.String",
    "row_id": "Edm.String",
    "column": "Edm.Int32",
    **_PERIOD,
    "indicator": "Edm.String",
    "boundary_id": "Edm.Guid",
    "table_label": "Edm.String",
    "row_label": "Edm.String",
    "column_label": "Edm.String",
    "value": "Edm.Int64",
    "state": "Edm.String",
    "text": "Edm.String",
}


def reports(released: Released) -> Iterator[Row]:
    """One row: the report."""
    entry, report = released
    same = ("template", "audience", "language", "released_at", "revision", "method_version")
    yield {name: entry[name] for name in ("id", "digest", *same)} | {
        "network": report["network"]["name"],
        **_period(report),
        "frozen_at": datetime.fromisoformat(report["frozen_at"]),
        "hidden_below": report["disclosure"]["threshold"],
        "rounded_to": report["disclosure"]["rounding"],
        "grants": ", ".join(entry["grants"]),
    }


def figures(released: Released) -> Iterator[Row]:
    """A row a figure."""
    entry, report = released
    for indicator in report["indicators"]:
        for figure in indicator["figures"]:
            yield {
                "report_id": entry["id"],
                "figure_id": figure["key"],
                **_period(report),
                "indicator": indicator["id"],
                "indicator_title": indicator["title"],
                "boundary_id": _uuid(figure["boundary_id"]),
                **{name: figure[name] for name in ("label", "reading", "reason")},
                **_numbers(figure),
            }


def cells(released: Released) -> Iterator[Row]:
    """A row a cell of a table."""
    entry, report = released
    for indicator in report["indicators"]:
        for table in indicator["tables"]:
            whole = {
                "report_id": entry["id"],
                "table_id": table["key"],
                **_period(report),
                "indicator": indicator["id"],
                "boundary_id": _uuid(table["boundary_id"]),
                "table_label": table["label"],
            }
            yield from (whole | cell for cell in _cells(table))


def _cells(table: dict[str, Any]) -> Iterator[Row]:
    for row in table["rows"]:
        for at, (label, cell) in enumerate(zip(table["columns"], row["cells"], strict=True)):
            shown = {name: cell[name] for name in ("value", "state", "text")}
            place = {"row_id": row["id"], "row_label": row["label"], "column": at}
            yield place | {"column_label": label} | shown


def _numbers(figure: dict[str, Any]) -> Row:
    """The numbers of a figure; null where the report shows none."""
    denominator, share = figure["denominator"] or {}, figure["share"] or {}
    low, high = share.get("interval") or (None, None)
    beside = figure["against"] or {}
    return {
        "numerator": figure["numerator"]["value"],
        "numerator_state": figure["numerator"]["state"],
        "denominator": denominator.get("value"),
        "denominator_state": denominator.get("state"),
        "share": share.get("value"),
        "share_low": low,
        "share_high": high,
        "coverage": (figure["coverage"] or {}).get("value"),
        **{name: beside.get(name) for name in ("expected", "excess", "beyond")},
    }


def _period(report: dict[str, Any]) -> Row:
    ends = report["period"]
    return {f"period_{end}": date.fromisoformat(ends[end]) for end in ("from", "to")}


def _uuid(text: str | None) -> UUID | None:
    return UUID(text) if text else None


ENTITY_SETS = {
    found.name: found
    for found in (
        EntitySet("Reports", "Report", ("id",), REPORT, reports),
        EntitySet("Figures", "Figure", ("report_id", "figure_id"), FIGURE, figures),
        EntitySet("Cells", "Cell", ("report_id", "table_id", "row_id", "column"), CELL, cells),
    )
}


def rows_of(entity_set: EntitySet, released: Sequence[Released]) -> list[Row]:
    """All rows of a set, every property in its place."""
    return [
        {name: row[name] for name in entity_set.properties}
        for each in released
        for row in entity_set.rows(each)
    ]
