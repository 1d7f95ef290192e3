"""Frozen reports."""

from migrations.tenant import belong, drop, execute, grant, protect, refer

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TABLES = (
    """
    CREATE TABLE report (
        network_id UUID NOT NULL,
        id UUID NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        created_by UUID NOT NULL,
        period_from DATE NOT NULL,
        period_to DATE NOT NULL,
        boundaries UUID[] NOT NULL,
        language TEXT NOT NULL,
        template TEXT NOT NULL,
        audience TEXT NOT NULL,
        revision BIGINT NOT NULL,
        seed BIGINT NOT NULL,
        method_version TEXT NOT NULL,
        body TEXT NOT NULL,
        digest TEXT NOT NULL,
        shared_with_groups_at TIMESTAMP WITH TIME ZONE,
        released_at TIMESTAMP WITH TIME ZONE,
        CONSTRAINT pk_report PRIMARY KEY (network_id, id),
        CONSTRAINT ck_report_period CHECK (period_from < period_to),
        CONSTRAINT ck_report_audience CHECK (audience IN ('coordinators', 'funder', 'public')),
        CONSTRAINT ck_report_released CHECK (released_at IS NULL OR
            (audience <> 'coordinators' AND released_at > shared_with_groups_at) IS TRUE)
    )
    """,
)

NAMES = ("report",)

KEYS = (("report", "created_by", "member"),)


def upgrade() -> None:
    """Make the table."""
    execute(TABLES)
    belong(NAMES)
    refer(KEYS)
    protect(NAMES)
    grant(NAMES, "SELECT, INSERT, UPDATE (shared_with_groups_at, released_at)")  # frozen is frozen


def downgrade() -> None:
    """Remove it."""
    drop(NAMES)
