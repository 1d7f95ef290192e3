"""The space table."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from geoalchemy2 import Geometry
from sqlalchemy import ForeignKeyConstraint, Index, text
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from api.core.db import Base
from api.core.model import Record


class Space(Record, Base):
    """A place with a position. A home has neither name nor position: see the rules."""

    __tablename__ = "space"
    CONTENT = ("type", "status")
    INDEXES = (("name", "id"),)

    name: Mapped[str | None]
    type: Mapped[str | None]
    geometry: Mapped[Any | None] = mapped_column(Geometry(srid=4326, spatial_index=False))
    address: Mapped[str | None]
    steward_group_id: Mapped[UUID | None]
    open_to: Mapped[str | None]
    step_free: Mapped[bool | None]
    opening_hours: Mapped[str | None]
    never_map: Mapped[bool | None]
    status: Mapped[str | None]

    @declared_attr.directive
    @classmethod
    def __table_args__(cls) -> tuple[Any, ...]:
        """Groups and spaces refer to each other, so this key waits for the commit."""
        steward = ForeignKeyConstraint(
            ["network_id", "steward_group_id"],
            ["grp.network_id", "grp.id"],
            deferrable=True,
            initially="DEFERRED",
            use_alter=True,
            name="fk_space_network_id_steward_group_id",
        )
        return (
            *super().__table_args__,
            steward,
            Index("ix_space_geometry", "network_id", "geometry", postgresql_using="gist"),
            Index(
                "ix_space_geography",
                "network_id",
                text("(geometry::geography)"),
                postgresql_using="gist",
            ),
        )
