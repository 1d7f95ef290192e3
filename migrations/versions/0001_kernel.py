"""Networks, accounts, and what the write path keeps."""

from alembic import op

from migrations.tenant import belong, drop, execute, grant, make_role, protect

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES = (
    """
    CREATE TABLE network (
        id UUID NOT NULL,
        name TEXT NOT NULL,
        revision BIGINT DEFAULT '0' NOT NULL,
        epoch UUID DEFAULT gen_random_uuid() NOT NULL,
        gc_revision BIGINT DEFAULT '0' NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        CONSTRAINT pk_network PRIMARY KEY (id)
    )
     WITH (fillfactor = 50)
    """,
    """
    CREATE TABLE user_account (
        id UUID NOT NULL,
        email TEXT NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        disabled_at TIMESTAMP WITH TIME ZONE,
        CONSTRAINT pk_user_account PRIMARY KEY (id),
        CONSTRAINT uq_user_account_email UNIQUE (email)
    )
    """,
    """
    CREATE TABLE user_network (
        user_id UUID NOT NULL,
        network_id UUID NOT NULL,
        CONSTRAINT pk_user_network PRIMARY KEY (user_id, network_id)
    )
    """,
    """
    CREATE TABLE device (
        id UUID NOT NULL,
        user_id UUID NOT NULL,
        token_hash BYTEA NOT NULL,
        name TEXT NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        last_used_on DATE DEFAULT CURRENT_DATE NOT NULL,
        revoked_at TIMESTAMP WITH TIME ZONE,
        CONSTRAINT pk_device PRIMARY KEY (id),
        CONSTRAINT uq_device_token_hash UNIQUE (token_hash)
    )
    """,
    """
    CREATE TABLE sign_in_code (
        email_hash BYTEA NOT NULL,
        code_hash BYTEA NOT NULL,
        expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
        tries INTEGER DEFAULT '0' NOT NULL,
        CONSTRAINT pk_sign_in_code PRIMARY KEY (email_hash)
    )
    """,
    """
    CREATE TABLE rate_limit (
        subject_hash BYTEA NOT NULL,
        spent_until TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT pk_rate_limit PRIMARY KEY (subject_hash)
    )
    """,
    """
    CREATE TABLE invitation (
        id UUID NOT NULL,
        network_id UUID NOT NULL,
        email TEXT NOT NULL,
        role TEXT NOT NULL,
        invited_by UUID NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT pk_invitation PRIMARY KEY (id),
        CONSTRAINT ck_invitation_role
                CHECK (role IN ('connector', 'coordinator', 'admin', 'funder')),
        CONSTRAINT uq_invitation_network_id_email UNIQUE (network_id, email)
    )
    """,
    """
    CREATE TABLE member (
        network_id UUID NOT NULL,
        id UUID NOT NULL,
        user_id UUID NOT NULL,
        role TEXT NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        ended_at TIMESTAMP WITH TIME ZONE,
        CONSTRAINT pk_member PRIMARY KEY (network_id, id),
        CONSTRAINT ck_member_role CHECK (role IN ('connector', 'coordinator', 'admin', 'funder')),
        CONSTRAINT uq_member_network_id_user_id UNIQUE (network_id, user_id)
    )
    """,
    """
    CREATE TABLE history (
        network_id UUID NOT NULL,
        version UUID NOT NULL,
        kind TEXT NOT NULL,
        record_id UUID NOT NULL,
        revision BIGINT NOT NULL,
        author_id UUID NOT NULL,
        audience TEXT NOT NULL,
        is_gone BOOLEAN NOT NULL,
        base UUID,
        ancestors UUID[] DEFAULT '{}' NOT NULL,
        data JSONB,
        client_time TIMESTAMP WITH TIME ZONE,
        recorded_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        CONSTRAINT pk_history PRIMARY KEY (network_id, version)
    )
    """,
    """
    CREATE TABLE sync_index (
        network_id UUID NOT NULL,
        kind TEXT NOT NULL,
        record_id UUID NOT NULL,
        audience TEXT NOT NULL,
        revision BIGINT NOT NULL,
        version UUID NOT NULL,
        is_live BOOLEAN NOT NULL,
        CONSTRAINT pk_sync_index PRIMARY KEY (network_id, kind, record_id, audience)
    )
    """,
    """
    CREATE TABLE op_ledger (
        network_id UUID NOT NULL,
        op_id UUID NOT NULL,
        author_id UUID NOT NULL,
        client_id UUID,
        kind TEXT NOT NULL,
        record_id UUID NOT NULL,
        digest TEXT NOT NULL,
        status TEXT NOT NULL,
        version UUID,
        revision BIGINT,
        error JSONB,
        payload TEXT,
        decided_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        CONSTRAINT pk_op_ledger PRIMARY KEY (network_id, op_id)
    )
    """,
)

NAMES = (
    "network",
    "user_account",
    "user_network",
    "device",
    "sign_in_code",
    "rate_limit",
    "invitation",
    "member",
    "history",
    "sync_index",
    "op_ledger",
)

OTHER_KEYS = (
    """
    ALTER TABLE user_network ADD CONSTRAINT fk_user_network_user_id
            FOREIGN KEY(user_id)
            REFERENCES user_account (id)
    """,
    """
    ALTER TABLE device ADD CONSTRAINT fk_device_user_id
            FOREIGN KEY(user_id)
            REFERENCES user_account (id)
    """,
    """
    ALTER TABLE member ADD CONSTRAINT fk_member_user_id
            FOREIGN KEY(user_id)
            REFERENCES user_account (id)
    """,
)

INDEXES = (
    "CREATE INDEX ix_device_user_id ON device (user_id)",
    "CREATE INDEX ix_invitation_email ON invitation (email)",
    "CREATE INDEX ix_history_network_id_kind_record_id_revision ON history (network_id, kind,"
    " record_id, revision)",
    "CREATE INDEX ix_sync_index_network_id_audience_revision ON sync_index (network_id, "
    "audience, revision)",
)

ACCOUNTS = ("user_account", "user_network", "device", "sign_in_code", "rate_limit", "invitation")
OF_NETWORK = ("member", "history", "sync_index", "op_ledger")


def upgrade() -> None:
    """Make the extensions, the application's role and the tables."""
    op.execute("CREATE EXTENSION IF NOT EXISTS postgis")
    op.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
    make_role()
    execute(TABLES)
    belong(OF_NETWORK)
    execute(OTHER_KEYS)
    execute(INDEXES)
    protect(("network",), column="id")
    protect(OF_NETWORK)
    grant((*ACCOUNTS, "network", "member", "sync_index"))
    grant(("history", "op_ledger"), "SELECT, INSERT")  # what was said stays said


def downgrade() -> None:
    """Leave the extensions and the role: other databases of the server may use them."""
    drop(NAMES)
