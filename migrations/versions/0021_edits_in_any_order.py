"""A submission says which one it edits, so that the two find each other in whatever order."""

from migrations.tenant import execute

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; what came in before keeps its silence."""
    execute(
        (
            "ALTER TABLE openrosa_submission ADD COLUMN replaces UUID",
            "CREATE INDEX ix_openrosa_submission_replaces ON openrosa_submission"
            " (network_id, replaces) WHERE replaces IS NOT NULL",
        )
    )


def downgrade() -> None:
    """Remove it."""
    execute(("ALTER TABLE openrosa_submission DROP COLUMN replaces",))
