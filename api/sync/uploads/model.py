"""The table of uploads: what was announced, and what came of it. The pieces lie in files."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKeyConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from api.core.db import Base
from api.core.model import Instant, Tenant, foreign_keys


class Upload(Tenant, Base):
    """One file; its id is that of the attachment it is for. How far it came, its file tells."""

    __tablename__ = "upload"
    __table_args__ = (
        ForeignKeyConstraint(["network_id"], ["network.id"]),
        *foreign_keys({"member_id": "member"}),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    member_id: Mapped[UUID]
    length: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str]
    expires_at: Mapped[datetime] = mapped_column(Instant)
    created_at: Mapped[datetime] = mapped_column(Instant, server_default=func.now())
    refused: Mapped[str | None]  # why the file was not taken
    stored_at: Mapped[datetime | None] = mapped_column(Instant)
    stored_size: Mapped[int | None] = mapped_column(BigInteger)
    stored_sha256: Mapped[str | None]  # of what is kept: without what cameras add
    mime: Mapped[str | None]
