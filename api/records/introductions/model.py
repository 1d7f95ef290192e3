"""The introduction table and its parties."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from api.core.db import Base
from api.core.model import Child, Instant, Record


class Introduction(Record, Base):
    """Who was brought together, by whom, where. Without a connector it is the author's."""

    __tablename__ = "introduction"
    REFERENCES = {"connector_id": "member", "space_id": "space"}
    CONTENT = ("made_at", "known_before", "status")
    INDEXES = (("made_at", "id"),)

    made_at: Mapped[datetime | None] = mapped_column(Instant)
    connector_id: Mapped[UUID | None]
    space_id: Mapped[UUID | None]
    channel: Mapped[str | None]
    purpose: Mapped[str | None]
    known_before: Mapped[str | None]
    status: Mapped[str | None]


class IntroductionParty(Child, Base):
    """One end of an introduction: a group and, where the notebook has one, a person."""

    __tablename__ = "introduction_party"
    OWNER = ("introduction_id", "introduction")
    REFERENCES = {"group_id": "grp", "person_id": "person"}
    INDEXES = (("group_id",),)

    introduction_id: Mapped[UUID] = mapped_column(primary_key=True, sort_order=-18)
    group_id: Mapped[UUID]
    person_id: Mapped[UUID | None]
