"""Telling: an answer as text, for people and for spreadsheets."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

FORMS = ("table", "csv", "json")
FORMULA = "-+=@\t\r"  # how a formula begins in a spreadsheet


def tell(answer: dict[str, Any], form: str) -> str:
    """The answer in one of FORMS."""
    if form == "json":
        return json.dumps(answer, indent=2, ensure_ascii=False)
    return (as_csv if form == "csv" else as_table)(answer).rstrip("\n")


def as_csv(answer: dict[str, Any]) -> str:
    """Two columns, `figure` and `value`: paths such as `sections.0.homophily`."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(("figure", "value"))
    writer.writerows((path, _harmless(value)) for path, value in _leaves("", answer))
    return written.getvalue()


def as_table(answer: dict[str, Any]) -> str:
    """Figures one a line, then each list as a table of its own."""
    single = dict(_leaves("", answer, is_shallow=True))
    width = max(map(len, single), default=0)
    lines = [f"{path:<{width}}  {_shown(value)}" for path, value in single.items()]
    for path, rows in _lists("", answer):
        lines += ["", path, *_aligned(_columns(rows))]
    return "\n".join(lines)


def _leaves(path: str, value: object, *, is_shallow: bool = False) -> Iterator[tuple[str, Any]]:
    """Every single value with its path; not those in lists where `is_shallow`."""
    inside: Iterable[tuple[Any, Any]]
    if isinstance(value, dict):
        inside = value.items()
    elif isinstance(value, list):
        inside = () if is_shallow else enumerate(value)
    else:
        yield path, value
        return
    for name, each in inside:
        yield from _leaves(f"{path}.{name}" if path else str(name), each, is_shallow=is_shallow)


def _lists(path: str, value: object) -> Iterator[tuple[str, list[Any]]]:
    """Every list that is not in a list, with its path."""
    if isinstance(value, list) and value:
        yield path, value
    elif isinstance(value, dict):
        for name, each in value.items():
            yield from _lists(f"{path}.{name}" if path else str(name), each)


def _columns(rows: list[Any]) -> list[list[str]]:
    """A list as rows of cells, with a heading where its members have names."""
    if not isinstance(rows[0], dict):
        return [
            [_shown(each) for each in (row if isinstance(row, list) else [row])] for row in rows
        ]
    flat = [{path: _shown(value) for path, value in _leaves("", row)} for row in rows]
    heading = list(dict.fromkeys(path for row in flat for path in row))
    return [heading, *([row.get(path, "") for path in heading] for row in flat)]


def _aligned(cells: list[list[str]]) -> Iterator[str]:
    widths = [
        max(len(row[i]) for row in cells if i < len(row)) for i in range(max(map(len, cells)))
    ]
    for row in cells:
        yield "  " + "  ".join(f"{each:<{widths[i]}}" for i, each in enumerate(row)).rstrip()


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "–" if value is None else str(value)


def _harmless(value: object) -> object:
    """Text that a spreadsheet would take for a formula is marked as text."""
    return f"'{value}" if isinstance(value, str) and value.startswith(tuple(FORMULA)) else value
