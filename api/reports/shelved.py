"""Shelved: a frozen report as it lies on the shelf, and what may stand around it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime
    from uuid import UUID


@dataclass(frozen=True, slots=True)
class Around:
    """What may stand around the frozen part of a report: not frozen, and in no digest."""

    grants: tuple[str, ...] = ()  # 360Giving identifiers
    withdrawn_at: datetime | None = None
    withdrawn_because: str | None = None
    superseded_by: UUID | None = None
    forms: tuple[tuple[str, str], ...] = ()  # a form and its address
    stories: str = ""  # what the addresses of its figures' stories begin with
    others: tuple[tuple[Mapping[str, date], str], ...] = ()  # the period of a report, its address


@dataclass(frozen=True, slots=True)
class Shelved:
    """A report as it lies on the shelf: its frozen JSON and the SHA-256 of it."""

    id: UUID
    body: str
    digest: str
    around: Around = Around()

    def content(self) -> dict[str, Any]:
        """The report as an object."""
        found: dict[str, Any] = msgspec.json.decode(self.body)
        return found
