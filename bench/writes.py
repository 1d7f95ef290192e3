"""Writes: pushes in batches and single POSTs, beside the plain twin and raw SQL."""

from __future__ import annotations

import time
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

    In one network each waits for the one before to be on disk: the disk's own pace stands beside.
    """
    places = [make_place(database, f"Bench single {i}") for i in range(16)]
    with serving(PRODUCT) as (port, _):
        run([loads.posts(port, places[0], 20)] * 2)
        pushed = _clean(run([loads.pushes(port, places[0], 1, 2000) for _ in range(CROWD)]))
        pushed_over = _clean(
            run([loads.over(port, _from(places, 2 * i), 1, 2000) for i in range(CROWD)])
        )
        posted = _clean(run([loads.posts(port, places[0], 2000) for _ in range(CROWD)]))
        posted_over = _clean(run([loads.posts(port, p, 2000) for p in places[:CROWD]]))
    pace = _pace(database, places[0])
    with serving(TWIN) as (port, _):
        plain = _clean(run([loads.batches_of_twin(port, places[0], 1, 1000)] * CROWD))
    return [
        at_least("push of one, one network, 8 connections", pushed.rate, 500, "records/s"),
        at_least("push of one, 16 networks", pushed_over.rate, 700, "records/s"),
        at_least("POST, one network, 8 connections", posted.rate, 500, "records/s"),
        at_most("… p95", posted.percentile(0.95), 30, "ms"),
        at_least("POST, a network for each connection", posted_over.rate, 700, "records/s"),
        Line("… of the pace of the bare counter, one commit after the other",
             f"{posted.rate / pace:.2f} of {pace:,.0f}/s"),
        Line("… times a plain flask-smorest + ORM endpoint", f"{posted.rate / plain.rate:.1f} ×"),
    ]  # fmt: skip


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
