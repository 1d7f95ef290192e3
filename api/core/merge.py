"""Merge: two edits of one record that began from the same state, field by field."""

from __future__ import annotations

from typing import Any


def merge(
    base: Any, theirs: Any, mine: Any, names: tuple[str, ...]
) -> tuple[dict[str, Any], list[str]]:
    """Three-way merge: (merged fields, names of fields both sides changed differently).

    A list of parts is one field. Where only one side changed a field, that side's value stands.
    """
    merged: dict[str, Any] = {}
    clashes: list[str] = []
    for name in names:
        was, there, here = getattr(base, name), getattr(theirs, name), getattr(mine, name)
        if here not in (was, there) and there != was:
            clashes.append(name)
        merged[name] = there if here == was else here
    return merged, clashes
