"""Reports that a worker freezes while nobody waits."""

from migrations.tenant import belong, drop, execute, grant, protect, refer

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

TABLES = (
    """
    CREATE TABLE report_order (
        network_id UUID NOT NULL,
        id UUID NOT NULL,
        member_id UUID NOT NULL,
        asked TEXT NOT NULL,
        status TEXT DEFAULT 'waiting' NOT NULL,
        step TEXT DEFAULT '' NOT NULL,
        report_id UUID,
        problem TEXT,
        touched_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        CONSTRAINT pk_report_order PRIMARY KEY (network_id, id),
        CONSTRAINT ck_report_order_status
            CHECK (status IN ('waiting', 'working', 'done', 'failed'))
    )
    """,
)
NAMES = ("report_order",)


def upgrade() -> None:
    """Make the table."""
    execute(TABLES)
    belong(NAMES)
    refer((("report_order", "member_id", "member"), ("report_order", "report_id", "report")))
    protect(NAMES)
    grant(NAMES)


def downgrade() -> None:
    """Remove it: what was frozen stays."""
    drop(NAMES)
