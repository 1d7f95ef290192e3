"""Run the benchmarks and print them as a table beside their budgets: `python -m bench [part …]`."""

from __future__ import annotations

import os
import sys
import time

from api.core.db import Database

from . import analysis, atlas, maps, phones, reads, reports, writes
from .report import Line, table

PARTS = {
    "push": writes.push,
    "single": writes.single,
    "list": reads.lists,
    "pull": reads.pulls,
    "phones": phones.pages,
    "crowd": phones.crowd,
    "maps": maps.maps,
    "atlas": atlas.atlas,
    "analysis": analysis.analysis,
    "reports": reports.reports,
    "memory": reads.memory,
}


def main(names: list[str]) -> None:
    """Measure the named parts, or all; everything on one machine, one after the other."""
    database = Database(os.environ["WEFT_DATABASE_URL"])
    lines: list[Line] = []
    for name in names or PARTS:
        began = time.perf_counter()
        found = PARTS[name](database)
        print(f"{name}: measured in {time.perf_counter() - began:.0f} s", file=sys.stderr)
        lines += found
    print(table(lines))
    database.close()


if __name__ == "__main__":
    main(sys.argv[1:])
