"""Order: what somebody asks a report to cover, and for whose eyes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from .disclosure import OUTSIDE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .disclosure import Rule
    from .released import Cells

METHOD_VERSION = "1"
TEMPLATES = ("impact-1",)
AUDIENCES = ("coordinators", "funder", "public")


@dataclass(frozen=True, slots=True)
class Order:
    """The period is `[from_on, to_on)`; without boundaries, all of the network's.

    `op_id` is the operation that an idempotency key names: it is met once.
    """

    from_on: date
    to_on: date
    boundaries: tuple[UUID, ...] | None = None
    language: str = "en"
    template: str = "impact-1"
    audience: str = "coordinators"
    supersedes: UUID | None = None
    op_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Moment:
    """Which network, and at which of its revisions and times it was looked at.

    `earlier` are its reports that readers outside hold already, `rules` how it hides counts from
    them; nothing of it is older than the day `began_on`.
    """

    network_id: UUID
    name: str
    revision: int
    at: str
    earlier: tuple[Cells, ...] = ()
    rules: Mapping[str, Rule] = field(default_factory=lambda: OUTSIDE)
    began_on: date = date.min


def order_of(report: dict[str, Any]) -> Order:
    """The order that a frozen report was made to, naming its boundaries one by one."""
    return Order(
        date.fromisoformat(report["period"]["from"]),
        date.fromisoformat(report["period"]["to"]),
        tuple(UUID(boundary["id"]) for boundary in report["boundaries"]),
        report["language"],
        report["template"],
        report["audience"],
    )
