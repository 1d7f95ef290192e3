"""Reading: a spreadsheet as people save it, whatever program and country it comes from."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass

from api.core.problems import Problem

MOST_LINES = 5_000
DELIMITERS = ",;\t"
RISKY = "=+-@\t\r"  # what a spreadsheet would take for a formula
NUMBER = re.compile(r"^[+-]?\d+([.,]\d+)?$")
BLANK = "The file is empty. Its first line names the columns."


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the file: where it begins, counted from 1, and its cells by column."""

    number: int
    cells: dict[str, str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file as it was read."""

    encoding: str
    delimiter: str
    header: int  # the line that names the columns
    columns: tuple[str, ...]
    lines: tuple[Line, ...]


def at(line: int, column: str = "") -> str:
    """Where in the file, as a problem's path: `line 3, type`."""
    return f"line {line}, {column}" if column else f"line {line}"


def read_sheet(body: bytes) -> Sheet:
    """The columns and lines of a file; a `validation_failed` problem says where it cannot be read.

    UTF-8 with or without a mark, UTF-16 with one, else Windows-1252; commas, semicolons or tabs;
    any line ends; and the line `sep=;` that some programs put first.
    """
    text, encoding = _decode(body)
    skipped = re.match(r"\ufeff?sep=(.)\r?\n", text)
    text = text[skipped.end() :] if skipped else text.lstrip("\ufeff")
    delimiter = skipped[1] if skipped else _delimiter(text)
    rows = _rows(text, delimiter, begins=2 if skipped else 1)
    if not rows:
        raise Problem("validation_failed", fields={at(1): [BLANK]})
    (first, header), *rest = rows
    columns = _columns(first, header)
    if len(rest) > MOST_LINES:
        raise Problem("batch_too_large", f"At most {MOST_LINES} lines at once.")
    lines = tuple(Line(number, _cells(number, columns, cells)) for number, cells in rest)
    return Sheet(encoding, delimiter, first, tuple(c for c in columns if c), lines)


def _decode(body: bytes) -> tuple[str, str]:
    marked = body[:2] in (b"\xff\xfe", b"\xfe\xff")
    for encoding in ("utf-16",) if marked else ("utf-8", "windows-1252"):
        try:
            text = body.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text, encoding
    sentence = "This is not text. Save it as CSV UTF-8 and send that."
    raise Problem("validation_failed", fields={at(1): [sentence]})


def _delimiter(text: str) -> str:
    """What stands most often in the first line, outside quotes."""
    header = re.sub(r'"[^"]*"', "", text.lstrip("\r\n").partition("\n")[0])
    return max(DELIMITERS, key=header.count)


def _rows(text: str, delimiter: str, *, begins: int) -> list[tuple[int, list[str]]]:
    """Rows with something in them, each with the number of the line it begins on."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows, number = [], begins
    try:
        for row in reader:
            cells = [_plain(cell) for cell in row]
            if any(cells):
                rows.append((number, cells))
            number = begins + reader.line_num
    except csv.Error as error:
        sentence = "A quote is opened here and not closed, or something follows one."
        raise Problem("validation_failed", fields={at(number): [sentence]}) from error
    return rows


def _plain(cell: str) -> str:
    """A cell without space around it, and without the quote that kept it from being a formula."""
    cell = cell.strip()
    return cell[1:] if cell[:1] == "'" and is_risky(cell) else cell


def is_risky(cell: str) -> bool:
    """Whether a spreadsheet would take it for a formula, were it not for quotes in front."""
    bare = cell.lstrip("'")
    return bool(bare) and bare[0] in RISKY and not NUMBER.match(cell)


def _columns(number: int, header: list[str]) -> list[str]:
    for name in header:
        if name and header.count(name) > 1:
            sentence = "There are two columns of this name."
            raise Problem("validation_failed", fields={at(number, name): [sentence]})
    return header


def _cells(number: int, columns: list[str], cells: list[str]) -> dict[str, str]:
    """Cells by column; blank ones are left out. One beyond the named columns is a problem."""
    named = [*columns, *[""] * (len(cells) - len(columns))]
    for place, (column, cell) in enumerate(zip(named, cells, strict=False), 1):
        if cell and not column:
            sentence = "The first line does not name this column."
            raise Problem("validation_failed", fields={at(number, f"column {place}"): [sentence]})
    return {column: cell for column, cell in zip(named, cells, strict=False) if cell}
