"""Keys: one entity by its key, `Figures(report_id=0197…,figure_id='K1.made')`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .errors import ODataError

if TYPE_CHECKING:
    from api.reports.entities import EntitySet, Row

PREDICATE = re.compile(r"(?:(\w+)=)?('(?:[^']|'')*'|[^',)]+)")


def by_key(rows: list[Row], text: str, entity_set: EntitySet) -> Row:
    """The row of this key; an ODataError 404 when there is none."""
    wanted = _read(text, entity_set)
    for row in rows:
        if all(str(row[name]) == value for name, value in wanted.items()):
            return row
    raise ODataError(404, "not_found", f"There is no {entity_set.type} of this key.")


def _read(text: str, entity_set: EntitySet) -> dict[str, str]:
    """The values of a key by property; a key of one property may leave its name out."""
    inside, _, after = text.rpartition(")")
    only = entity_set.keys[0] if len(entity_set.keys) == 1 else ""
    found = {name or only: _plain(value) for name, value in PREDICATE.findall(inside)}
    if after or set(found) != set(entity_set.keys):
        raise ODataError(400, "bad_key", f"The key is: {', '.join(entity_set.keys)}.")
    return found


def _plain(value: str) -> str:
    """A literal without its quotes."""
    if value.startswith("'"):
        return value[1:-1].replace("''", "'")
    return value.strip().lower()
