"""The listing table."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy.orm import Mapped

from api.core.db import Base
from api.core.model import Record


class Listing(Record, Base):
    """A need or an offer."""

    __tablename__ = "listing"
    REFERENCES = {"group_id": "grp", "space_id": "space"}
    CONTENT = ("side", "resource", "group_id", "description", "status")
    INDEXES = (("created_at", "id"),)

    side: Mapped[str | None]
    resource: Mapped[str | None]
    group_id: Mapped[UUID | None]
    description: Mapped[str | None]
    quantity: Mapped[float | None]
    unit: Mapped[str | None]
    space_id: Mapped[UUID | None]
    open_until: Mapped[date | None]
    status: Mapped[str | None]
