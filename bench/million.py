"""Million: a network with a million records of every kind that a report counts."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

from api.accounts.commands import add_member

from . import maps
from .maps import ENVELOPE

if TYPE_CHECKING:
    from api.core.db import Database

    from .world import Place

CONNECTORS = 50
RECORDS = {"introductions": 400_000, "follow_ups": 200_000, "meetings": 200_000, "flows": 200_000}
FROM, DAYS = "2026-01-01", 5 * 365


def fill(database: Database, place: Place) -> None:
    """Put five years of fifty connectors' logs straight into the tables."""
    boundary = maps.fill(database, place, 0)
    with database.transaction() as cx:
        members = [
            add_member(cx, place.network, f"{uuid4().hex}@bench.example", "connector")
            for _ in range(CONNECTORS)
        ]
    params = {"network": place.network, "boundary": boundary, "members": members}
    params |= {"groups": maps.GROUPS, "spaces": maps.SPACES} | RECORDS
    with database.transaction(place.network) as cx:
        cx.exec_driver_sql("SET LOCAL statement_timeout = 0")
        for statement in _STATEMENTS:
            cx.exec_driver_sql(statement, params)
    maps.analyze(database, "meeting", "meeting_attendance", "flow", "follow_up")


def _row(mark: str) -> str:
    return (
        f"%(network)s, md5(%(boundary)s || '{mark}' || i)::uuid, gen_random_uuid(), 20000 + i,"
        f" (%(members)s::uuid[])[1 + i %% {CONNECTORS}], 'network'"
    )


def _when(count: str) -> str:
    """Evenly over the years."""
    return f"timestamptz '{FROM}' + i * (interval '{DAYS} days' / %({count})s)"


def _group(number: str) -> str:
    return f"md5(%(boundary)s || 'g' || 1 + ({number}) %% %(groups)s)::uuid"


# each group is introduced to forty others, again and again, as in a town
_OTHER = "i + 1 + i / %(groups)s %% 40 * 97"
_STATEMENTS = [
    f"INSERT INTO introduction ({ENVELOPE}, made_at, status, known_before) SELECT {_row('i')},"
    f" {_when('introductions')}, (ARRAY['made', 'made', 'made', 'declined'])[1 + i %% 4],"
    " (ARRAY['no', 'yes', 'unknown'])[1 + i %% 3]"
    " FROM generate_series(1, %(introductions)s) i",
    "INSERT INTO introduction_party (network_id, introduction_id, position, group_id)"
    " SELECT %(network)s, md5(%(boundary)s || 'i' || i)::uuid, p,"
    f" CASE p WHEN 0 THEN {_group('i')} ELSE {_group(_OTHER)} END"
    " FROM generate_series(1, %(introductions)s) i, generate_series(0, 1) p",
    f"INSERT INTO follow_up ({ENVELOPE}, introduction_id, due_on, answered_by, outcome, anyway)"
    f" SELECT {_row('f')}, md5(%(boundary)s || 'i' || i)::uuid,"
    f" ({_when('introductions')})::date + (ARRAY[14, 90, 180])[1 + i %% 3],"
    " CASE WHEN i %% 3 > 0 THEN 'party' END, CASE WHEN i %% 3 > 0 THEN 'ongoing' END,"
    " CASE WHEN i %% 3 > 0 THEN 'no' END FROM generate_series(1, %(follow_ups)s) i",
    f"INSERT INTO meeting ({ENVELOPE}, starts_at, ends_at, space_id) SELECT {_row('m')},"
    f" {_when('meetings')}, {_when('meetings')} + interval '2 hours',"
    " md5(%(boundary)s || 'p' || 1 + i %% %(spaces)s)::uuid"
    " FROM generate_series(1, %(meetings)s) i",
    "INSERT INTO meeting_attendance (network_id, meeting_id, position, group_id, headcount,"
    " person_ids) SELECT %(network)s, md5(%(boundary)s || 'm' || i)::uuid, p,"
    f" {_group('i * (p + 3)')}, 5, '{{}}'"
    " FROM generate_series(1, %(meetings)s) i, generate_series(0, 1) p",
    f"INSERT INTO flow ({ENVELOPE}, happened_at, resource, from_group_id, to_group_id, status)"
    f" SELECT {_row('l')}, {_when('flows')},"
    " (ARRAY['goods', 'money', 'time', 'skill', 'information', 'space'])[1 + i %% 6],"
    f" {_group('i')}, {_group(_OTHER)}, (ARRAY['delivered', 'delivered', 'promised'])[1 + i %% 3]"
    " FROM generate_series(1, %(flows)s) i",
]
