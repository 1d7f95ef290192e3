"""The follow_up table."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy.orm import Mapped

from api.core.db import Base
from api.core.model import Record


class FollowUp(Record, Base):
    """One question about one introduction, and its answer once there is one."""

    __tablename__ = "follow_up"
    REFERENCES = {"introduction_id": "introduction"}
    CONTENT = ("introduction_id", "due_on")
    INDEXES = (("introduction_id",), ("due_on", "id"))

    introduction_id: Mapped[UUID | None]
    due_on: Mapped[date | None]
    asked_on: Mapped[date | None]
    answered_by: Mapped[str | None]
    outcome: Mapped[str | None]
    without_connector: Mapped[bool | None]
    would_turn_to_again: Mapped[str | None]
    anyway: Mapped[str | None]
