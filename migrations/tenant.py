"""Tenant: how a table of a network is made; the one place where it would be distributed too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic import op

if TYPE_CHECKING:
    from collections.abc import Iterable

APP_ROLE = "weft_app"
SCOPE = "nullif(current_setting('app.network_id', true), '')::uuid"


def execute(statements: Iterable[str]) -> None:
    """Run statements one by one: a cluster takes only one at a time."""
    for statement in statements:
        op.execute(statement)


def refer(keys: Iterable[tuple[str, str, str]]) -> None:
    """Add foreign keys (table, column, table referred to) that stay within one network."""
    for table, column, target in keys:
        op.create_foreign_key(
            f"fk_{table}_network_id_{column}",
            table,
            target,
            ["network_id", column],
            ["network_id", "id"],
        )


def belong(tables: Iterable[str]) -> None:
    """Tie tables to their network."""
    for table in tables:
        op.create_foreign_key(f"fk_{table}_network_id", table, "network", ["network_id"], ["id"])


def protect(tables: Iterable[str], *, column: str = "network_id") -> None:
    """Show the application one network's rows at a time, even if a query forgets to say which."""
    for table in tables:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY one_network ON {table}"
            f" USING ({column} = {SCOPE}) WITH CHECK ({column} = {SCOPE})"
        )


def grant(tables: Iterable[str], rights: str = "SELECT, INSERT, UPDATE, DELETE") -> None:
    """Give the application's role what it needs and no more."""
    for table in tables:
        op.execute(f"GRANT {rights} ON {table} TO {APP_ROLE}")


def drop(tables: Iterable[str]) -> None:
    """Remove tables, latest first."""
    for table in reversed(tuple(tables)):
        op.execute(f"DROP TABLE {table} CASCADE")


def make_role() -> None:
    """Make the application's role: it owns nothing, signs in nowhere, bypasses nothing.

    Roles belong to the whole server, so another database may have made it already.
    """
    op.execute(
        f"""
        DO $$ BEGIN
            CREATE ROLE {APP_ROLE} NOLOGIN NOSUPERUSER NOBYPASSRLS;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
        END $$
        """
    )
    op.execute(f"GRANT {APP_ROLE} TO CURRENT_USER")
    op.execute(f"GRANT USAGE ON SCHEMA public TO {APP_ROLE}")
