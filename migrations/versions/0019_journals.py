"""History, index and ledger are written under their network's lock; no key asks for it again."""

from migrations.tenant import belong, execute

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

JOURNALS = ("history", "sync_index", "op_ledger")


def upgrade() -> None:
    """Untie the three."""
    execute(f"ALTER TABLE {table} DROP CONSTRAINT fk_{table}_network_id" for table in JOURNALS)


def downgrade() -> None:
    """Tie them again."""
    belong(JOURNALS)
