"""Links to reports, and who took which report when."""

from migrations.tenant import belong, drop, execute, grant, protect, refer

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

TABLES = (
    """
    CREATE TABLE report_link (
        network_id UUID NOT NULL,
        id UUID NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        created_by UUID NOT NULL,
        report_id UUID NOT NULL,
        covers TEXT NOT NULL,
        token_hash BYTEA NOT NULL,
        label TEXT NOT NULL,
        expires_on DATE NOT NULL,
        revoked_at TIMESTAMP WITH TIME ZONE,
        CONSTRAINT pk_report_link PRIMARY KEY (network_id, id),
        CONSTRAINT ck_report_link_covers CHECK (covers IN ('report', 'series'))
    )
    """,
    "CREATE UNIQUE INDEX ix_report_link_network_id_token_hash"
    " ON report_link (network_id, token_hash)",
    """
    CREATE TABLE report_pull (
        network_id UUID NOT NULL,
        report_id UUID NOT NULL,
        pulled_at TIMESTAMP WITH TIME ZONE NOT NULL,
        reader_id UUID NOT NULL,
        form TEXT NOT NULL,
        by TEXT NOT NULL,
        CONSTRAINT pk_report_pull PRIMARY KEY (network_id, report_id, pulled_at, reader_id, form),
        CONSTRAINT ck_report_pull_by CHECK (by IN ('account', 'link'))
    )
    """,
)

NAMES = ("report_link", "report_pull")

KEYS = (
    ("report_link", "created_by", "member"),
    ("report_link", "report_id", "report"),
    ("report_pull", "report_id", "report"),
)


def upgrade() -> None:
    """Make the tables."""
    execute(TABLES)
    belong(NAMES)
    refer(KEYS)
    protect(NAMES)
    grant(("report_link",), "SELECT, INSERT, UPDATE (revoked_at)")
    grant(("report_pull",), "SELECT, INSERT")  # what the groups were told stands


def downgrade() -> None:
    """Remove them."""
    drop(NAMES)
