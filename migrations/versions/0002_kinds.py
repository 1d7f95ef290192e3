"""The kinds of records."""

from migrations.tenant import belong, drop, execute, grant, protect, refer

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TABLES = (
    """
    CREATE TABLE boundary (
        network_id UUID NOT NULL,
        id UUID NOT NULL,
        version UUID NOT NULL,
        revision BIGINT NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        author_id UUID NOT NULL,
        audience TEXT NOT NULL,
        deleted_at TIMESTAMP WITH TIME ZONE,
        name TEXT,
        question TEXT,
        position INTEGER,
        CONSTRAINT pk_boundary PRIMARY KEY (network_id, id),
        CONSTRAINT ck_boundary_content
                CHECK (deleted_at IS NOT NULL OR num_nulls(name, position) = 0)
    )
    """,
    """
    CREATE TABLE section (
        network_id UUID NOT NULL,
        id UUID NOT NULL,
        version UUID NOT NULL,
        revision BIGINT NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        author_id UUID NOT NULL,
        audience TEXT NOT NULL,
        deleted_at TIMESTAMP WITH TIME ZONE,
        boundary_id UUID,
        name TEXT,
        position INTEGER,
        population INTEGER,
        CONSTRAINT pk_section PRIMARY KEY (network_id, id),
        CONSTRAINT ck_section_content
                CHECK (deleted_at IS NOT NULL OR num_nulls(boundary_id, name, position) = 0)
    )
    """,
    """
    CREATE TABLE space (
        network_id UUID NOT NULL,
        id UUID NOT NULL,
        version UUID NOT NULL,
        revision BIGINT NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        author_id UUID NOT NULL,
        audience TEXT NOT NULL,
        deleted_at TIMESTAMP WITH TIME ZONE,
        name TEXT,
        type TEXT,
        geometry geometry(GEOMETRY,4326),
        address TEXT,
        steward_group_id UUID,
        open_to TEXT,
        step_free BOOLEAN,
        opening_hours TEXT,
        never_map BOOLEAN,
        status TEXT,
        CONSTRAINT pk_space PRIMARY KEY (network_id, id),
        CONSTRAINT ck_space_content CHECK (deleted_at IS NOT NULL OR num_nulls(type, status) = 0)
    )
    """,
    """
    CREATE TABLE grp (
        network_id UUID NOT NULL,
        id UUID NOT NULL,
        version UUID NOT NULL,
        revision BIGINT NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        author_id UUID NOT NULL,
        audience TEXT NOT NULL,
        deleted_at TIMESTAMP WITH TIME ZONE,
        name TEXT,
        type TEXT,
        description TEXT,
        home_space_id UUID,
        active_from DATE,
        active_to DATE,
        external_ids TEXT[],
        status TEXT,
        CONSTRAINT pk_grp PRIMARY KEY (network_id, id),
        CONSTRAINT ck_grp_content
                CHECK (deleted_at IS NOT NULL OR num_nulls(name, type, status) = 0)
    )
    """,
    """
    CREATE TABLE grp_section (
        network_id UUID NOT NULL,
        grp_id UUID NOT NULL,
        position INTEGER NOT NULL,
        section_id UUID NOT NULL,
        share DOUBLE PRECISION NOT NULL,
        CONSTRAINT pk_grp_section PRIMARY KEY (network_id, grp_id, position)
    )
    """,
    """
    CREATE TABLE grp_space (
        network_id UUID NOT NULL,
        grp_id UUID NOT NULL,
        position INTEGER NOT NULL,
        space_id UUID NOT NULL,
        stance TEXT NOT NULL,
        CONSTRAINT pk_grp_space PRIMARY KEY (network_id, grp_id, position)
    )
    """,
    """
    CREATE TABLE person (
        network_id UUID NOT NULL,
        id UUID NOT NULL,
        version UUID NOT NULL,
        revision BIGINT NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        author_id UUID NOT NULL,
        audience TEXT NOT NULL,
        deleted_at TIMESTAMP WITH TIME ZONE,
        alias TEXT,
        group_ids UUID[],
        notice TEXT,
        notice_on DATE,
        basis TEXT,
        age_band TEXT,
        purge_on DATE,
        CONSTRAINT pk_person PRIMARY KEY (network_id, id),
        CONSTRAINT ck_person_content
                CHECK (deleted_at IS NOT NULL OR num_nulls(alias, notice, basis, age_band) = 0)
    )
    """,
    """
    CREATE TABLE introduction (
        network_id UUID NOT NULL,
        id UUID NOT NULL,
        version UUID NOT NULL,
        revision BIGINT NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        author_id UUID NOT NULL,
        audience TEXT NOT NULL,
        deleted_at TIMESTAMP WITH TIME ZONE,
        made_at TIMESTAMP WITH TIME ZONE,
        connector_id UUID,
        space_id UUID,
        channel TEXT,
        purpose TEXT,
        known_before TEXT,
        status TEXT,
        CONSTRAINT pk_introduction PRIMARY KEY (network_id, id),
        CONSTRAINT ck_introduction_content
                CHECK (deleted_at IS NOT NULL OR num_nulls(made_at, known_before, status) = 0)
    )
    """,
    """
    CREATE TABLE introduction_party (
        network_id UUID NOT NULL,
        introduction_id UUID NOT NULL,
        position INTEGER NOT NULL,
        group_id UUID NOT NULL,
        person_id UUID,
        CONSTRAINT pk_introduction_party PRIMARY KEY (network_id, introduction_id, position)
    )
    """,
    """
    CREATE TABLE follow_up (
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
        due_on DATE,
        asked_on DATE,
        answered_by TEXT,
        outcome TEXT,
        without_connector BOOLEAN,
        would_turn_to_again TEXT,
        anyway TEXT,
        CONSTRAINT pk_follow_up PRIMARY KEY (network_id, id),
        CONSTRAINT ck_follow_up_content
                CHECK (deleted_at IS NOT NULL OR num_nulls(introduction_id, due_on) = 0)
    )
    """,
    """
    CREATE TABLE meeting (
        network_id UUID NOT NULL,
        id UUID NOT NULL,
        version UUID NOT NULL,
        revision BIGINT NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        author_id UUID NOT NULL,
        audience TEXT NOT NULL,
        deleted_at TIMESTAMP WITH TIME ZONE,
        starts_at TIMESTAMP WITH TIME ZONE,
        ends_at TIMESTAMP WITH TIME ZONE,
        space_id UUID,
        title TEXT,
        host_group_id UUID,
        recurrence TEXT,
        CONSTRAINT pk_meeting PRIMARY KEY (network_id, id),
        CONSTRAINT ck_meeting_content CHECK (deleted_at IS NOT NULL OR num_nulls(starts_at) = 0)
    )
    """,
    """
    CREATE TABLE meeting_attendance (
        network_id UUID NOT NULL,
        meeting_id UUID NOT NULL,
        position INTEGER NOT NULL,
        group_id UUID NOT NULL,
        headcount INTEGER NOT NULL,
        person_ids UUID[] NOT NULL,
        CONSTRAINT pk_meeting_attendance PRIMARY KEY (network_id, meeting_id, position)
    )
    """,
    """
    CREATE TABLE listing (
        network_id UUID NOT NULL,
        id UUID NOT NULL,
        version UUID NOT NULL,
        revision BIGINT NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        author_id UUID NOT NULL,
        audience TEXT NOT NULL,
        deleted_at TIMESTAMP WITH TIME ZONE,
        side TEXT,
        resource TEXT,
        group_id UUID,
        description TEXT,
        quantity DOUBLE PRECISION,
        unit TEXT,
        space_id UUID,
        open_until DATE,
        status TEXT,
        CONSTRAINT pk_listing PRIMARY KEY (network_id, id),
        CONSTRAINT ck_listing_content
                CHECK (deleted_at IS NOT NULL OR
                    num_nulls(side, resource, group_id, description, status) = 0)
    )
    """,
    """
    CREATE TABLE flow (
        network_id UUID NOT NULL,
        id UUID NOT NULL,
        version UUID NOT NULL,
        revision BIGINT NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        author_id UUID NOT NULL,
        audience TEXT NOT NULL,
        deleted_at TIMESTAMP WITH TIME ZONE,
        happened_at TIMESTAMP WITH TIME ZONE,
        resource TEXT,
        description TEXT,
        quantity DOUBLE PRECISION,
        unit TEXT,
        from_group_id UUID,
        to_group_id UUID,
        space_id UUID,
        introduction_id UUID,
        listing_id UUID,
        status TEXT,
        CONSTRAINT pk_flow PRIMARY KEY (network_id, id),
        CONSTRAINT ck_flow_content
                CHECK (deleted_at IS NOT NULL OR
                num_nulls(happened_at, resource, from_group_id, to_group_id, status) = 0)
    )
    """,
    """
    CREATE TABLE quiet_week (
        network_id UUID NOT NULL,
        id UUID NOT NULL,
        version UUID NOT NULL,
        revision BIGINT NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        author_id UUID NOT NULL,
        audience TEXT NOT NULL,
        deleted_at TIMESTAMP WITH TIME ZONE,
        week_on DATE,
        CONSTRAINT pk_quiet_week PRIMARY KEY (network_id, id),
        CONSTRAINT ck_quiet_week_content CHECK (deleted_at IS NOT NULL OR num_nulls(week_on) = 0)
    )
    """,
)

