"""XLSX: a frozen report as a workbook: a sheet that explains, one of figures, one for each table.

Numbers are numbers. Text is only ever written as text, so that a name beginning with = or @ is a
name and no formula; a count that is not shown says so in words. The same report gives the same
bytes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from io import BytesIO
from typing import TYPE_CHECKING, Any

from .voice import Voice

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

Cell = str | int | float | None
WIDE, NARROW = 34, 15


@dataclass(slots=True)
class Sheet:
    """One sheet: its name, what stands above the rows, their head, and the rows."""

    name: str
    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    is_text: bool = False  # wide columns whose text runs over several lines
    percents: frozenset[int] = field(default_factory=frozenset)


def render(report: dict[str, Any], digest: str) -> bytes:
    """The workbook."""
    import xlsxwriter  # only whoever asks for a workbook waits for it

    file, voice = BytesIO(), Voice(report["language"])
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book:
        frozen_at = datetime.fromisoformat(report["frozen_at"]).replace(tzinfo=None)
        book.set_properties({"title": voice.words["page"]["title"], "created": frozen_at})
        looks = _looks(book)
        for sheet in sheets(report, digest, voice):
            _write(book.add_worksheet(sheet.name), sheet, looks, voice)
    return file.getvalue()


def sheets(report: dict[str, Any], digest: str, voice: Voice) -> Iterator[Sheet]:
    """All sheets, in the order of the report."""
    said = voice.words["sheet"]
    tables = list(_tables(report))
    yield _readme(report, digest, voice, tables)
    yield _definitions(report, voice)
    yield Sheet(
        said["figures"],
        said["figures"],
        _figure_head(voice),
        list(_figures(report, voice)),
        percents=frozenset(range(6, 11)),
    )
    yield from tables


def _readme(report: dict[str, Any], digest: str, voice: Voice, tables: Sequence[Sheet]) -> Sheet:
    """What this is, what it must not be taken for, and what stands where."""
    page, said, period = voice.words["page"], voice.words["sheet"], report["period"]
    last = date.fromisoformat(period["to"]) - timedelta(days=1)
    ends = {"first": voice.day(date.fromisoformat(period["from"])), "last": voice.day(last)}
    hidden = report["disclosure"]
    rows: list[Sequence[Cell]] = [
        (report["network"]["name"], voice.words["language"]["period"].format(**ends)),
        ("", voice.words["audience"][report["audience"]]),
        ("", _disclosure(hidden, page)),
        ("", page["report_id"].format(id=report["id"])),
        ("", page["digest"].format(digest=digest)),
    ]
    for part, sentences in report["summary"].items():
        rows += [(page.get(part, ""), sentence) for sentence in sentences]
    rows += [(said["figures"], said["about_figures"])]
    rows += [(sheet.name, sheet.title) for sheet in tables]
    return Sheet(said["readme"], page["title"], (), rows, is_text=True)


def _disclosure(hidden: dict[str, Any], page: dict[str, str]) -> str:
    if hidden["threshold"] is None:
        return page["disclosure_exact"]
    return page["disclosure_rounded"].format(most=hidden["threshold"] - 1, base=hidden["rounding"])


def _definitions(report: dict[str, Any], voice: Voice) -> Sheet:
    """What every indicator counts, and what it does not show."""
    page, said = voice.words["page"], voice.words["sheet"]
    head = ("", said["indicator"], page["definition"], page["not_shown"], said["guards"])
    rows = [
        (made["id"], made["title"], made["sentence"], made["not_shown"], " ".join(made["guards"]))
        for made in report["indicators"]
    ]
    return Sheet(said["definitions"], said["definitions"], head, rows, is_text=True)


def _figure_head(voice: Voice) -> tuple[str, ...]:
    page, said = voice.words["page"], voice.words["sheet"]
    return (
        "",
        said["boundary"],
        said["figure"],
        said["sentence"],
        page["counted"],
        page["of"],
        page["share"],
        said["low"],
        said["high"],
        page["expected"],
        page["excess"],
        said["hours"],
        said["reason"],
    )


def _figures(report: dict[str, Any], voice: Voice) -> Iterator[tuple[Cell, ...]]:
    """A row a figure."""
    names = {boundary["id"]: boundary["name"] for boundary in report["boundaries"]}
    for indicator in report["indicators"]:
        for figure in indicator["figures"]:
            share, beside = figure["share"] or {}, figure["against"] or {}
            yield (
                indicator["id"],
                names.get(figure["boundary_id"], ""),
                figure["label"],
                figure["reading"],
                shown(figure["numerator"]),
                shown(figure["denominator"]),
                share.get("value"),
                *(share.get("interval") or (None, None)),
                beside.get("expected"),
                beside.get("excess"),
                figure["median_hours"],
                voice.words["reason"].get(figure["reason"], ""),
            )


def _tables(report: dict[str, Any]) -> Iterator[Sheet]:
    """A sheet a table, named by its indicator and its place in it."""
    names = {boundary["id"]: boundary["name"] for boundary in report["boundaries"]}
    for indicator in report["indicators"]:
        for at, table in enumerate(indicator["tables"], start=1):
            boundary = names.get(table["boundary_id"])
            title = f"{boundary}: {table['label']}" if boundary else table["label"]
            rows = [
                (row["label"], *(shown(count) for count in row["cells"])) for row in table["rows"]
            ]
            yield Sheet(f"{indicator['id']} {at}", title, ("", *table["columns"]), rows)


def shown(count: dict[str, Any] | None) -> Cell:
    """A count as a number, or the words for why there is none."""
    if count is None:
        return None
    value: int | None = count["value"]
    return str(count["text"]) if value is None else value


def _looks(book: Workbook) -> dict[str, Format]:
    text = {"text_wrap": True, "valign": "top"}
    return {
        "title": book.add_format({"bold": True, "font_size": 14}),
        "head": book.add_format({"bold": True, "bottom": 1} | text),
        "text": book.add_format(text),
        "number": book.add_format({"num_format": "#,##0", "valign": "top"}),
        "percent": book.add_format({"num_format": "0%", "valign": "top"}),
    }


def _write(page: Worksheet, sheet: Sheet, looks: dict[str, Format], voice: Voice) -> None:
    """Fill a sheet; every string by `write_string`, which knows no formulas."""
    if voice.words["language"]["direction"] == "rtl":
        page.right_to_left()
    page.set_column(0, 0, WIDE if not sheet.is_text else NARROW + 6)
    page.set_column(1, 12, 2 * WIDE if sheet.is_text else NARROW)
    page.write_string(0, 0, sheet.title, looks["title"])
    for at, name in enumerate(sheet.head):
        page.write_string(2, at, name, looks["head"])
    for down, row in enumerate(sheet.rows, start=3):
        for at, cell in enumerate(row):
            if isinstance(cell, str):
                page.write_string(down, at, cell, looks["text"])
            elif cell is not None:
                look = "percent" if at in sheet.percents else "number"
                page.write_number(down, at, cell, looks[look])
    page.freeze_panes(3, 1)
