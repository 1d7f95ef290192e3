"""Attachments, and the files that are uploaded for them."""

from migrations.tenant import belong, drop, execute, grant, protect, refer

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

TABLES = (
    """
    CREATE TABLE attachment (
        network_id UUID NOT NULL,
        id UUID NOT NULL,
        version UUID NOT NULL,
        revision BIGINT NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        author_id UUID NOT NULL,
        audience TEXT NOT NULL,
        deleted_at TIMESTAMP WITH TIME ZONE,
        introduction_id UUID,
        meeting_id UUID,
        flow_id UUID,
        listing_id UUID,
        sha256 TEXT,
        size BIGINT,
        mime TEXT,
        caption TEXT,
        CONSTRAINT pk_attachment PRIMARY KEY (network_id, id),
        CONSTRAINT ck_attachment_content
                CHECK (deleted_at IS NOT NULL OR num_nulls(sha256, size, mime) = 0)
    )
    """,
    """
    CREATE TABLE upload (
        network_id UUID NOT NULL,
        id UUID NOT NULL,
        member_id UUID NOT NULL,
        length BIGINT NOT NULL,
        sha256 TEXT NOT NULL,
        expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        refused TEXT,
        stored_at TIMESTAMP WITH TIME ZONE,
        stored_size BIGINT,
        stored_sha256 TEXT,
        mime TEXT,
        CONSTRAINT pk_upload PRIMARY KEY (network_id, id)
    )
    """,
)
NAMES = ("attachment", "upload")
KEYS = (
    ("attachment", "flow_id", "flow"),
    ("attachment", "introduction_id", "introduction"),
    ("attachment", "listing_id", "listing"),
    ("attachment", "meeting_id", "meeting"),
    ("upload", "member_id", "member"),
)
INDEXES = (
    """
    CREATE INDEX ix_attachment_network_id_created_at_id ON attachment (network_id, created_at, id)
    """,
    """
    CREATE INDEX ix_attachment_network_id_flow_id ON attachment (network_id, flow_id)
    """,
    """
    CREATE INDEX ix_attachment_network_id_introduction_id
            ON attachment (network_id, introduction_id)
    """,
    """
    CREATE INDEX ix_attachment_network_id_listing_id ON attachment (network_id, listing_id)
    """,
    """
    CREATE INDEX ix_attachment_network_id_meeting_id ON attachment (network_id, meeting_id)
    """,
)


def upgrade() -> None:
    """Make the tables."""
    execute(TABLES)
    belong(NAMES)
    refer(KEYS)
    execute(INDEXES)
    protect(NAMES)
    grant(NAMES)


def downgrade() -> None:
    """Remove them."""
    drop(NAMES)
