"""The flow table."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from api.core.db import Base
from api.core.model import Instant, Record


class Flow(Record, Base):
    """One resource, one way, between two groups."""

    __tablename__ = "flow"
    REFERENCES = {
        "from_group_id": "grp",
        "to_group_id": "grp",
        "space_id": "space",
        "introduction_id": "introduction",
        "listing_id": "listing",
    }
    CONTENT = ("happened_at", "resource", "from_group_id", "to_group_id", "status")
    INDEXES = (("happened_at", "id"),)

    happened_at: Mapped[datetime | None] = mapped_column(Instant)
    resource: Mapped[str | None]
    description: Mapped[str | None]
    quantity: Mapped[float | None]
    unit: Mapped[str | None]
    from_group_id: Mapped[UUID | None]
    to_group_id: Mapped[UUID | None]
    space_id: Mapped[UUID | None]
    introduction_id: Mapped[UUID | None]
    listing_id: Mapped[UUID | None]
    status: Mapped[str | None]
