"""Draft: the migration of a new kind, written from its declaration, to be read before it is kept.

Run it as `.venv/bin/python -m migrations.draft visits`.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKeyConstraint
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex, CreateTable

from api.core.db import Base
from api.records import KINDS

if TYPE_CHECKING:
    from sqlalchemy import Index, Table
    from sqlalchemy.schema import ExecutableDDLElement

VERSIONS = Path(__file__).parent / "versions"

MIGRATION = '''"""The table of {name}."""

from migrations.tenant import belong, drop, execute, grant, protect, refer

revision = "{revision}"
down_revision = "{before}"
branch_labels = None
depends_on = None

TABLES = (
{tables})
NAMES = {names}
KEYS = (
{keys})
INDEXES = (
{indexes})


def upgrade() -> None:
    """Make the kind's tables."""
    execute(TABLES)
    belong(NAMES[:1])
    refer(KEYS)
    execute(INDEXES)
    protect(NAMES)
    grant(NAMES)


def downgrade() -> None:
    """Remove them."""
    drop(NAMES)
'''


def draft(name: str) -> str:
    """The text of the next migration, which makes the tables of the kind `name`."""
    kind = KINDS[name]
    names = (kind.table, *(part.table for part in kind.parts))
    tables = [Base.metadata.tables[table] for table in names]
    last = _last_revision()
    return MIGRATION.format(
        name=name,
        revision=f"{int(last) + 1:04}",
        before=last,
        names=repr(names).replace("'", '"'),
        tables="".join(_text(_without_keys(table)) for table in tables),
        keys="".join(_keys(table) for table in tables),
        indexes="".join(_text(CreateIndex(i)) for t in tables for i in _indexes(t)),
    )


def _last_revision() -> str:
    return max(path.name[:4] for path in VERSIONS.glob("[0-9]*.py"))


def _without_keys(table: Table) -> CreateTable:
    """The bare table: `belong` and `refer` add the keys that keep it within its network."""
    return CreateTable(table, include_foreign_key_constraints=[])


def _keys(table: Table) -> str:
    keys = [c for c in table.constraints if isinstance(c, ForeignKeyConstraint)]
    named = sorted((c.column_keys[-1], c.referred_table.name) for c in keys)
    return "".join(
        f'    ("{table.name}", "{column}", "{target}"),\n'
        for column, target in named
        if target != "network"
    )


def _indexes(table: Table) -> list[Index]:
    return sorted(table.indexes, key=lambda index: str(index.name))


def _text(statement: ExecutableDDLElement) -> str:
    lines = str(statement.compile(dialect=postgresql.dialect())).replace("\t", "    ").splitlines()
    kept = [line.rstrip() for line in lines if line.strip()]
    return '    """\n' + "".join(f"    {line}\n" for line in kept) + '    """,\n'


if __name__ == "__main__":
    wanted = sys.argv[1]
    file = VERSIONS / f"{int(_last_revision()) + 1:04}_{wanted.replace('-', '_')}.py"
    file.write_text(draft(wanted), encoding="utf-8")
    sys.stdout.write(f"{file.name} is written: read it, then `weft migrate`.\n")
