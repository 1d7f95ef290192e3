"""The section table."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Mapped

from api.core.db import Base
from api.core.model import Record


class Section(Record, Base):
    """One side of a boundary."""

    __tablename__ = "section"
    REFERENCES = {"boundary_id": "boundary"}
    CONTENT = ("boundary_id", "name", "position")
    INDEXES = (("boundary_id",), ("position", "id"))

    boundary_id: Mapped[UUID | None]
    name: Mapped[str | None]
    position: Mapped[int | None]
    population: Mapped[int | None]
