"""The quiet_week table."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, declared_attr

from api.core.db import Base
from api.core.model import Record
from api.core.problems import CONSTRAINTS

CONSTRAINTS["uq_quiet_week_author"] = ("already_exists", "You have said this of that week already.")


class QuietWeek(Record, Base):
    """A Monday whose week held nothing to log."""

    __tablename__ = "quiet_week"
    CONTENT = ("week_on",)
    INDEXES = (("week_on", "id"),)

    week_on: Mapped[date | None]

    @declared_attr.directive
    @classmethod
    def __table_args__(cls) -> tuple[Any, ...]:
        """A member says it once a week."""
        once = Index(
            "uq_quiet_week_author",
            "network_id",
            "author_id",
            "week_on",
            unique=True,
            postgresql_where=text("deleted_at IS NULL"),
        )
        return (*super().__table_args__, once)
