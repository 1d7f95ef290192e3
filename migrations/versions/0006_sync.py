"""Whose phone a client id is, what was refused and closed, and the end of what is too old."""

from alembic import op

from migrations.tenant import APP_ROLE, belong, drop, execute, grant, protect

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

TABLES = (
    """
    CREATE TABLE sync_client (
        network_id UUID NOT NULL,
        client_id UUID NOT NULL,
        member_id UUID NOT NULL,
        first_seen_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        CONSTRAINT pk_sync_client PRIMARY KEY (network_id, client_id)
    )
    """,
    """
    CREATE TABLE closed_op (
        network_id UUID NOT NULL,
        op_id UUID NOT NULL,
        closed_by UUID NOT NULL,
        mended_as UUID,
        closed_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        CONSTRAINT pk_closed_op PRIMARY KEY (network_id, op_id)
    )
    """,
)
NAMES = ("sync_client", "closed_op")

# The application may not take back a verdict; the owner lends it the end of their time.
FORGET = """
CREATE FUNCTION forget_operations(network uuid, before timestamptz) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
WITH over AS (
  DELETE FROM op_ledger l WHERE l.network_id = network AND l.decided_at < before
    AND (l.status NOT IN ('conflict', 'rejected') OR EXISTS (
      SELECT FROM closed_op c
      WHERE c.network_id = network AND c.op_id = l.op_id AND c.closed_at < before))
  RETURNING l.op_id)
DELETE FROM closed_op c USING over WHERE c.network_id = network AND c.op_id = over.op_id
$$
"""


def upgrade() -> None:
    """Make the tables, what the ledger keeps of refusals, and the function that forgets."""
    execute(TABLES)
    belong(NAMES)
    protect(NAMES)
    grant(NAMES, "SELECT, INSERT")  # what was closed stays closed
    op.execute("ALTER TABLE op_ledger ADD COLUMN base UUID, ADD COLUMN audience TEXT")
    op.execute(
        "CREATE INDEX ix_op_ledger_refused ON op_ledger (network_id, decided_at, op_id)"
        " WHERE status IN ('conflict', 'rejected')"
    )
    op.execute(FORGET)
    op.execute("REVOKE ALL ON FUNCTION forget_operations FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION forget_operations TO {APP_ROLE}")


def downgrade() -> None:
    """Remove them."""
    op.execute("DROP FUNCTION forget_operations")
    op.execute("DROP INDEX ix_op_ledger_refused")
    op.execute("ALTER TABLE op_ledger DROP COLUMN base, DROP COLUMN audience")
    drop(NAMES)
