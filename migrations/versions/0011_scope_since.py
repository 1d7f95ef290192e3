"""Since which revision a member sees what they see."""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add it: nobody's scope is new."""
    op.execute("ALTER TABLE member ADD COLUMN scope_since BIGINT DEFAULT 0 NOT NULL")


def downgrade() -> None:
    """Remove it."""
    op.execute("ALTER TABLE member DROP COLUMN scope_since")
