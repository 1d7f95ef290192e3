"""Writes: pushes in batches and single POSTs, beside the plain twin and raw SQL."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING
from uuid import uuid4

from . import loads
from .client import SECONDS, Measured, run
from .report import Line, at_least, at_most
from .server import serving
from .world import Place, make_place

if TYPE_CHECKING:
    from api.core.db import Database

PRODUCT, TWIN = "api.wsgi:create", "bench.twin:create_app"
SIZE = 200


def push(database: Database) -> list[Line]:
    """Batches of 200 inside one network and over sixteen."""
    places = [make_place(database, f"Bench {i}") for i in range(16)]
    one = [places[0]] * 4
    with serving(PRODUCT) as (port, _):
        run([loads.pushes(port, p, SIZE, 5) for p in one])  # warm
        inside = _records(run([loads.pushes(port, p, SIZE, 60) for p in one]))
        over = run([loads.over(port, places, phone) for phone in range(4)])
    with serving(TWIN) as (port, _):
        plain = _records(run([loads.batches_of_twin(port, p, SIZE, 8) for p in one], 2 * SECONDS))
    raw = _raw_insert(database, places[0])
    return [
        at_least("push, batches of 200, one network", inside, 6000, "records/s"),
        at_least("push, batches of 200, 16 networks", _records(over), 9000, "records/s"),
        at_least("… times a plain flask-smorest + ORM endpoint", inside / plain, 20, "×"),
        Line("… share of a raw multi-row insert (records and parties only)", f"{inside / raw:.2f}"),
    ]


def single(database: Database) -> list[Line]:
    """One introduction a request, eight connections, in one network and in eight."""
    places = [make_place(database, f"Bench single {i}") for i in range(8)]
    with serving(PRODUCT) as (port, _):
        run([loads.posts(port, places[0], 20)] * 2)
        found = run([loads.posts(port, places[0], 2000) for _ in range(8)])
        over = run([loads.posts(port, places[i], 2000) for i in range(8)])
    _require_clean(found)
    _require_clean(over)
    return [
        at_least("single POST, one network, 8 connections", found.rate, 500, "records/s"),
        at_most("… p95", found.percentile(0.95), 30, "ms"),
        at_least("single POST, a network for each connection", over.rate, 700, "records/s"),
    ]


def _records(found: Measured) -> float:
    _require_clean(found)
    return found.rate * SIZE


def _require_clean(found: Measured) -> None:
    if found.failed:
        message = f"{found.failed} of {found.requests} requests failed"
        raise RuntimeError(message)


def _raw_insert(database: Database, place: Place, batches: int = 20) -> float:
    """Records a second of multi-row INSERTs of record and parties, committed per batch."""
    began = time.perf_counter()
    for _ in range(batches):
        with database.transaction(place.network) as cx:
            ids = [uuid4() for _ in range(SIZE)]
            rows = [(place.network, i, uuid4(), 1, place.member, place.spaces[0]) for i in ids]
            parts = [(place.network, i, n, place.groups[n]) for i in ids for n in (0, 1)]
            marks = ",".join(["(%s,%s,%s,%s,%s,'network','2026-01-01',%s,'no','made')"] * SIZE)
            cx.exec_driver_sql(_INTRODUCTION + marks, tuple(v for row in rows for v in row))
            marks = ",".join(["(%s,%s,%s,%s)"] * len(parts))
            cx.exec_driver_sql(_PARTY + marks, tuple(v for part in parts for v in part))
    return batches * SIZE / (time.perf_counter() - began)


_INTRODUCTION = (
    "INSERT INTO introduction (network_id, id, version, revision, author_id, audience, made_at,"
    " space_id, known_before, status) VALUES "
)
_PARTY = "INSERT INTO introduction_party (network_id, introduction_id, position, group_id) VALUES "
