"""What a report was counted from."""

from migrations.tenant import belong, drop, execute, grant, protect, refer

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

TABLES = (
    """
    CREATE TABLE report_input (
        network_id UUID NOT NULL,
        report_id UUID NOT NULL,
        content BYTEA NOT NULL,
        CONSTRAINT pk_report_input PRIMARY KEY (network_id, report_id)
    )
    """,
)

NAMES = ("report_input",)


def upgrade() -> None:
    """Make the table."""
    execute(TABLES)
    belong(NAMES)
    refer((("report_input", "report_id", "report"),))
    protect(NAMES)
    grant(NAMES, "SELECT, INSERT")  # frozen is frozen


def downgrade() -> None:
    """Remove it."""
    drop(NAMES)
