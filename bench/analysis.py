"""Analysis: nulls beside a library and bare numpy; a million rows, cold from the database."""

from __future__ import annotations

import time
from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING
from uuid import uuid4

import networkx as nx
import numpy as np

from api.analysis.measures.betweenness import betweenness
from api.analysis.measures.bridges import Web, bridges_of_pairs
from api.analysis.measures.meetings import Attendance, contact_mass
from api.analysis.measures.nulls import Ask, block_size, compare
from api.analysis.measures.paths import both_ways
from api.analysis.measures.roles import MOST_DEALT, hold_roles, open_ways, size_of_deals
from api.analysis.measures.ties import Known

from . import loads
from .client import run
from .report import Line, at_least, at_most
from .server import resident, serving
from .world import Place, make_place
from .writes import PRODUCT

if TYPE_CHECKING:
    from collections.abc import Callable

    from api.core.db import Database

PEOPLE, TIES, SECTIONS, DRAWS, LIBRARY_DRAWS = 10_000, 100_000, 4, 999, 5
BRIDGED, FEW = 200, 1_000
WALKED = ((5_000, 20_000), (10_000, 100_000), (20_000, 60_000))
GROUPS, SPACES, PAIRS, ROWS, AT_A_MEETING = 2_000, 200, 100_000, 1_000_000, 10


def analysis(database: Database) -> list[Line]:
    """The measures by themselves, then whole answers of a server that has just begun."""
    return [*_nulls(), *_contact(), *_bridges(), *_brokerage(), *_answers(database)]


def _nulls() -> list[Line]:
    known = _graph()
    ours = _time(lambda: compare(known, Ask("N2", DRAWS, 1)))
    bare = _time(lambda: _bare(known))
    library = _time(lambda: _library(known)) / LIBRARY_DRAWS * DRAWS
    return [
        at_most("N2, 10,000 people, 100,000 ties, 999 draws", ours * 1000, 1_000, "ms"),
        at_most("… beside a bare numpy loop", ours / bare, 3, "times as long"),
        at_least("… beside networkx asked every draw", library / ours, 50, "times faster"),
    ]


