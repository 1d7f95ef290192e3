"""Writing: rows as a CSV file that no spreadsheet takes for formulas."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from .reading import is_risky

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MARK = "\ufeff"  # without it, some spreadsheets read UTF-8 as something else


def write_sheet(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """UTF-8 with its mark, CRLF, and a quote before what would be read as a formula."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([harmless(column) for column in columns])
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return (MARK + out.getvalue()).encode()


def harmless(cell: object) -> str:
    """A cell's text; what begins like a formula gets a quote in front, numbers do not."""
    text = "" if cell is None else str(cell)
    return f"'{text}" if is_risky(text) else text
