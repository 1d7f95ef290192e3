"""A verdict's time is when it was given, not when its transaction began: it keeps the order."""

from migrations.tenant import execute

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

# Who waits for a network's lock began earlier than who holds it; a statement begins under it.
WHEN = "ALTER TABLE op_ledger ALTER COLUMN decided_at SET DEFAULT {}"


def upgrade() -> None:
    """Ask for the time when the verdict is written."""
    execute([WHEN.format("statement_timestamp()")])


def downgrade() -> None:
    """Ask for the time when the transaction began."""
    execute([WHEN.format("now()")])
