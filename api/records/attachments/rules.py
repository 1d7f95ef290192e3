"""Rules of attachments: what they belong to."""

from __future__ import annotations

from typing import Any

from .schema import OWNERS


def require_one_owner(values: Any) -> dict[str, str]:
    """It belongs to exactly one record."""
    named = [name for name in OWNERS if getattr(values, name)]
    if len(named) == 1:
        return {}
    return {"_": f"Name exactly one of: {', '.join(OWNERS)}."}
