"""The table of answers that are being worked out, or were, for whoever asks next."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKeyConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from api.core.db import Base
from api.core.model import Instant, Tenant


class AnalysisAnswer(Tenant, Base):
    """An answer under way, or given; forgotten a day after it was last touched."""

    __tablename__ = "analysis_answer"
    __table_args__ = (
        ForeignKeyConstraint(["network_id"], ["network.id"]),
        CheckConstraint("status IN ('waiting', 'working', 'done', 'failed')", name="status"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, sort_order=-19)
    name: Mapped[str]  # of the analysis
    question: Mapped[str]
    revision: Mapped[int] = mapped_column(BigInteger)  # for which it is; when done, of the answer
    status: Mapped[str]
    step: Mapped[str] = mapped_column(server_default="")
    progress: Mapped[float] = mapped_column(server_default="0")  # 0 to 1
    body: Mapped[str | None]
    touched_at: Mapped[datetime] = mapped_column(Instant, server_default=func.now())
