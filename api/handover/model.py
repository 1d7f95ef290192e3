"""The table of handovers: offered, and accepted or not."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from api.core.db import Base
from api.core.model import Instant, Tenant


class Handover(Tenant, Base):
    """A pack offered by one member to another. One offer of a giver is open at a time."""

    __tablename__ = "handover"
    __table_args__ = (
        ForeignKeyConstraint(["network_id"], ["network.id"]),
        ForeignKeyConstraint(["network_id", "giver_id"], ["member.network_id", "member.id"]),
        ForeignKeyConstraint(["network_id", "receiver_id"], ["member.network_id", "member.id"]),
        CheckConstraint(
            "status IN ('offered', 'accepted', 'declined', 'withdrawn')", name="status"
        ),
        Index(
            "ix_handover_offered",
            "network_id",
            "giver_id",
            unique=True,
            postgresql_where=text("status = 'offered'"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, sort_order=-19)
    giver_id: Mapped[UUID]
    receiver_id: Mapped[UUID]
    offered_by: Mapped[UUID]
    notebook: Mapped[bool]  # whether entries that may move are offered too
    status: Mapped[str] = mapped_column(server_default="offered")
    offered_at: Mapped[datetime] = mapped_column(Instant, server_default=func.now())
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    heir_id: Mapped[UUID | None]  # who has it now: the receiver, or to whom they handed it on
    outcome: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
