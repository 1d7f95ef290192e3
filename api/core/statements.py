"""Statements: the SQL of every kind, derived once from its declaration.

Texts depend only on which kinds take part, and what one kind alone refers to, so one change and
two hundred share a prepared statement. Every table is asked for one network by name; row-level
security is the second line.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy.dialects import postgresql

from .fields import Geometry
from .geometry import DECIMALS
from .policy import VISIBLE
from .record import KINDS, table_of

if TYPE_CHECKING:
    from .policy import May
    from .record import Part, RecordType

ENVELOPE = ("id", "version", "revision", "created_at", "updated_at", "author_id", "audience")
ENTRIES = """json_agg(json_build_object('op_id', l.op_id, 'author_id', l.author_id,
  'digest', l.digest, 'status', l.status, 'version', l.version, 'revision', l.revision,
  'error', l.error, 'base', l.base, 'audience', l.audience, 'record_id', l.record_id))"""
_POSTGRES: Any = postgresql.dialect()  # type: ignore[no-untyped-call]


def bound(sql: str) -> str:
    """Turn `:name` into the driver's parameter; a cast's `::` is left alone."""
    return re.sub(r"(?<![:\w]):([a-z_]+)", r"%(\1)s", sql)


def document(kind: RecordType, *, envelope: bool) -> str:
    """The JSON of row `r`, built by the database."""
    members = [f"'{name}', r.{name}" for name in ENVELOPE] if envelope else []
    members += [f"'{name}', {_read(name, field)}" for name, field in kind.fields.items()]
    members += [f"'{part.name}', {_parts(part)}" for part in kind.parts]
    return f"json_build_object({', '.join(members)})"


def _read(name: str, field: Any, row: str = "r") -> str:
    column = f"{row}.{name}"
    return f"ST_AsGeoJSON({column}, {DECIMALS})::json" if isinstance(field, Geometry) else column


def _parts(part: Part) -> str:
    members = ", ".join(f"'{name}', {_read(name, f, 'p')}" for name, f in part.fields.items())
    return (
        f"(SELECT coalesce(json_agg(json_build_object({members}) ORDER BY p.position), '[]'::json)"
        f" FROM {part.table} p WHERE p.network_id = :network AND p.{part.owner} = r.id)"
    )


@lru_cache(2_000)  # which kinds a batch mixes is for its sender to choose
def read_world(
    kinds: tuple[tuple[str, May], ...], referred: tuple[str, ...], is_server: bool
) -> str:
    """One statement that tells all a batch needs to know; each answer is a JSON column.

    In order: the time, the actor's role, whether the client is theirs, the ledger's entries, per
    kind its present rows, per kind referred to the ids that are not there or not visible (so the
    good case brings back nothing).
    """
    visible = "true" if is_server else VISIBLE
    ledger = (
        f"SELECT {ENTRIES} FROM {_each(':ops')} (SELECT * FROM op_ledger l"
        " WHERE l.network_id = :network AND l.op_id = x OFFSET 0) l"
    )
    rows = [_present(KINDS[name], may, visible) for name, may in kinds]
    missing = [_missing(name, visible) for name in referred]
    role = "NULL" if is_server else _ROLE
    answers = ["to_json(now())", *(f"({each})" for each in (role, _OWNER, ledger, *rows, *missing))]
    return bound("SELECT " + ", ".join(f"{each}::text" for each in answers))


_ROLE = (
    "SELECT m.role FROM member m"
    " WHERE m.network_id = :network AND m.id = :member AND m.ended_at IS NULL"
)
_OWNER = (
    "SELECT c.member_id = :member FROM sync_client c"
    " WHERE c.network_id = :network AND c.client_id = :client"
)
NEW_CLIENT = bound(
    "INSERT INTO sync_client (network_id, client_id, member_id) VALUES (:network, :client, :member)"
)


def _present(kind: RecordType, may: May, visible: str) -> str:
    change = may.change  # of a removed record it may be null: its content is
    remove = may.remove or change
    return (
        "SELECT json_agg(json_build_array(r.id, r.version, r.revision, r.audience,"
        " r.deleted_at IS NOT NULL, r.author_id, r.created_at, r.updated_at,"
        f" ({visible}), coalesce({change}, false), coalesce({remove}, false),"
        f" CASE WHEN r.deleted_at IS NULL THEN {document(kind, envelope=False)} END))"
        f" FROM {_each(f':ids_{slot(kind.name)}')} (SELECT * FROM {kind.table} r"
        " WHERE r.network_id = :network AND r.id = x OFFSET 0) r"
    )


def _each(ids: str) -> str:
    """One look-up by primary key for each id; `OFFSET 0` in what follows keeps it so.

    A planner without statistics takes a network for a handful of rows and would read them all.
    """
    return f"unnest(CAST({ids} AS uuid[])) x CROSS JOIN LATERAL"


def _missing(kind: str, visible: str) -> str:
    alive = "r.ended_at IS NULL" if kind == "members" else f"r.deleted_at IS NULL AND {visible}"
    return (
        f"SELECT json_agg(x) FROM unnest(CAST(:refs_{slot(kind)} AS uuid[])) x WHERE (SELECT 1"
        f" FROM {table_of(kind)} r WHERE r.network_id = :network AND r.id = x AND {alive}) IS NULL"
    )


def slot(kind: str) -> str:
    """A kind's name as part of a parameter's."""
    return kind.replace("-", "_")


@cache
def look_at(name: str) -> str:
    """Audience and values of some records, by id, for rules that relate a record to others.

    A removed record has none: it may still be referred to by what stood there before.
    """
    kind = KINDS[name]
    return bound(
        f"SELECT r.id, r.audience, {document(kind, envelope=False)}::text FROM {kind.table} r"
        " WHERE r.network_id = :network AND r.id = ANY(CAST(:ids AS uuid[]))"
        " AND r.deleted_at IS NULL"
    )


@cache
def followers_by(name: str, field: str) -> str:
    """The records of a kind that follow some others by a field: id, version, author, data."""
    kind = KINDS[name]
    return bound(
        f"SELECT r.{field}, r.id, r.version, r.author_id, {document(kind, envelope=False)}::text"
        f" FROM {kind.table} r WHERE r.network_id = :network"
        f" AND r.{field} = ANY(CAST(:ids AS uuid[])) AND r.deleted_at IS NULL"
    )


@cache
def count_followers(name: str, field: str) -> str:
    """How many records of a kind follow each of some others by a field."""
    return bound(
        f"SELECT r.{field}, count(*) FROM {KINDS[name].table} r WHERE r.network_id = :network"
        f" AND r.{field} = ANY(CAST(:ids AS uuid[])) AND r.deleted_at IS NULL GROUP BY 1"
    )


LINES = bound("""
SELECT h.record_id, h.version, h.revision, h.base, h.ancestors, h.audience
FROM unnest(CAST(:ids AS uuid[])) i CROSS JOIN LATERAL (
  SELECT x.record_id, x.version, x.revision, x.base, x.ancestors, x.audience FROM history x
  WHERE x.network_id = :network AND x.kind = :kind AND x.record_id = i
  ORDER BY x.revision DESC LIMIT 200) h