RECORDS = (
    "boundary",
    "section",
    "space",
    "grp",
    "person",
    "introduction",
    "follow_up",
    "meeting",
    "listing",
    "flow",
    "quiet_week",
)
PARTS = ("grp_section", "grp_space", "introduction_party", "meeting_attendance")
NAMES = (*RECORDS, *PARTS)

KEYS = (
    ("section", "boundary_id", "boundary"),
    ("grp", "home_space_id", "space"),
    ("grp_section", "grp_id", "grp"),
    ("grp_section", "section_id", "section"),
    ("grp_space", "grp_id", "grp"),
    ("grp_space", "space_id", "space"),
    ("introduction", "connector_id", "member"),
    ("introduction", "space_id", "space"),
    ("introduction_party", "group_id", "grp"),
    ("introduction_party", "introduction_id", "introduction"),
    ("introduction_party", "person_id", "person"),
    ("follow_up", "introduction_id", "introduction"),
    ("meeting", "host_group_id", "grp"),
    ("meeting", "space_id", "space"),
    ("meeting_attendance", "group_id", "grp"),
    ("meeting_attendance", "meeting_id", "meeting"),
    ("listing", "group_id", "grp"),
    ("listing", "space_id", "space"),
    ("flow", "from_group_id", "grp"),
    ("flow", "introduction_id", "introduction"),
    ("flow", "listing_id", "listing"),
    ("flow", "space_id", "space"),
    ("flow", "to_group_id", "grp"),
)

