"""How strictly a network hides counts from readers outside, where stricter than we do."""

from migrations.tenant import belong, drop, execute, grant, protect, refer

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

TABLES = (
    """
    CREATE TABLE report_rule (
        network_id UUID NOT NULL,
        audience TEXT NOT NULL,
        threshold INTEGER NOT NULL,
        rounding INTEGER NOT NULL,
        set_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        set_by UUID NOT NULL,
        CONSTRAINT pk_report_rule PRIMARY KEY (network_id, audience),
        CONSTRAINT ck_report_rule_audience CHECK (audience IN ('funder', 'public')),
        CONSTRAINT ck_report_rule_rounding CHECK (rounding BETWEEN 5 AND threshold)
    )
    """,
)
NAMES = ("report_rule",)


def upgrade() -> None:
    """Make the table: a row for each audience whose rule a network has tightened."""
    execute(TABLES)
    belong(NAMES)
    refer((("report_rule", "set_by", "member"),))
    protect(NAMES)
    grant(NAMES, "SELECT, INSERT, UPDATE")


def downgrade() -> None:
    """Remove it: our own rules hold again."""
    drop(NAMES)
