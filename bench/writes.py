"""Writes: pushes in batches and single POSTs, beside the plain twin and raw SQL."""

from __future__ import annotations

import time
from statistics import median
from typing import TYPE_CHECKING

from uuid_utils.compat import uuid7

from . import loads
from .client import SECONDS, Measured, run
from .report import Line, at_least, at_most
from .server import serving
from .world import Place, make_place

if TYPE_CHECKING:
    from api.core.db import Database

PRODUCT, TWIN = "api.wsgi:create", "bench.twin:create_app"
SIZE, CROWD = 200, 8
ROUNDS, ROUND = 7, 1.5  # seconds of each sort


def push(database: Database) -> list[Line]:
    """Batches of 200 inside one network and over sixteen, beside the twin's batches."""
    places = [make_place(database, f"Bench {i}") for i in range(16)]
    one = [places[0]] * 4
    with serving(PRODUCT) as (port, _):
        run([loads.pushes(port, p, SIZE, 5) for p in one])  # warm
        inside = _records(run([loads.pushes(port, p, SIZE, 60) for p in one]))
        over = _records(run([loads.over(port, _from(places, 4 * i), SIZE, 64) for i in range(4)]))
    with serving(TWIN) as (port, _):
        alike = [loads.batches_of_twin(port, p, SIZE, 8) for p in one]
        plain = _records(run(alike, 2 * SECONDS))
        apart = [loads.batches_of_twin(port, p, SIZE, 8) for p in places[:4]]
        plain_over = _records(run(apart, 2 * SECONDS))
    raw = _raw_insert(database, places[0])
    return [
        at_least("push, batches of 200, one network", inside, 6000, "records/s"),
        at_least("… times a plain flask-smorest + ORM endpoint", inside / plain, 20, "×"),
        at_least("push, batches of 200, 16 networks", over, 9000, "records/s"),
        at_least("… times a plain endpoint, 4 networks", over / plain_over, 20, "×"),
        Line("… share of a raw multi-row insert (records and parties only)", f"{inside / raw:.2f}"),
    ]


def single(database: Database) -> list[Line]:
    """One introduction a request, eight connections, pushed and posted, beside the twin's.

    Each sort in turn, several rounds of them, and the middle one is told: a machine that is shared
    is not as quick at all times. In one network each record waits for the one before to be on disk:
    the disk's own pace stands beside.
    """
    places = [make_place(database, f"Bench single {i}") for i in range(16)]
    with serving(PRODUCT) as (port, _), serving(TWIN) as (twin, _):
        run([loads.posts(port, places[0], 20)] * 2)
        rounds = [_round(port, twin, places) for _ in range(ROUNDS)]
        paces = [_pace(database, places[0]) for _ in range(ROUNDS)]
    rate = {sort: median(each[sort].rate for each in rounds) for sort in rounds[0]}
    late = median(each["post, one"].percentile(0.95) for each in rounds)
    pace = median(paces)
    return [
        at_least("push of one, one network, 8 connections", rate["push, one"], 500, "records/s"),
        at_least("push of one, 16 networks", rate["push, 16"], 700, "records/s"),
        at_least("POST, one network, 8 connections", rate["post, one"], 500, "records/s"),
        at_most("… p95", late, 30, "ms"),
        at_least("POST, a network for each connection", rate["post, 8"], 700, "records/s"),
        Line("… of the pace of the bare counter, one commit after the other",
             f"{rate['post, one'] / pace:.2f} of {pace:,.0f}/s"),
        Line("… times a plain flask-smorest + ORM endpoint",
             f"{rate['post, one'] / rate['plain']:.1f} ×"),
    ]  # fmt: skip


def _round(port: int, twin: int, places: list[Place]) -> dict[str, Measured]:
    """A while of each sort, one after the other."""
    one, crowd, count = places[0], range(CROWD), 500
    return {
        sort: _clean(run(sent, ROUND))
        for sort, sent in (
            ("push, one", [loads.pushes(port, one, 1, count) for _ in crowd]),
            ("push, 16", [loads.over(port, _from(places, 2 * i), 1, count) for i in crowd]),
            ("post, one", [loads.posts(port, one, count) for _ in crowd]),
            ("post, 8", [loads.posts(port, places[i], count) for i in crowd]),
            ("plain", [loads.batches_of_twin(twin, one, 1, count) for _ in crowd]),
        )
    }


def _from(places: list[Place], first: int) -> list[Place]:
    return places[first:] + places[:first]


def _pace(database: Database, place: Place, commits: int = 300) -> float:
    """Transactions a second that only move one network's counter on, each once the last is done."""
    began = time.perf_counter()
    for _ in range(commits):
        with database.transaction(place.network) as cx:
            cx.exec_driver_sql(_COUNT, {"network": place.network})
    return commits / (time.perf_counter() - began)


def _records(found: Measured) -> float:
    return _clean(found).rate * SIZE


def _clean(found: Measured) -> Measured:
    if found.failed:
        message = f"{found.failed} of {found.requests} requests failed"
        raise RuntimeError(message)
    return found


def _raw_insert(database: Database, place: Place, batches: int = 20) -> float:
    """Records a second of multi-row INSERTs of record and parties, committed per batch."""
    began = time.perf_counter()
    for _ in range(batches):
        with database.transaction(place.network) as cx:
            ids = [uuid7() for _ in range(SIZE)]
            rows = [(place.network, i, uuid7(), 1, place.member, place.spaces[0]) for i in ids]
            parts = [(place.network, i, n, place.groups[n]) for i in ids for n in (0, 1)]
            marks = ",".join(["(%s,%s,%s,%s,%s,'network','2026-01-01',%s,'no','made')"] * SIZE)
            cx.exec_driver_sql(_INTRODUCTION + marks, tuple(v for row in rows for v in row))
            marks = ",".join(["(%s,%s,%s,%s)"] * len(parts))
            cx.exec_driver_sql(_PARTY + marks, tuple(v for part in parts for v in part))
    return batches * SIZE / (time.perf_counter() - began)


_COUNT = "UPDATE network SET revision = revision + 1 WHERE id = %(network)s"
_INTRODUCTION = (
    "INSERT INTO introduction (network_id, id, version, revision, author_id, audience, made_at,"
    " space_id, known_before, status) VALUES "
)
_PARTY = "INSERT INTO introduction_party (network_id, introduction_id, position, group_id) VALUES "
