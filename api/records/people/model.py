"""The person table."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import ARRAY, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from api.core.db import Base
from api.core.model import Record


class Person(Record, Base):
    """An alias in a notebook, with the notice given and the day it is to be forgotten."""

    __tablename__ = "person"
    CONTENT = ("alias", "notice", "basis", "age_band")
    INDEXES = (("alias", "id"),)

    alias: Mapped[str | None]
    group_ids: Mapped[list[UUID] | None] = mapped_column(ARRAY(Uuid))
    notice: Mapped[str | None]
    notice_on: Mapped[date | None]
    basis: Mapped[str | None]
    age_band: Mapped[str | None]
    purge_on: Mapped[date | None]