OTHER_KEYS = (
    """
    ALTER TABLE space ADD CONSTRAINT fk_space_network_id_steward_group_id
            FOREIGN KEY(network_id, steward_group_id)
            REFERENCES grp (network_id, id) DEFERRABLE INITIALLY DEFERRED
    """,
)

INDEXES = (
    "CREATE INDEX ix_boundary_network_id_position_id ON boundary (network_id, position, id)",
    "CREATE INDEX ix_section_network_id_boundary_id ON section (network_id, boundary_id)",
    "CREATE INDEX ix_section_network_id_position_id ON section (network_id, position, id)",
    "CREATE INDEX ix_space_geography ON space USING gist (network_id, (geometry::geography))",
    "CREATE INDEX ix_space_geometry ON space USING gist (network_id, geometry)",
    "CREATE INDEX ix_space_network_id_name_id ON space (network_id, name, id)",
    "CREATE INDEX ix_grp_network_id_name_id ON grp (network_id, name, id)",
    "CREATE INDEX ix_grp_section_network_id_section_id ON grp_section (network_id, section_id)",
    "CREATE INDEX ix_grp_space_network_id_space_id ON grp_space (network_id, space_id)",
    "CREATE INDEX ix_person_network_id_alias_id ON person (network_id, alias, id)",
    "CREATE INDEX ix_introduction_network_id_made_at_id ON introduction (network_id, made_at, id)",
    "CREATE INDEX ix_introduction_party_network_id_group_id ON introduction_party "
    "(network_id, group_id)",
    "CREATE INDEX ix_follow_up_network_id_due_on_id ON follow_up (network_id, due_on, id)",
    "CREATE INDEX ix_follow_up_network_id_introduction_id ON follow_up (network_id, "
    "introduction_id)",
    "CREATE INDEX ix_meeting_network_id_starts_at_id ON meeting (network_id, starts_at, id)",
    "CREATE INDEX ix_meeting_attendance_network_id_group_id ON meeting_attendance "
    "(network_id, group_id)",
    "CREATE INDEX ix_listing_network_id_created_at_id ON listing (network_id, created_at, id)",
    "CREATE INDEX ix_flow_network_id_happened_at_id ON flow (network_id, happened_at, id)",
    "CREATE INDEX ix_quiet_week_network_id_week_on_id ON quiet_week (network_id, week_on, id)",
    "CREATE UNIQUE INDEX uq_quiet_week_author ON quiet_week (network_id, author_id, week_on) "
    "WHERE deleted_at IS NULL",
)


def upgrade() -> None:
    """Make the tables of every kind and its parts."""
    execute(TABLES)
    belong(RECORDS)
    refer(KEYS)
    execute(OTHER_KEYS)
    execute(INDEXES)
    protect(NAMES)
    grant(NAMES)


def downgrade() -> None:
    """Remove them."""
    drop(NAMES)