""")
STATES = bound("""
SELECT h.version, h.data::text FROM unnest(CAST(:versions AS uuid[])) x CROSS JOIN LATERAL
  (SELECT * FROM history h WHERE h.network_id = :network AND h.version = x OFFSET 0) h
""")

REFUSED_BASES = bound(
    """
WITH RECURSIVE line(op_id, base, depth) AS (
  SELECT l.op_id, l.base, 1 FROM op_ledger l
  WHERE l.network_id = :network AND l.op_id = ANY(CAST(:ops AS uuid[]))
  UNION ALL
  SELECT l.op_id, l.base, line.depth + 1 FROM line JOIN op_ledger l ON l.network_id = :network
    AND l.op_id = line.base
  WHERE line.depth < 200)
SELECT {entries}::text
FROM op_ledger l WHERE l.network_id = :network AND l.op_id IN (SELECT line.op_id FROM line)
""".replace("{entries}", ENTRIES)
)


@cache
def write_rows(name: str, *, replaces: bool, settles: bool) -> str:
    """All rows of one kind in one statement: record, parts, history and index.

    `replaces` is for batches in which some stand where others stood: parts beyond the new length
    go. New ones alone are spared what PostgreSQL does twice where it may have to replace.
    `settles`, of the last kind, adds what SETTLE does. Rows that are not `last` are earlier states
    within the batch: they go to the history alone.
    """
    kind = KINDS[name]
    steps = [
        "r AS MATERIALIZED (SELECT * FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS r(id uuid,"
        " version uuid, revision bigint, author uuid, writer uuid, audience text, was text,"
        " gone boolean, last boolean, base uuid, ancestors uuid[], client_time timestamptz,"
        " data jsonb))",
        f"w AS ({_write_record(kind)}{_replace_record(kind) if replaces else ''})",
    ]
    for i, part in enumerate(kind.parts):
        steps.append(f"c{i} AS ({_write_part(part)}{_replace_part(part) if replaces else ''})")
        if replaces:
            steps.append(f"x{i} AS ({_shrink_part(part)})")
    steps.append(_HISTORY.format(kind=name))
    steps.append(f"s AS ({_INDEX.format(kind=name)}{_REPLACE_INDEX if replaces else ''})")
    end = "SELECT"
    if settles:
        steps.append(_LEDGER)
        end = _COUNTER
    return bound(f"WITH {', '.join(steps)} {end}")


_HISTORY = """
h AS (INSERT INTO history (network_id, version, kind, record_id, revision, author_id, audience,
  is_gone, base, ancestors, data, client_time)
  SELECT :network, r.version, '{kind}', r.id, r.revision, r.writer, r.audience, r.gone, r.base,
  coalesce(r.ancestors, '{{}}'), r.data, r.client_time FROM r)
