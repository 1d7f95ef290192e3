"""What is removed from a notebook is forgotten in the history and the ledger as well."""

from alembic import op

from migrations.tenant import APP_ROLE

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

# The application may not alter what was said; the owner lends it this one exception.
FORGET = """
CREATE FUNCTION forget_notebooks(network uuid, before timestamptz) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
UPDATE history h SET data = NULL FROM person p
WHERE h.network_id = network AND h.kind = 'people' AND h.data IS NOT NULL
  AND p.network_id = network AND p.id = h.record_id AND p.deleted_at IS NOT NULL;

UPDATE op_ledger l SET payload = NULL
WHERE l.network_id = network AND l.kind = 'people' AND l.payload IS NOT NULL
  AND CASE (SELECT p.deleted_at IS NULL FROM person p
            WHERE p.network_id = network AND p.id = l.record_id)
      WHEN true THEN false WHEN false THEN true ELSE l.decided_at < before END
$$
"""


def upgrade() -> None:
    """Make the function and let nobody but the application's role call it."""
    op.execute(FORGET)
    op.execute("REVOKE ALL ON FUNCTION forget_notebooks FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION forget_notebooks TO {APP_ROLE}")


def downgrade() -> None:
    """Remove it; what it forgot stays forgotten."""
    op.execute("DROP FUNCTION forget_notebooks")
