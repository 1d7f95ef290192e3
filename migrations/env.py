"""Environment of the migrations: one connection, handed over by whoever runs them."""

from __future__ import annotations

from typing import Any

from alembic import context

from api.tables import METADATA


def include(item: Any, name: str | None, kind: str, reflected: bool, other: Any) -> bool:  # noqa: ARG001
    """Compare our own tables only: PostGIS and the job queue bring theirs."""
    return not (kind == "table" and reflected and other is None and is_foreign(name or ""))


def is_foreign(table: str) -> bool:
    """Whether a table belongs to an extension or to the job queue."""
    return table == "spatial_ref_sys" or table.startswith("procrastinate_")


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    include_object=include,
    compare_type=True,
    transaction_per_migration=True,
)
with context.begin_transaction():
    context.run_migrations()
