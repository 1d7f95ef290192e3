"""Tables of the kernel: network, history, sync index, ledger; and what every record carries."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    DateTime,
    ForeignKeyConstraint,
    Index,
    Text,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from .db import Base

Instant = DateTime(timezone=True)


class Network(Base):
    """One place's partnership: the tenant. `revision` orders everything that ever changes in it."""

    __tablename__ = "network"
    # the counter is the busiest row there is: room on its page keeps updates off the index
    __table_args__ = ({"postgresql_with": {"fillfactor": 50}},)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    revision: Mapped[int] = mapped_column(BigInteger, server_default="0")
    epoch: Mapped[UUID] = mapped_column(server_default=text("gen_random_uuid()"))
    gc_revision: Mapped[int] = mapped_column(BigInteger, server_default="0")
    created_at: Mapped[datetime] = mapped_column(Instant, server_default=func.now())


class Tenant:
    """What every table of a network begins with.

    History, index and ledger have no key to their network: docs/decisions/journals.md.
    """

    network_id: Mapped[UUID] = mapped_column(primary_key=True, sort_order=-20)


class History(Tenant, Base):
    """Every state a record ever had: audit, merge base and what the change feed sends."""

    __tablename__ = "history"
    __table_args__ = (Index(None, "network_id", "kind", "record_id", "revision"),)

    version: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str]
    record_id: Mapped[UUID]
    revision: Mapped[int] = mapped_column(BigInteger)
    author_id: Mapped[UUID]  # who made this change, not who began the record
    audience: Mapped[str]
    is_gone: Mapped[bool]
    base: Mapped[UUID | None]
    ancestors: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid), server_default="{}")
    data: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    client_time: Mapped[datetime | None] = mapped_column(
        Instant
    )  # a device's clock: never for order
    recorded_at: Mapped[datetime] = mapped_column(Instant, server_default=func.now())


class SyncIndex(Tenant, Base):
    """One row per audience and record, moved forward at each change: the feed, compacted."""

    __tablename__ = "sync_index"
    __table_args__ = (Index(None, "network_id", "audience", "revision"),)

    kind: Mapped[str] = mapped_column(primary_key=True)
    record_id: Mapped[UUID] = mapped_column(primary_key=True)
    audience: Mapped[str] = mapped_column(primary_key=True)
    revision: Mapped[int] = mapped_column(BigInteger)
    version: Mapped[UUID]
    is_live: Mapped[bool]


class OpLedger(Tenant, Base):
    """The verdict on every operation: send twice, count once; what was refused is kept whole."""

    __tablename__ = "op_ledger"
    __table_args__ = (
        Index(
            "ix_op_ledger_refused",
            "network_id",
            "decided_at",
            "op_id",
            postgresql_where=text("status IN ('conflict', 'rejected')"),
        ),
    )

    op_id: Mapped[UUID] = mapped_column(primary_key=True)
    author_id: Mapped[UUID]
    client_id: Mapped[UUID | None]
    kind: Mapped[str]
    record_id: Mapped[UUID]
    digest: Mapped[str]
    status: Mapped[str]
    version: Mapped[UUID | None]
    revision: Mapped[int | None] = mapped_column(BigInteger)
    error: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    payload: Mapped[str | None]  # JSON as it was sent; text, for it may be what JSON columns refuse
    decided_at: Mapped[datetime] = mapped_column(  # under the lock, so in the order of verdicts
        Instant, server_default=func.statement_timestamp()
    )
    base: Mapped[UUID | None]  # of a refusal: what it built on, which later ones then stand on
    audience: Mapped[str | None]  # of a refusal: who was to see it


class ClosedOp(Tenant, Base):
    """A refusal that somebody saw to: mended by another operation, or let go."""

    __tablename__ = "closed_op"
    __table_args__ = (ForeignKeyConstraint(["network_id"], ["network.id"]),)

    op_id: Mapped[UUID] = mapped_column(primary_key=True)
    closed_by: Mapped[UUID]
    mended_as: Mapped[UUID | None]
    closed_at: Mapped[datetime] = mapped_column(Instant, server_default=func.now())


class SyncClient(Tenant, Base):
    """A client id that pushed, and the one member whose it is."""

    __tablename__ = "sync_client"
    __table_args__ = (ForeignKeyConstraint(["network_id"], ["network.id"]),)

    client_id: Mapped[UUID] = mapped_column(primary_key=True)
    member_id: Mapped[UUID]
    first_seen_at: Mapped[datetime] = mapped_column(Instant, server_default=func.now())


class Record(Tenant):
    """What every record carries. Content is nullable, because a tombstone keeps only the id."""

    __tablename__: str
    __table__: Any
    REFERENCES: dict[str, str] = {}
    CONTENT: tuple[str, ...] = ()
    INDEXES: tuple[tuple[str, ...], ...] = ()

    id: Mapped[UUID] = mapped_column(primary_key=True, sort_order=-19)
    version: Mapped[UUID] = mapped_column(sort_order=-18)
    revision: Mapped[int] = mapped_column(BigInteger, sort_order=-17)
    created_at: Mapped[datetime] = mapped_column(Instant, server_default=func.now(), sort_order=-16)
    updated_at: Mapped[datetime] = mapped_column(Instant, server_default=func.now(), sort_order=-15)
    author_id: Mapped[UUID] = mapped_column(sort_order=-14)
    audience: Mapped[str] = mapped_column(Text, sort_order=-13)
    deleted_at: Mapped[datetime | None] = mapped_column(Instant, sort_order=-12)

    @declared_attr.directive
    @classmethod
    def __table_args__(cls) -> tuple[Any, ...]:
        """Foreign keys, the tombstone check and indexes, all of one network."""
        return (
            ForeignKeyConstraint(["network_id"], ["network.id"]),
            *foreign_keys(cls.REFERENCES),
            CheckConstraint(
                f"deleted_at IS NOT NULL OR num_nulls({', '.join(cls.CONTENT)}) = 0",
                name="content",
            ),
            *(Index(None, "network_id", *columns) for columns in cls.INDEXES),
        )


class Child(Tenant):
    """A row of a record's list: lives and dies with its owner, keyed by its dense position."""

    OWNER: tuple[str, str] = ("", "")  # column, table
    REFERENCES: dict[str, str] = {}
    INDEXES: tuple[tuple[str, ...], ...] = ()

    position: Mapped[int] = mapped_column(primary_key=True, sort_order=-17, autoincrement=False)

    @declared_attr.directive
    @classmethod
    def __table_args__(cls) -> tuple[Any, ...]:
        """Foreign keys to owner and references, all of one network."""
        return (
            *foreign_keys({cls.OWNER[0]: cls.OWNER[1]} | cls.REFERENCES),
            *(Index(None, "network_id", *columns) for columns in cls.INDEXES),
        )


def foreign_keys(references: dict[str, str]) -> list[ForeignKeyConstraint]:
    """Composite keys: a reference can only ever reach its own network."""
    return [
        ForeignKeyConstraint(["network_id", column], [f"{table}.network_id", f"{table}.id"])
        for column, table in references.items()
    ]
