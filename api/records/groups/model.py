"""The group table (`grp`: the plain word is SQL's own) and its parts."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import ARRAY, Text
from sqlalchemy.orm import Mapped, mapped_column

from api.core.db import Base
from api.core.model import Child, Record


class Group(Record, Base):
    """Any group of people."""

    __tablename__ = "grp"
    REFERENCES = {"home_space_id": "space"}
    CONTENT = ("name", "type", "status")
    INDEXES = (("name", "id"),)

    name: Mapped[str | None]
    type: Mapped[str | None]
    description: Mapped[str | None]
    home_space_id: Mapped[UUID | None]
    active_from: Mapped[date | None]
    active_to: Mapped[date | None]
    external_ids: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    status: Mapped[str | None]


class GroupSection(Child, Base):
    """A group's share in one section of a boundary."""

    __tablename__ = "grp_section"
    OWNER = ("grp_id", "grp")
    REFERENCES = {"section_id": "section"}
    INDEXES = (("section_id",),)

    grp_id: Mapped[UUID] = mapped_column(primary_key=True, sort_order=-18)
    section_id: Mapped[UUID]
    share: Mapped[float]


class GroupSpace(Child, Base):
    """A space a group values, or keeps away from."""

    __tablename__ = "grp_space"
    OWNER = ("grp_id", "grp")
    REFERENCES = {"space_id": "space"}
    INDEXES = (("space_id",),)

    grp_id: Mapped[UUID] = mapped_column(primary_key=True, sort_order=-18)
    space_id: Mapped[UUID]
    stance: Mapped[str]
