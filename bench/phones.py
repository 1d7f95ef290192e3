"""Phones: what syncing costs a phone and the server: pages, a first sync, five hundred at once."""

from __future__ import annotations

import asyncio
import gzip
import time
from collections import Counter
from typing import TYPE_CHECKING, Any
from urllib.request import Request, urlopen
from uuid import uuid4

import msgspec
from sqlalchemy import text

from . import loads
from .client import run
from .report import Line, at_least, at_most
from .server import serving
from .world import Place, make_place
from .writes import PRODUCT, SIZE

if TYPE_CHECKING:
    from uuid import UUID

    from api.core.db import Database

PHONES, NETWORKS, LOGGED = 500, 25, 3
FIRST = 50_000


def pages(database: Database) -> list[Line]:
    """A thousand changed records on a phone's way home; a first sync of fifty thousand."""
    place = make_place(database, "Bench phone")
    with serving(PRODUCT) as (port, _):
        *_, cursor = _pull(port, place, "")
        run([loads.pushes(port, place, SIZE, 5)])
        _pull(port, place, cursor)
        thousand = [_pull(port, place, cursor) for _ in range(9)]
        batches = FIRST // SIZE - 5
        before = _sizes(database)
        run([loads.pushes(port, place, SIZE, batches // 2 + 1) for _ in range(2)], 120)
        began = time.perf_counter()
        changes, _, _, _ = _pull(port, place, "")
        first = time.perf_counter() - began
    assert changes >= FIRST, changes
    spent = sorted(each[2] for each in thousand)[len(thousand) // 2]
    return [
        at_most("pull of 1,000 changed records, gzipped", thousand[0][1] / 1000, 80, "kB"),
        at_most("… the two pages, p50", 1000 * spent, 50, "ms"),
        at_most(f"first sync of {FIRST:,} records", first, 10, "s"),
        _growth(before, _sizes(database), 2 * (batches // 2 + 1) * SIZE),
    ]


def _pull(port: int, place: Place, cursor: str) -> tuple[int, int, float, str]:
    """Pull to the end, gzipped: changes, bytes, seconds until the last byte, cursor."""
    base = f"http://127.0.0.1:{port}/api/v1/networks/{place.network}/sync/changes?limit=500"
    headers = loads.headers(place) | {"Accept-Encoding": "gzip"}
    changes, size, spent = 0, 0, 0.0
    while True:
        where = f"{base}&cursor={cursor}" if cursor else base
        began = time.perf_counter()
        with urlopen(Request(where, headers=headers)) as answer:  # noqa: S310
            body = answer.read()
        spent += time.perf_counter() - began
        page: dict[str, Any] = msgspec.json.decode(gzip.decompress(body))
        changes, size, cursor = changes + len(page["changes"]), size + len(body), page["cursor"]
        if not page["has_more"]:
            return changes, size, spent, cursor


def _sizes(database: Database) -> dict[str, int]:
    """Bytes of the tables a logged introduction goes to, indexes included."""
    with database.snapshot() as cx:
        return dict(cx.execute(text(_SIZES)).mappings().one())


def _growth(before: dict[str, int], after: dict[str, int], logged: int) -> Line:
    """What one logged introduction adds to them."""
    grown = {name: (after[name] - before[name]) / logged for name in before}
    parts = ", ".join(f"{name} {size:.0f}" for name, size in grown.items())
    return Line("disk for one logged introduction", f"{sum(grown.values()):.0f} bytes ({parts})")


_SIZES = """
SELECT pg_total_relation_size('introduction') + pg_total_relation_size('introduction_party')
  AS record, pg_total_relation_size('history') AS history,
  pg_total_relation_size('op_ledger') AS ledger, pg_total_relation_size('sync_index') AS index
"""


def crowd(database: Database) -> list[Line]:
    """Five hundred phones, each with a few new entries, push and pull at the same moment."""
    places = [make_place(database, f"Bench crowd {i}") for i in range(NETWORKS)]
    with serving(PRODUCT) as (port, _):
        run([loads.pushes(port, places[0], SIZE, 2)])
        pulled = {p.network: _pull(port, p, "") for p in places}
        before = Counter({network: found[0] for network, found in pulled.items()})
        cursors = {network: found[3] for network, found in pulled.items()}
        times = asyncio.run(_all_at_once(port, places, cursors))
        after = Counter({p.network: _pull(port, p, "")[0] for p in places})
    kept = sum((after - before).values())
    times.sort()
    return [
        at_most(
            f"{PHONES} phones sync at once, request p95", times[int(0.95 * len(times))], 2, "s"
        ),
        at_least("… of what they logged, kept once", 100 * kept / (PHONES * LOGGED), 100, "%"),
    ]


async def _all_at_once(port: int, places: list[Place], cursors: dict[UUID, str]) -> list[float]:
    mine = [places[i % len(places)] for i in range(PHONES)]
    phones = [_phone(port, place, cursors[place.network]) for place in mine]
    return [spent for times in await asyncio.gather(*phones) for spent in times]


async def _phone(port: int, place: Place, cursor: str) -> list[float]:
    """Push and pull over one connection; the seconds each took."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    changes = f"/api/v1/networks/{place.network}/sync/changes?cursor={cursor}"
    path, headers, body = loads.pushed(place, LOGGED, str(uuid4()))
    times = []
    for method, where, content in (("POST", path, body), ("GET", changes, b"")):
        began = time.perf_counter()
        lines = [f"{method} {where} HTTP/1.1", "Host: 127.0.0.1", f"Content-Length: {len(content)}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        writer.write("\r\n".join([*lines, "", ""]).encode() + content)
        head = await reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200"), head[:200]
        size = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
        await reader.readexactly(size)
        times.append(time.perf_counter() - began)
    writer.close()
    return times
