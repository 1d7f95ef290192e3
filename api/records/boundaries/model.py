"""The boundary table."""

from __future__ import annotations

from sqlalchemy.orm import Mapped

from api.core.db import Base
from api.core.model import Record


class Boundary(Record, Base):
    """A partition of the place's people."""

    __tablename__ = "boundary"
    CONTENT = ("name", "position")
    INDEXES = (("position", "id"),)

    name: Mapped[str | None]
    question: Mapped[str | None]
    position: Mapped[int | None]
