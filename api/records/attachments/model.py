"""The attachment table."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import BigInteger
from sqlalchemy.orm import Mapped, mapped_column

from api.core.db import Base
from api.core.model import Record


class Attachment(Record, Base):
    """What belongs to a record and is kept as a file."""

    __tablename__ = "attachment"
    REFERENCES = {
        "introduction_id": "introduction",
        "meeting_id": "meeting",
        "flow_id": "flow",
        "listing_id": "listing",
    }
    CONTENT = ("sha256", "size", "mime")
    INDEXES = (
        ("created_at", "id"),
        ("introduction_id",),
        ("meeting_id",),
        ("flow_id",),
        ("listing_id",),
    )

    introduction_id: Mapped[UUID | None]
    meeting_id: Mapped[UUID | None]
    flow_id: Mapped[UUID | None]
    listing_id: Mapped[UUID | None]
    sha256: Mapped[str | None]
    size: Mapped[int | None] = mapped_column(BigInteger)
    mime: Mapped[str | None]
    caption: Mapped[str | None]
