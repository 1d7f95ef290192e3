"""Maps: tiles and the laid-out graph of a network larger than any town's."""

from __future__ import annotations

import random
from math import asinh, pi, radians, tan
from typing import TYPE_CHECKING
from uuid import uuid4

from . import loads
from .client import Load, run
from .report import Line, at_most
from .server import serving
from .world import Place, make_place
from .writes import PRODUCT

if TYPE_CHECKING:
    from api.core.db import Database

SPACES, GROUPS, SECTIONS, TIES, EDGES = 5_000, 2_000, 6, 20_000, 10_000
WEST, SOUTH, WIDTH, HEIGHT = -4.3, 52.0, 0.3, 0.2


def maps(database: Database) -> list[Line]:
    """Tiles as somebody pans and zooms, each asked once; then the graph, cold and again."""
    tiled, drawn = (make_place(database, f"Bench maps {each}") for each in ("tiles", "graph"))
    boundary, other = fill(database, tiled, TIES), fill(database, drawn, EDGES)
    analyze(database)
    with serving(PRODUCT) as (port, _):
        found = run([_tiles(port, tiled, boundary, seed) for seed in (1, 2)], 10)
        path = f"/api/v1/networks/{drawn.network}/maps/graph?boundary={other}"
        cold = run([loads.gets(port, drawn, f"{path}&layer=introductions", 1)], 30)
        warm = run([loads.gets(port, drawn, f"{path}&layer=introductions", 20)], 10)
    failed = [each.failed for each in (found, cold, warm)]
    assert not any(failed), failed
    return [
        at_most("tile among 5,000 spaces and 20,000 ties, p95", found.percentile(0.95), 50, "ms"),
        Line("… the median tile", f"{found.percentile(0.5):,.1f} ms"),
        at_most("graph of 2,000 groups and 10,000 ties, cold", cold.percentile(1), 2_000, "ms"),
        Line("… again", f"{warm.percentile(0.5):,.1f} ms"),
    ]


def fill(database: Database, place: Place, ties: int) -> str:
    """Put spaces, groups at home in them, sections and ties straight into the tables."""
    boundary = str(uuid4())
    params = {"network": place.network, "member": place.member, "boundary": boundary}
    sizes = {"spaces": SPACES, "groups": GROUPS, "sections": SECTIONS, "ties": ties}
    box = {"west": WEST, "south": SOUTH, "width": WIDTH, "height": HEIGHT}
    with database.transaction(place.network) as cx:
        for statement in _STATEMENTS:
            cx.exec_driver_sql(statement, params | sizes | box)
    return boundary


def _tiles(port: int, place: Place, boundary: str, seed: int) -> Load:
    """Every zoom from the whole town to a street, anywhere in the town."""
    rng = random.Random(seed)
    paths = [_tile(rng.randint(10, 16), rng) for _ in range(400)]
    where = f"/api/v1/networks/{place.network}/maps/tiles/"
    asked = f".mvt?boundary={boundary}"
    return Load(port, "GET", [(where + p + asked, loads.headers(place), b"") for p in paths])


def _tile(z: int, rng: random.Random) -> str:
    longitude, latitude = WEST + rng.random() * WIDTH, SOUTH + rng.random() * HEIGHT
    x = int((longitude + 180) / 360 * 2**z)
    y = int((1 - asinh(tan(radians(latitude))) / pi) / 2 * 2**z)
    return f"{z}/{x}/{y}"


TABLES = ("space", "grp", "grp_section", "introduction", "introduction_party")


def analyze(database: Database, *more: str) -> None:
    """Tell the planner what is there, as a server that has run for a day knows it."""
    from sqlalchemy import create_engine

    with create_engine(database.url, isolation_level="AUTOCOMMIT").connect() as cx:
        for table in (*TABLES, *more):
            cx.exec_driver_sql(f"VACUUM ANALYZE {table}")


ENVELOPE = "network_id, id, version, revision, author_id, audience"
_ROW = "%(network)s, md5(%(boundary)s || '{mark}' || i)::uuid, gen_random_uuid(), {at} + i,"
_STATEMENTS = [
    f"INSERT INTO boundary ({ENVELOPE}, name, position) VALUES (%(network)s, %(boundary)s::uuid,"
    " gen_random_uuid(), 1000, %(member)s, 'network', 'Side', 1)",
    f"INSERT INTO section ({ENVELOPE}, boundary_id, name, position) SELECT"
    f" {_ROW.format(mark='s', at=1001)} %(member)s, 'network', %(boundary)s::uuid, 'S' || i, i"
    " FROM generate_series(1, %(sections)s) i",
    f"INSERT INTO space ({ENVELOPE}, name, type, status, never_map, geometry) SELECT"
    f" {_ROW.format(mark='p', at=2000)} %(member)s, 'network', 'Space ' || i, 'other', 'active',"
    " false, ST_SetSRID(ST_MakePoint(%(west)s + random() * %(width)s,"
    " %(south)s + random() * %(height)s), 4326) FROM generate_series(1, %(spaces)s) i",
    f"INSERT INTO grp ({ENVELOPE}, name, type, status, home_space_id) SELECT"
    f" {_ROW.format(mark='g', at=9000)} %(member)s, 'network', 'Group ' || i, 'other', 'active',"
    " md5(%(boundary)s || 'p' || i)::uuid FROM generate_series(1, %(groups)s) i",
    "INSERT INTO grp_section (network_id, grp_id, position, section_id, share) SELECT %(network)s,"
    " md5(%(boundary)s || 'g' || i)::uuid, 0,"
    " md5(%(boundary)s || 's' || 1 + i %% %(sections)s)::uuid, 1"
    " FROM generate_series(1, %(groups)s) i",
    f"INSERT INTO introduction ({ENVELOPE}, made_at, status, known_before) SELECT"
    f" {_ROW.format(mark='i', at=20000)} %(member)s, 'network',"
    " timestamptz '2026-01-01' + i * interval '10 minutes', 'made', 'no'"
    " FROM generate_series(1, %(ties)s) i",
    "INSERT INTO introduction_party (network_id, introduction_id, position, group_id)"
    " SELECT %(network)s, md5(%(boundary)s || 'i' || i)::uuid, p, md5(%(boundary)s || 'g' ||"
    " 1 + CASE p WHEN 0 THEN i %% %(groups)s"
    " ELSE (i + 1 + i / %(groups)s * 97) %% %(groups)s END)::uuid"
    " FROM generate_series(1, %(ties)s) i, generate_series(0, 1) p",
]
