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


class ReportRule(Tenant, Base):
    """A network's own rule for readers outside: counts below `threshold` hidden, others rounded."""

    __tablename__ = "report_rule"
    __table_args__ = (
        ForeignKeyConstraint(["network_id"], ["network.id"]),
        ForeignKeyConstraint(["network_id", "set_by"], ["member.network_id", "member.id"]),
        CheckConstraint("audience IN ('funder', 'public')", name="audience"),
        CheckConstraint("rounding BETWEEN 5 AND threshold", name="rounding"),
    )

    audience: Mapped[str] = mapped_column(primary_key=True)
    threshold: Mapped[int]
    rounding: Mapped[int]
    set_at: Mapped[datetime] = mapped_column(Instant, server_default=func.now())
    set_by: Mapped[UUID]  # a member


class ReportOrder(Tenant, Base):
    """A report that a worker is to freeze: who asked, for what, how far it is. Kept for a day."""

    __tablename__ = "report_order"
    __table_args__ = (
        ForeignKeyConstraint(["network_id"], ["network.id"]),
        ForeignKeyConstraint(["network_id", "member_id"], ["member.network_id", "member.id"]),
        ForeignKeyConstraint(["network_id", "report_id"], ["report.network_id", "report.id"]),
        CheckConstraint("status IN ('waiting', 'working', 'done', 'failed')", name="status"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, sort_order=-19)
    member_id: Mapped[UUID]
    asked: Mapped[str]  # the order as JSON
    status: Mapped[str] = mapped_column(server_default="waiting")
    step: Mapped[str] = mapped_column(server_default="")
    report_id: Mapped[UUID | None]
    problem: Mapped[str | None]  # as it would have been answered
    touched_at: Mapped[datetime] = mapped_column(Instant, server_default=func.now())
