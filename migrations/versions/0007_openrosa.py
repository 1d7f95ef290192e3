"""Collect keys, and the submissions that came with them."""

from migrations.tenant import belong, drop, execute, grant, protect, refer

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

TABLES = (
    """
    CREATE TABLE collect_key (
        id UUID NOT NULL,
        user_id UUID NOT NULL,
        network_id UUID NOT NULL,
        member_id UUID NOT NULL,
        key_hash BYTEA NOT NULL,
        name TEXT NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        last_used_on DATE DEFAULT CURRENT_DATE NOT NULL,
        revoked_at TIMESTAMP WITH TIME ZONE,
        CONSTRAINT pk_collect_key PRIMARY KEY (id),
        CONSTRAINT uq_collect_key_key_hash UNIQUE (key_hash),
        CONSTRAINT fk_collect_key_user_id FOREIGN KEY (user_id) REFERENCES user_account (id)
    )
    """,
    "CREATE INDEX ix_collect_key_user_id ON collect_key (user_id)",
    """
    CREATE TABLE openrosa_submission (
        network_id UUID NOT NULL,
        id UUID NOT NULL,
        record_id UUID NOT NULL,
        op_id UUID NOT NULL,
        digest BYTEA NOT NULL,
        author_id UUID NOT NULL,
        received_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        CONSTRAINT pk_openrosa_submission PRIMARY KEY (network_id, id)
    )
    """,
)

TENANTS = ("openrosa_submission",)


def upgrade() -> None:
    """Make the tables."""
    execute(TABLES)
    belong(TENANTS)
    refer((("openrosa_submission", "author_id", "member"),))
    protect(TENANTS)
    grant(TENANTS, "SELECT, INSERT")  # what came in never changes
    grant(("collect_key",))


def downgrade() -> None:
    """Remove them."""
    drop(("collect_key", *TENANTS))
