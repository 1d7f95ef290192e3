"""Tables of links to reports, and of who took which report when."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, LargeBinary, func
from sqlalchemy.orm import Mapped, mapped_column

from api.core.db import Base
from api.core.model import Instant, Tenant


class ReportLink(Tenant, Base):
    """An address that opens one report, or its whole series, to whoever holds it."""

    __tablename__ = "report_link"
    __table_args__ = (
        ForeignKeyConstraint(["network_id"], ["network.id"]),
        ForeignKeyConstraint(["network_id", "created_by"], ["member.network_id", "member.id"]),
        ForeignKeyConstraint(["network_id", "report_id"], ["report.network_id", "report.id"]),
        CheckConstraint("covers IN ('report', 'series')", name="covers"),
        Index(None, "network_id", "token_hash", unique=True),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, sort_order=-19)
    created_at: Mapped[datetime] = mapped_column(Instant, server_default=func.now())
    created_by: Mapped[UUID]  # a member
    report_id: Mapped[UUID]  # the report, or any one of the series
    covers: Mapped[str]
    token_hash: Mapped[bytes] = mapped_column(LargeBinary)
    label: Mapped[str]
    expires_on: Mapped[date]  # the last day it opens
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)


class ReportPull(Tenant, Base):
    """A report left the network: to which funder or by which link, in which form, when.

    To the minute, and one row however often the same reader asked within it. No address, no
    device: what the groups are told is all there is.
    """

    __tablename__ = "report_pull"
    __table_args__ = (
        ForeignKeyConstraint(["network_id"], ["network.id"]),
        ForeignKeyConstraint(["network_id", "report_id"], ["report.network_id", "report.id"]),
        CheckConstraint("by IN ('account', 'link')", name="by"),
    )

    report_id: Mapped[UUID] = mapped_column(primary_key=True)
    pulled_at: Mapped[datetime] = mapped_column(Instant, primary_key=True)
    reader_id: Mapped[UUID] = mapped_column(primary_key=True)  # a member or a link, as `by` says
    form: Mapped[str] = mapped_column(primary_key=True)
    by: Mapped[str]
