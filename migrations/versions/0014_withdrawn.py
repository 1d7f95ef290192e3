"""Reports that were withdrawn, and why."""

from alembic import op

from migrations.tenant import APP_ROLE

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the trace that a withdrawal leaves; the order of release needs no index of its own."""
    op.execute("ALTER TABLE report ADD COLUMN withdrawn_at TIMESTAMP WITH TIME ZONE")
    op.execute("ALTER TABLE report ADD COLUMN withdrawn_because TEXT")
    op.execute(
        "ALTER TABLE report ADD CONSTRAINT ck_report_withdrawn"
        " CHECK ((withdrawn_at IS NULL) = (withdrawn_because IS NULL))"
    )
    op.execute(f"GRANT UPDATE (withdrawn_at, withdrawn_because) ON report TO {APP_ROLE}")
    op.execute("DROP INDEX ix_report_network_id_released_at")


def downgrade() -> None:
    """Remove it."""
    op.execute("CREATE INDEX ix_report_network_id_released_at ON report (network_id, released_at)")
    op.execute("ALTER TABLE report DROP COLUMN withdrawn_at, DROP COLUMN withdrawn_because")
