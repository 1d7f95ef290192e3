"""The submission table: which instances came in, and which record and operation each became."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, func, text
from sqlalchemy.orm import Mapped, mapped_column

from api.core.db import Base
from api.core.model import Instant, Tenant


class Submission(Tenant, Base):
    """One filled form. `id` stands for its instanceID, `digest` is the SHA-256 of its XML.

    `replaces` is the id of the one that it edits, which may come later or never.
    """

    __tablename__ = "openrosa_submission"
    __table_args__ = (
        ForeignKeyConstraint(["network_id"], ["network.id"]),
        ForeignKeyConstraint(["network_id", "author_id"], ["member.network_id", "member.id"]),
        Index(
            "ix_openrosa_submission_replaces",
            "network_id",
            "replaces",
            postgresql_where=text("replaces IS NOT NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, sort_order=-19)
    record_id: Mapped[UUID]
    op_id: Mapped[UUID]
    digest: Mapped[bytes]
    author_id: Mapped[UUID]  # a member
    replaces: Mapped[UUID | None]
    received_at: Mapped[datetime] = mapped_column(Instant, server_default=func.now())
