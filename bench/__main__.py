"""Run the benchmarks and print them as a table beside their budgets: `python -m bench [part …]`."""

from __future__ import annotations

import os
import sys
import time
import traceback

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


def main(names: list[str]) -> int:
    """Measure the named parts, or all, one after the other; 1 when one could not be measured."""
    database = Database(os.environ["WEFT_DATABASE_URL"])
    lines: list[Line] = []
    failed: list[str] = []
    for name in names or PARTS:
        began = time.perf_counter()
        try:
            lines += PARTS[name](database)
        except Exception:  # noqa: BLE001  (the others are worth measuring all the same)
            traceback.print_exc()
            failed.append(name)
        print(f"{name}: done after {time.perf_counter() - began:.0f} s", file=sys.stderr)
    print(table(lines))
    database.close()
    if failed:
        print(f"not measured: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
