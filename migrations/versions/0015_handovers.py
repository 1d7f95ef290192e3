"""Handovers: what one connector holds, offered to another."""

from migrations.tenant import belong, drop, execute, grant, protect, refer

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

STATEMENTS = (
    """
    CREATE TABLE handover (
        network_id UUID NOT NULL,
        id UUID NOT NULL,
        giver_id UUID NOT NULL,
        receiver_id UUID NOT NULL,
        offered_by UUID NOT NULL,
        notebook BOOLEAN NOT NULL,
        status TEXT DEFAULT 'offered' NOT NULL,
        offered_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        closed_at TIMESTAMP WITH TIME ZONE,
        heir_id UUID,
        outcome JSONB,
        CONSTRAINT pk_handover PRIMARY KEY (network_id, id),
        CONSTRAINT ck_handover_status
            CHECK (status IN ('offered', 'accepted', 'declined', 'withdrawn'))
    )
    """,
    "CREATE UNIQUE INDEX ix_handover_offered ON handover (network_id, giver_id)"
    " WHERE status = 'offered'",
)
NAMES = ("handover",)


def upgrade() -> None:
    """Make the table: each network sees its own."""
    execute(STATEMENTS)
    belong(NAMES)
    refer(("handover", column, "member") for column in ("giver_id", "receiver_id"))
    protect(NAMES)
    grant(NAMES, "SELECT, INSERT, UPDATE")


def downgrade() -> None:
    """Remove it; what was handed over stays where it is."""
    drop(NAMES)
