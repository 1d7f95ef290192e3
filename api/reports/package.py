"""Package: a frozen report as CSV files in a zip, a Tabular Data Package (Frictionless).

Every table is long: a row a figure or a cell, under columns that are the same in every report and
language. `datapackage.json` is the data dictionary. A count that is not shown has an empty value
and says why in its state and its words. The same report gives the same bytes.
"""

from __future__ import annotations

import csv
import json
from io import BytesIO, StringIO
from typing import TYPE_CHECKING, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from .entities import CELL, FIGURE, cells, figures

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

LONG_AGO = (1980, 1, 1, 0, 0, 0)  # so that bytes do not tell when they were made
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what spreadsheets take for the start of one
TYPES = {
    "Edm.Date": "date",
    "Edm.Double": "number",
    "Edm.Int32": "integer",
    "Edm.Int64": "integer",
}
INDICATOR = dict.fromkeys(("indicator", "title", "sentence", "not_shown", "guards"), "Edm.String")
STATES = ["exact", "rounded", "hidden", "withheld"]
KEYS = {
    "indicators": ["indicator"],
    "figures": ["figure_id"],
    "cells": ["table_id", "row_id", "column"],
}
MEANINGS = {
    "report_id": "The report all of this is from.",
    "period_from": "The first day of the period.",
    "period_to": "The day after the last day of the period.",
    "indicator": "Which indicator, K0 and so on: the same in every report.",
    "indicator_title": "The indicator's title.",
    "title": "The indicator's title.",
    "sentence": "What the indicator counts.",
    "not_shown": "What the indicator does not show.",
    "guards": "What holds for every number of the indicator.",
    "figure_id": "The figure: the same in every report of this network.",
    "boundary_id": "The boundary it is about; empty for none.",
    "label": "The name of the figure.",
    "reading": "The figure as a sentence.",
    "numerator": "The count; empty when it is not shown.",
    "numerator_state": "Whether the count is exact, rounded, hidden or withheld.",
    "denominator": "What it is a count of; empty when there is no such count or it is not shown.",
    "denominator_state": "Whether that count is exact, rounded, hidden or withheld.",
    "share": "numerator / denominator, of one; empty below a denominator of 20.",
    "share_low": "The lower end of its Wilson 95% interval.",
    "share_high": "The upper end of its Wilson 95% interval.",
    "coverage": "The part of the whole that the share can speak for, of one.",
    "expected": "The share that chance would give, of one.",
    "excess": "share - expected.",
    "beyond": "Whether the share is more or fewer than chance would give, or as_expected.",
    "reason": "Why there is no number.",
    "table_id": "The table: the same in every report of this network.",
    "table_label": "The name of the table.",
    "row_id": "The row: a name of ours, or the id of a section or boundary.",
    "row_label": "The name of the row.",
    "column": "Which column of the table, from 0.",
    "column_label": "The name of the column.",
    "value": "The count; empty when it is not shown, which never means 0.",
    "state": "Whether the count is exact, rounded, hidden or withheld.",
    "text": "The count in words; says so when it is not shown.",
}


def render(report: dict[str, Any], digest: str) -> bytes:
    """The zip: datapackage.json and a CSV file for each table."""
    released = ({"id": report["id"]}, report)
    resources = {
        "indicators": (INDICATOR, _indicators(report)),
        "figures": (FIGURE, figures(released)),
        "cells": (CELL, cells(released)),
    }
    described = [_resource(name, columns) for name, (columns, _) in resources.items()]
    file = BytesIO()
    with ZipFile(file, "w") as zipped:
        about = json.dumps(_about(report, digest) | {"resources": described}, indent=2)
        _add(zipped, "datapackage.json", about)
        for name, (columns, rows) in resources.items():
            _add(zipped, f"{name}.csv", written(columns, rows))
    return file.getvalue()


def written(columns: Iterable[str], rows: Iterable[Mapping[str, Any]]) -> str:
    """Rows as CSV (RFC 4180)."""
    file, names = StringIO(newline=""), list(columns)
    writer = csv.writer(file)
    writer.writerow(names)
    writer.writerows([tame(row[name]) for name in names] for row in rows)
    return file.getvalue()


def tame(value: Any) -> Any:
    """Text that a spreadsheet would take for a formula, with an apostrophe before it."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


def _indicators(report: dict[str, Any]) -> Iterable[dict[str, Any]]:
    for made in report["indicators"]:
        said = {name: made[name] for name in ("title", "sentence", "not_shown")}
        yield said | {"indicator": made["id"], "guards": " ".join(made["guards"])}


def _about(report: dict[str, Any], digest: str) -> dict[str, Any]:
    hidden = report["disclosure"]
    return {
        "profile": "tabular-data-package",
        "name": f"report-{report['id']}",
        "id": report["id"],
        "title": report["network"]["name"],
        "created": report["frozen_at"],
        "description": (
            "Figures of one period, frozen. Text that begins like a formula has an apostrophe"
            " before it. SHA-256 of the report as JSON: " + digest
        ),
        "disclosure": hidden,
        "audience": report["audience"],
        "language": report["language"],
        "method_version": report["method_version"],
    }


def _resource(name: str, columns: Mapping[str, str]) -> dict[str, Any]:
    return {
        "profile": "tabular-data-resource",
        "name": name,
        "path": f"{name}.csv",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": {
            "fields": [_field(column, kind) for column, kind in columns.items()],
            "primaryKey": KEYS[name],
            "missingValues": [""],
        },
    }


def _field(name: str, kind: str) -> dict[str, Any]:
    said = {
        "name": name,
        "type": TYPES.get(kind, "string"),
        "description": MEANINGS[name],
    }
    if name == "state" or name.endswith("_state"):
        return said | {"constraints": {"enum": STATES}}
    return said


def _add(zipped: ZipFile, name: str, text: str) -> None:
    entry = ZipInfo(name, LONG_AGO)
    entry.compress_type, entry.external_attr = ZIP_DEFLATED, 0o644 << 16
    zipped.writestr(entry, text.encode())
