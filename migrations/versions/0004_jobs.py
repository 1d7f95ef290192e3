"""The job queue's own tables and functions, as its library ships them."""

from importlib.resources import files

from alembic import op

from migrations.tenant import APP_ROLE

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make them, and let the application's role work with them and read the schema's version."""
    script = files("procrastinate").joinpath("sql/schema.sql").read_text()
    op.get_bind().connection.driver_connection.execute(script)  # as it is: it is full of %
    for sort, kind in (("TABLE", "r"), ("SEQUENCE", "S")):
        op.execute(
            f"""
            DO $$ DECLARE name text; BEGIN
                FOR name IN SELECT relname FROM pg_class
                    WHERE relname LIKE 'procrastinate_%' AND relkind = '{kind}'
                LOOP EXECUTE format('GRANT ALL ON {sort} %I TO {APP_ROLE}', name); END LOOP;
            END $$
            """
        )
    op.execute(f"GRANT SELECT ON alembic_version TO {APP_ROLE}")


def downgrade() -> None:
    """Remove everything that carries the queue's name."""
    op.execute(
        """
        DO $$ DECLARE it record; BEGIN
            FOR it IN SELECT oid::regclass AS name FROM pg_class
                WHERE relname LIKE 'procrastinate_%' AND relkind = 'r'
            LOOP EXECUTE format('DROP TABLE IF EXISTS %s CASCADE', it.name); END LOOP;
            FOR it IN SELECT oid::regprocedure AS name FROM pg_proc
                WHERE proname LIKE 'procrastinate_%'
            LOOP EXECUTE format('DROP FUNCTION IF EXISTS %s CASCADE', it.name); END LOOP;
            FOR it IN SELECT oid::regtype AS name FROM pg_type
                WHERE typname LIKE 'procrastinate_%' AND typtype IN ('e', 'c')
            LOOP EXECUTE format('DROP TYPE IF EXISTS %s CASCADE', it.name); END LOOP;
        END $$
        """
    )
