"""Answers of analysis that processes share, and that a worker works out."""

from migrations.tenant import belong, drop, execute, grant, protect

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

TABLES = (
    """
    CREATE TABLE analysis_answer (
        network_id UUID NOT NULL,
        id UUID NOT NULL,
        name TEXT NOT NULL,
        question TEXT NOT NULL,
        revision BIGINT NOT NULL,
        status TEXT NOT NULL,
        step TEXT DEFAULT '' NOT NULL,
        progress DOUBLE PRECISION DEFAULT 0 NOT NULL,
        body TEXT,
        touched_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        CONSTRAINT pk_analysis_answer PRIMARY KEY (network_id, id),
        CONSTRAINT ck_analysis_answer_status
            CHECK (status IN ('waiting', 'working', 'done', 'failed'))
    )
    """,
)
NAMES = ("analysis_answer",)


def upgrade() -> None:
    """Make the table: each network sees its own."""
    execute(TABLES)
    belong(NAMES)
    protect(NAMES)
    grant(NAMES)


def downgrade() -> None:
    """Remove it: what it held can be worked out again."""
    drop(NAMES)
