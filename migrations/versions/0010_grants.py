"""Grants that a report belongs to."""

from alembic import op

from migrations.tenant import APP_ROLE

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add them: they stand beside what is frozen."""
    op.execute("ALTER TABLE report ADD COLUMN grants TEXT[] NOT NULL DEFAULT '{}'")
    op.execute("CREATE INDEX ix_report_network_id_released_at ON report (network_id, released_at)")
    op.execute(f"GRANT UPDATE (grants) ON report TO {APP_ROLE}")


def downgrade() -> None:
    """Remove them."""
    op.execute("DROP INDEX ix_report_network_id_released_at")
    op.execute("ALTER TABLE report DROP COLUMN grants")
