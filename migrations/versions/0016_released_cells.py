"""What the audit of later reports needs, and which report takes the place of which."""

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add both; a report frozen before has no counts to audit, and is not released any more."""
    op.execute("ALTER TABLE report_input ADD COLUMN cells BYTEA NOT NULL DEFAULT ''")
    op.execute("ALTER TABLE report ADD COLUMN supersedes UUID")
    op.execute(
        "ALTER TABLE report ADD CONSTRAINT fk_report_network_id_supersedes"
        " FOREIGN KEY (network_id, supersedes) REFERENCES report (network_id, id)"
    )


def downgrade() -> None:
    """Remove them."""
    op.execute("ALTER TABLE report DROP COLUMN supersedes")
    op.execute("ALTER TABLE report_input DROP COLUMN cells")
