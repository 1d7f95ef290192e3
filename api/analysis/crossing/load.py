"""Load: the boundary asked for and the ties of its window."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from api.analysis.loading.boundaries import Window, load_boundary
from api.analysis.loading.introductions import load_introductions

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy import Connection

    from api.analysis.loading.boundaries import Boundary
    from api.analysis.measures.ties import Graph


def load(cx: Connection, network_id: UUID, asked: dict[str, Any]) -> tuple[Boundary, Graph]:
    """What crossing rests on; `not_found` for a boundary that is not here."""
    boundary = load_boundary(cx, network_id, asked["boundary"])
    return boundary, load_introductions(cx, network_id, boundary, Window.of(asked))
