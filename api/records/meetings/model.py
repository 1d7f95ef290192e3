"""The meeting table and its attendance."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from api.core.db import Base
from api.core.model import Child, Instant, Record


class Meeting(Record, Base):
    """A time, a space and who came."""

    __tablename__ = "meeting"
    REFERENCES = {"space_id": "space", "host_group_id": "grp"}
    CONTENT = ("starts_at",)
    INDEXES = (("starts_at", "id"),)

    starts_at: Mapped[datetime | None] = mapped_column(Instant)
    ends_at: Mapped[datetime | None] = mapped_column(Instant)
    space_id: Mapped[UUID | None]
    title: Mapped[str | None]
    host_group_id: Mapped[UUID | None]
    recurrence: Mapped[str | None]


class MeetingAttendance(Child, Base):
    """How many of a group came."""

    __tablename__ = "meeting_attendance"
    OWNER = ("meeting_id", "meeting")
    REFERENCES = {"group_id": "grp"}
    INDEXES = (("group_id",),)

    meeting_id: Mapped[UUID] = mapped_column(primary_key=True, sort_order=-18)
    group_id: Mapped[UUID]
    headcount: Mapped[int]
    person_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