"""
_INDEX = """
INSERT INTO sync_index (network_id, kind, record_id, audience, revision, version, is_live)
  SELECT :network, '{kind}', r.id, r.audience, r.revision, r.version, NOT r.gone FROM r WHERE r.last
  UNION ALL
  SELECT :network, '{kind}', r.id, r.was, r.revision, r.version, false FROM r
  WHERE r.last AND r.was <> r.audience
"""
_REPLACE_INDEX = """
  ON CONFLICT (network_id, kind, record_id, audience) DO UPDATE
  SET revision = excluded.revision, version = excluded.version, is_live = excluded.is_live
"""


def _write_record(kind: RecordType) -> str:
    columns = list(kind.fields)
    types = ", ".join(f"{c} {_type(kind.model, c, f)}" for c, f in kind.fields.items())
    values = ", ".join(_write(c, f, "d") for c, f in kind.fields.items())
    return (
        f"INSERT INTO {kind.table} (network_id, id, version, revision, created_at, updated_at,"
        f" author_id, audience, deleted_at, {', '.join(columns)})"
        " SELECT :network, r.id, r.version, r.revision, now(), now(), r.author, r.audience,"
        f" CASE WHEN r.gone THEN now() END, {values}"
        f" FROM r LEFT JOIN LATERAL jsonb_to_record(r.data) AS d({types}) ON true WHERE r.last"
    )


def _replace_record(kind: RecordType) -> str:
    moved = ["version", "revision", "updated_at", "author_id", "audience", "deleted_at"]
    updates = ", ".join(f"{c} = excluded.{c}" for c in [*moved, *kind.fields])
    return f" ON CONFLICT (network_id, id) DO UPDATE SET {updates}"


def _write_part(part: Part) -> str:
    columns = list(part.fields)
    types = ", ".join(f"{c} {_type(part.model, c, f)}" for c, f in part.fields.items())
    values = ", ".join(_write(c, f, "p") for c, f in part.fields.items())
    return (
        f"INSERT INTO {part.table} (network_id, {part.owner}, position, {', '.join(columns)})"
        f" SELECT :network, r.id, p.position - 1, {values} FROM r CROSS JOIN LATERAL"
        f" ROWS FROM (jsonb_to_recordset(r.data->'{part.name}') AS ({types}))"
        f" WITH ORDINALITY AS p({', '.join(columns)}, position) WHERE r.last AND NOT r.gone"
    )


def _replace_part(part: Part) -> str:
    updates = ", ".join(f"{c} = excluded.{c}" for c in part.fields)
    return f" ON CONFLICT (network_id, {part.owner}, position) DO UPDATE SET {updates}"


def _shrink_part(part: Part) -> str:
    return (
        f"DELETE FROM {part.table} c USING (SELECT r.id, CASE WHEN r.gone THEN 0 ELSE"
        f" jsonb_array_length(r.data->'{part.name}') END AS size FROM r WHERE r.last) n"
        f" WHERE c.network_id = :network AND c.{part.owner} = n.id AND c.position >= n.size"
    )


def _type(model: Any, column: str, field: Any) -> str:
    return "jsonb" if isinstance(field, Geometry) else type_of(model, column)


def type_of(model: Any, column: str) -> str:
    """The database's name for a column's type."""
    return str(model.__table__.c[column].type.compile(dialect=_POSTGRES))


def _write(column: str, field: Any, row: str) -> str:
    if isinstance(field, Geometry):
        return f"ST_SetSRID(ST_GeomFromGeoJSON({row}.{column}::text), 4326)"
    return f"{row}.{column}"


_LEDGER = """
l AS (INSERT INTO op_ledger (network_id, op_id, author_id, client_id, kind, record_id, digest,
  status, version, revision, error, payload, base, audience)
  SELECT :network, l.op_id, l.author_id, l.client_id, l.kind, l.record_id, l.digest, l.status,
  l.version, l.revision, l.error, l.payload, l.base, l.audience
  FROM jsonb_to_recordset(CAST(:entries AS jsonb)) AS l(op_id uuid, author_id uuid,
  client_id uuid, kind text, record_id uuid, digest text, status text, version uuid,
  revision bigint, error jsonb, payload text, base uuid, audience text)
  ON CONFLICT (network_id, op_id) DO NOTHING)
"""
_COUNTER = "UPDATE network SET revision = :revision WHERE id = :network"
SETTLE = bound(f"WITH {_LEDGER} {_COUNTER}")

TOUCH = bound("""
WITH t AS (UPDATE sync_index s SET revision = n.revision + 1 FROM network n
  WHERE n.id = :network AND s.network_id = :network AND s.kind = :kind AND s.record_id = :id
    AND s.is_live RETURNING s.revision)
UPDATE network SET revision = t.revision FROM t WHERE id = :network RETURNING t.revision
""")
