"""The report table: figures frozen for good, and whom they were shown to."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    ForeignKeyConstraint,
    LargeBinary,
    Text,
    Uuid,
    func,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from api.core.db import Base
from api.core.model import Instant, Tenant


class Report(Tenant, Base):
    """One frozen report. `body` is its canonical JSON, byte for byte; `digest` its SHA-256."""

    __tablename__ = "report"
    __table_args__ = (
        ForeignKeyConstraint(["network_id"], ["network.id"]),
        ForeignKeyConstraint(["network_id", "created_by"], ["member.network_id", "member.id"]),
        ForeignKeyConstraint(["network_id", "supersedes"], ["report.network_id", "report.id"]),
        CheckConstraint("period_from < period_to", name="period"),
        CheckConstraint("audience IN ('coordinators', 'funder', 'public')", name="audience"),
        CheckConstraint(
            "released_at IS NULL OR"
            " (audience <> 'coordinators' AND released_at > shared_with_groups_at) IS TRUE",
            name="released",
        ),
        CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_because IS NULL)", name="withdrawn"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, sort_order=-19)
    created_at: Mapped[datetime] = mapped_column(Instant, server_default=func.now())
    created_by: Mapped[UUID]  # a member
    period_from: Mapped[date]
    period_to: Mapped[date]  # the first day after the period
    boundaries: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    language: Mapped[str]
    template: Mapped[str]
    audience: Mapped[str]
    revision: Mapped[int] = mapped_column(BigInteger)
    seed: Mapped[int] = mapped_column(BigInteger)
    method_version: Mapped[str]
    body: Mapped[str]
    digest: Mapped[str]
    shared_with_groups_at: Mapped[datetime | None] = mapped_column(Instant)
    released_at: Mapped[datetime | None] = mapped_column(Instant)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant)
    withdrawn_because: Mapped[str | None]
    grants: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    supersedes: Mapped[UUID | None]  # the report whose place this one takes


class ReportInput(Tenant, Base):
    """What a report was counted from: packed ids and codes, see `inputs.py`. No word of anybody."""

    __tablename__ = "report_input"
    __table_args__ = (
        ForeignKeyConstraint(["network_id"], ["network.id"]),
        ForeignKeyConstraint(["network_id", "report_id"], ["report.network_id", "report.id"]),
    )

    report_id: Mapped[UUID] = mapped_column(primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)
    cells: Mapped[bytes] = mapped_column(LargeBinary, server_default=text("''::bytea"))