def _graph(people: int = PEOPLE, ties: int = TIES) -> Known:
    rng = np.random.default_rng(1)
    codes = rng.choice(people * (people - 1) // 2, ties, replace=False)
    b = np.floor((1 + np.sqrt(1 + 8 * codes)) / 2).astype(np.int64)
    a = codes - b * (b - 1) // 2
    shares = np.eye(SECTIONS)[rng.integers(0, SECTIONS, people)]
    return Known(np.minimum(a, b), np.maximum(a, b), shares, ties)


def _bare(known: Known) -> None:
    """What anybody would write: sort by degree once, then shuffle blocks and count."""
    rng, size = np.random.default_rng(1), block_size(PEOPLE)
    order = np.argsort(known.degrees, kind="stable")
    label, whole = known.shares.argmax(axis=1).astype(np.uint8), PEOPLE // size * size
    for _ in range(DRAWS):
        dealt = label[order]
        dealt[:whole] = rng.permuted(dealt[:whole].reshape(-1, size), axis=1).ravel()
        back = np.empty_like(label)
        back[order] = dealt
        np.count_nonzero(back[known.a] != back[known.b])


def _library(known: Known) -> None:
    """The library's own mixing of a graph whose labels are set anew every draw."""
    rng, label = np.random.default_rng(1), known.shares.argmax(axis=1)
    graph = nx.Graph(list(zip(known.a.tolist(), known.b.tolist(), strict=True)))
    for _ in range(LIBRARY_DRAWS):
        nx.set_node_attributes(graph, dict(enumerate(rng.permutation(label).tolist())), "side")
        nx.attribute_mixing_matrix(graph, "side", normalized=False)


def _contact() -> list[Line]:
    rng = np.random.default_rng(1)
    meeting = np.repeat(np.arange(ROWS // AT_A_MEETING), AT_A_MEETING)
    shares = np.eye(SECTIONS)[rng.integers(0, SECTIONS, GROUPS)]
    heads, group = rng.integers(1, 12, ROWS), rng.integers(0, GROUPS, ROWS)
    came = Attendance(ROWS // AT_A_MEETING, meeting, group, heads, shares)
    taken = _time(lambda: contact_mass(came)) * 1000
    return [at_most("mixing of 1,000,000 attendances, once loaded", taken, 500, "ms")]


def _bridges() -> list[Line]:
    """Two hundred groups, bound together by eight hundred who each know a few of them."""
    rng = np.random.default_rng(1)
    person = np.repeat(np.arange(BRIDGED, 5 * BRIDGED), 3)
    web = Web(
        5 * BRIDGED, rng.integers(0, BRIDGED, len(person)), person, np.arange(5 * BRIDGED) < BRIDGED
    )
    pairs = np.array(list(combinations(range(BRIDGED), 2)))
    began = time.perf_counter()
    bridges_of_pairs(web, pairs)
    taken = time.perf_counter() - began
    return [at_most("independent bridges of all pairs of 200 groups", taken, 10, "s")]


def _brokerage() -> list[Line]:
    """Roles against chance, and betweenness beside a library's own."""
    known = _graph()
    arcs = both_ways(PEOPLE, known.a, known.b)
    began = time.perf_counter()
    hold_roles(open_ways(arcs), known, Ask("N2", DRAWS, 1))
    roles = time.perf_counter() - began
    fewer = _graph(FEW, 5 * FEW)
    few = both_ways(FEW, fewer.a, fewer.b)
    graph = nx.Graph(list(zip(few.tail.tolist(), few.head.tolist(), strict=True)))
    ours, library = _time(lambda: betweenness(few)), _time(lambda: nx.betweenness_centrality(graph))
    return [
        Line("roles of 10,000 people, 100,000 ties, 999 draws", f"{roles:,.1f} s"),
        Line("… 5,000 people in several sections, 12,000 ties", f"{_shared_roles():,.1f} s"),
        *(_across(*size) for size in WALKED),
        at_least("… of 1,000 people beside networkx", library / ours, 10, "times faster"),
    ]


def _shared_roles() -> float:
    """Seconds for roles at about the most that is dealt out where everybody is in two sections."""
    known = _graph(5_000, 12_000)
    halves = (known.shares + np.roll(known.shares, 1, axis=0)) / 2
    shared = replace(known, shares=halves)
    ways = open_ways(both_ways(len(halves), known.a, known.b))
    began = time.perf_counter()
    hold_roles(ways, shared, Ask("N2", MOST_DEALT // size_of_deals(ways.size, halves, 1), 1))
    return time.perf_counter() - began


def _across(people: int, ties: int) -> Line:
    known = _graph(people, ties)
    began = time.perf_counter()
    betweenness(both_ways(people, known.a, known.b), known.shares)
    taken = time.perf_counter() - began
    return Line(f"betweenness across, {people:,} people, {ties:,} ties", f"{taken:,.1f} s")


def _answers(database: Database) -> list[Line]:
    place = make_place(database, "Bench analysis")
    boundary = _fill(database, place)
    with serving(PRODUCT) as (port, pid):
        path = f"/api/v1/networks/{place.network}/analysis/crossing?boundary={boundary}"
        ties = run([loads.gets(port, place, path, 1)], 60)
        largest = resident(pid)[0]
        met = run([loads.gets(port, place, f"{path}&layer=meetings", 1)], 60)
    failed = [each.failed for each in (ties, met)]
    assert not any(failed), failed
    return [
        at_most("crossing of 1,000,000 introductions, cold", ties.percentile(1), 5_000, "ms"),
        at_most("… and the process that did it, resident", largest, 500, "MB"),
        Line("crossing of 1,000,000 attendances, cold", f"{met.percentile(1):,.1f} ms"),
    ]


def _time(work: Callable[[], object]) -> float:
    """Seconds, the better of two."""
    taken = []
    for _ in range(2):
        began = time.perf_counter()
        work()
        taken.append(time.perf_counter() - began)
    return min(taken)


def _fill(database: Database, place: Place) -> str:
    """A million introductions and as many attendances straight into the tables."""
    from sqlalchemy import create_engine

    boundary = str(uuid4())
    params = {"network": place.network, "member": place.member, "boundary": boundary}
    sizes = {"groups": GROUPS, "sections": SECTIONS, "spaces": SPACES, "rows": ROWS}
    sizes |= {"pairs": PAIRS, "crowd": AT_A_MEETING, "meetings": ROWS // AT_A_MEETING}
    with database.transaction(place.network) as cx:
        cx.exec_driver_sql("SET LOCAL statement_timeout = 0")
        for statement in _STATEMENTS:
            cx.exec_driver_sql(statement, params | sizes)
    with create_engine(database.url, isolation_level="AUTOCOMMIT").connect() as cx:
        cx.exec_driver_sql("VACUUM ANALYZE")
    return boundary


_ENVELOPE = "network_id, id, version, revision, author_id, audience"
_ROW = (
    "%(network)s, md5(%(boundary)s || '{mark}' || i)::uuid, gen_random_uuid(), 1000 + i,"
    " %(member)s, 'network',"
)
_STATEMENTS = [
    f"INSERT INTO boundary ({_ENVELOPE}, name, position) VALUES (%(network)s, %(boundary)s::uuid,"
    " gen_random_uuid(), 1000, %(member)s, 'network', 'Side', 1)",
    f"INSERT INTO section ({_ENVELOPE}, boundary_id, name, position) SELECT"
    f" {_ROW.format(mark='s')} %(boundary)s::uuid, 'S' || i, i"
    " FROM generate_series(1, %(sections)s) i",
    f"INSERT INTO space ({_ENVELOPE}, name, type, status, never_map) SELECT"
    f" {_ROW.format(mark='p')} 'Space ' || i, 'other', 'active', false"
    " FROM generate_series(1, %(spaces)s) i",
    f"INSERT INTO grp ({_ENVELOPE}, name, type, status, home_space_id) SELECT"
    f" {_ROW.format(mark='g')} 'Group ' || i, 'other', 'active',"
    " md5(%(boundary)s || 'p' || 1 + i %% %(spaces)s)::uuid"
    " FROM generate_series(1, %(groups)s) i",
    "INSERT INTO grp_section (network_id, grp_id, position, section_id, share) SELECT %(network)s,"
    " md5(%(boundary)s || 'g' || i)::uuid, 0,"
    " md5(%(boundary)s || 's' || 1 + i / 7 %% %(sections)s)::uuid, 1"
    " FROM generate_series(1, %(groups)s) i",
    f"INSERT INTO introduction ({_ENVELOPE}, made_at, space_id, status, known_before) SELECT"
    f" {_ROW.format(mark='i')} timestamptz '2022-01-01' + i * interval '2 minutes',"
    " md5(%(boundary)s || 'p' || 1 + i %% %(spaces)s)::uuid, 'made', 'no'"
    " FROM generate_series(1, %(rows)s) i",
    "INSERT INTO introduction_party (network_id, introduction_id, position, group_id)"
    " SELECT %(network)s, md5(%(boundary)s || 'i' || i)::uuid, p, md5(%(boundary)s || 'g' ||"
    " 1 + CASE p WHEN 0 THEN i %% %(pairs)s %% %(groups)s"
    " ELSE (i %% %(pairs)s + 1 + i %% %(pairs)s / %(groups)s * 37) %% %(groups)s END)::uuid"
    " FROM generate_series(1, %(rows)s) i, generate_series(0, 1) p",
    f"INSERT INTO meeting ({_ENVELOPE}, starts_at, space_id) SELECT"
    f" {_ROW.format(mark='m')} timestamptz '2022-01-01' + i * interval '20 minutes',"
    " md5(%(boundary)s || 'p' || 1 + i %% %(spaces)s)::uuid"
    " FROM generate_series(1, %(meetings)s) i",
    "INSERT INTO meeting_attendance (network_id, meeting_id, position, group_id, headcount,"
    " person_ids) SELECT %(network)s, md5(%(boundary)s || 'm' || i)::uuid, p,"
    " md5(%(boundary)s || 'g' || 1 + (i * 13 + p * p * 101) %% %(groups)s)::uuid,"
    " 1 + (i + p) %% 12, '{}'"
    " FROM generate_series(1, %(meetings)s) i, generate_series(0, %(crowd)s - 1) p",
]
