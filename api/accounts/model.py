"""Tables of accounts: who there is, which devices speak for them, who belongs to which network.

Only `member` belongs to a network. The others are small and cross networks, so nothing in them
refers to a network's rows by foreign key. No column holds a token, a code or a client's address:
only their hashes.
"""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
    func,
)
from sqlalchemy.orm import Mapped, mapped_column

from api.core.actor import ROLES
from api.core.db import Base
from api.core.model import Instant, Tenant

ROLE_CHECK = f"role IN ({', '.join(repr(role) for role in ROLES)})"


class UserAccount(Base):
    """Somebody who can sign in, by the address they read mail at (in canonical form)."""

    __tablename__ = "user_account"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    email: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime] = mapped_column(Instant, server_default=func.now())
    disabled_at: Mapped[datetime | None] = mapped_column(Instant)


class UserNetwork(Base):
    """In which networks to look for a user's memberships, those that ended included."""

    __tablename__ = "user_network"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    network_id: Mapped[UUID] = mapped_column(primary_key=True)


class Device(Base):
    """Something that speaks for a user with a token of its own."""

    __tablename__ = "device"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"), index=True)
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    name: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(Instant, server_default=func.now())
    last_used_on: Mapped[date] = mapped_column(server_default=func.current_date())
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)


class CollectKey(Base):
    """What lets one phone with ODK Collect speak for one member of one network."""

    __tablename__ = "collect_key"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"), index=True)
    network_id: Mapped[UUID]
    member_id: Mapped[UUID]
    key_hash: Mapped[bytes] = mapped_column(unique=True)
    name: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(Instant, server_default=func.now())
    last_used_on: Mapped[date] = mapped_column(server_default=func.current_date())
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)


class SignInCode(Base):
    """The newest one-time code of an address, known here or not; gone once it was used."""

    __tablename__ = "sign_in_code"

    email_hash: Mapped[bytes] = mapped_column(primary_key=True)
    code_hash: Mapped[bytes]
    expires_at: Mapped[datetime] = mapped_column(Instant)
    tries: Mapped[int] = mapped_column(server_default="0")


class RateLimit(Base):
    """Until when a subject's allowance is spent: one row however often somebody knocks."""

    __tablename__ = "rate_limit"

    subject_hash: Mapped[bytes] = mapped_column(primary_key=True)
    spent_until: Mapped[datetime] = mapped_column(Instant)


class Invitation(Base):
    """A pending offer of a role in a network to an address; gone once accepted or withdrawn."""

    __tablename__ = "invitation"
    __table_args__ = (
        CheckConstraint(ROLE_CHECK, name="role"),
        UniqueConstraint("network_id", "email"),
        Index(None, "email"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    network_id: Mapped[UUID]
    email: Mapped[str]
    role: Mapped[str]
    invited_by: Mapped[UUID]  # a member
    created_at: Mapped[datetime] = mapped_column(Instant, server_default=func.now())
    expires_at: Mapped[datetime] = mapped_column(Instant)


class Member(Tenant, Base):
    """A user in a network, with a role. Who leaves keeps the row: records name its id."""

    __tablename__ = "member"
    __table_args__ = (
        ForeignKeyConstraint(["network_id"], ["network.id"]),
        ForeignKeyConstraint(["user_id"], ["user_account.id"]),
        CheckConstraint(ROLE_CHECK, name="role"),
        UniqueConstraint("network_id", "user_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    user_id: Mapped[UUID]
    role: Mapped[str]
    scope_since: Mapped[int] = mapped_column(BigInteger, server_default="0")  # a revision
    created_at: Mapped[datetime] = mapped_column(Instant, server_default=func.now())
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
