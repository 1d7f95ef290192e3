"""Reads: list pages among a million records, pulls, and the memory of a worker."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from . import loads
from .client import run
from .report import Line, at_least, at_most
from .server import resident, serving
from .world import fill, make_place
from .writes import CROWD, PRODUCT, SIZE, TWIN

if TYPE_CHECKING:
    from api.core.db import Database

MILLION = 1_000_000


def lists(database: Database) -> list[Line]:
    """A page of 50 among a million introductions."""
    place = make_place(database, "Bench list")
    fill(database, place, MILLION)
    _analyze(database)
    path = f"/api/v1/networks/{place.network}/introductions?limit=50"
    with serving(PRODUCT) as (port, _):
        run([loads.gets(port, place, path)], 1)
        ours = run([loads.gets(port, place, path)] * 2)
    with serving(TWIN) as (port, _):
        usual = f"/networks/{place.network}/introductions?page_size=50"
        twin = run([loads.gets(port, place, usual)] * 2)
    with serving("bench.plain:create_app") as (port, _):
        plain_path = f"/networks/{place.network}/introductions"
        plain = run([loads.gets(port, place, plain_path)] * 2)
    ours_ms, twin_ms, plain_ms = (m.percentile(0.5) for m in (ours, twin, plain))
    return [
        at_most("list of 50 among 1,000,000, p95", ours.percentile(0.95), 50, "ms"),
        at_least("… times faster than ORM + marshmallow (p50)", twin_ms / ours_ms, 3, "×"),
        at_most("… times hand-written SQL in a bare view (p50)", ours_ms / plain_ms, 1.5, "×"),
    ]


def pulls(database: Database) -> list[Line]:
    """Nothing new, and a page of 500 changes."""
    place = make_place(database, "Bench pull")
    base = f"/api/v1/networks/{place.network}/sync/changes"
    with serving(PRODUCT) as (port, _):
        run([loads.pushes(port, place, SIZE, 10)])
        cursor = _last_cursor(port, place, base)
        idle = run([loads.gets(port, place, f"{base}?cursor={cursor}")] * 2)
        many = run([loads.gets(port, place, f"{base}?cursor={cursor}")] * CROWD)
        page = run([loads.gets(port, place, f"{base}?limit=500")])
    return [
        at_most("pull with nothing new, p95", idle.percentile(0.95), 5, "ms"),
        at_least(f"… requests a second, {CROWD} connections", many.rate, 2_000, "requests/s"),
        at_most("pull of 500 changes, p50", page.percentile(0.5), 10, "ms"),
    ]


def memory(database: Database) -> list[Line]:
    """The largest worker after pushes and lists."""
    place = make_place(database, "Bench memory")
    path = f"/api/v1/networks/{place.network}/introductions?limit=500"
    with serving(PRODUCT) as (port, pid):
        run([loads.pushes(port, place, SIZE, 10)] * 2)
        run([loads.gets(port, place, path)] * 2, 1)
        largest = resident(pid)[0]
    return [at_most("a worker process, resident", largest, 200, "MB")]


def _last_cursor(port: int, place: loads.Place, base: str) -> str:
    from urllib.request import Request, urlopen

    cursor = ""
    while True:
        where = f"http://127.0.0.1:{port}{base}?limit=500&cursor={cursor}".removesuffix("&cursor=")
        with urlopen(Request(where, headers=loads.headers(place))) as answer:  # noqa: S310
            page = msgspec.json.decode(answer.read())
        cursor = page["cursor"]
        if not page["has_more"]:
            return str(cursor)


def _analyze(database: Database) -> None:
    """Statistics as autovacuum would have them; the tables' owner has to ask for it."""
    from sqlalchemy import create_engine

    with create_engine(database.url, isolation_level="AUTOCOMMIT").connect() as cx:
        cx.exec_driver_sql("VACUUM ANALYZE introduction")
        cx.exec_driver_sql("VACUUM ANALYZE introduction_party")
