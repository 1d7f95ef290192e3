"""Why the feed follows a counter that is locked first: a plain sequence loses the slower writer.

The same story with the product itself stands in test_concurrency.py: the order of revisions is the
order of commits.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from random import Random
from threading import Event
from typing import TYPE_CHECKING
from uuid import uuid4

import psycopg
import pytest

from api.core.write import Change, apply
from tests.sync.phone import Phone

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.fixtures.networks import Member, Network, Town

WRITERS, EACH = 4, 12
SLOWEST = 0.01  # seconds between the last write and the end of its transaction


@pytest.fixture
def feed(database_url: str) -> Iterator[str]:
    """A table that numbers its rows by a sequence, as feeds are often made."""
    name = f"feed_{uuid4().hex}"
    with psycopg.connect(database_url, autocommit=True) as cx:
        cx.execute(f"CREATE TABLE {name} (number bigserial PRIMARY KEY, writer text)")
        yield name
        cx.execute(f"DROP TABLE {name}")


def test_a_sequence_never_tells_of_the_slower_writer(database_url: str, feed: str) -> None:
    write = f"INSERT INTO {feed} (writer) VALUES (%s)"
    after = f"SELECT number, writer FROM {feed} WHERE number > %s ORDER BY number"
    with (
        psycopg.connect(database_url) as slow,
        psycopg.connect(database_url) as quick,
        psycopg.connect(database_url, autocommit=True) as reader,
    ):
        slow.execute(write, ["slow"])
        quick.execute(write, ["quick"])
        quick.commit()
        first = reader.execute(after, [0]).fetchall()
        slow.commit()
        second = reader.execute(after, [first[-1][0]]).fetchall()
    assert [writer for _, writer in first + second] == ["quick"]


def test_under_load_with_slow_and_failing_writers_nothing_is_missed(
    network: Network, town: Town
) -> None:
    phone, over = Phone(network.colleague), Event()
    phone.pull()
    heard: list[int] = []

    def listen() -> None:
        while True:
            was_over = over.is_set()
            _hear(phone, heard)
            if was_over:
                return

    with ThreadPoolExecutor(WRITERS + 1) as pool:
        reader = pool.submit(listen)
        writers = [pool.submit(_load, network.connector, network, town, i) for i in range(WRITERS)]
        written = [record for each in writers for record in each.result()]
        over.set()
        reader.result()
    told = {record_id for kind, record_id in phone.shadow if kind == "introductions"}
    assert told == set(written)
    assert len(written) < WRITERS * EACH, "some were to fail"
    assert heard == list(range(heard[0], heard[0] + len(written))), "in order, without a gap"


def _hear(phone: Phone, heard: list[int]) -> None:
    """Pull to the end, three changes at a time, and note every revision."""
    has_more = True
    while has_more:
        page = phone.read_page(3)
        heard += [change["revision"] for change in page["changes"]]
        phone.take_page(page)
        has_more = page["has_more"]


def _load(member: Member, network: Network, town: Town, seed: int) -> list[str]:
    """Write one record after the other, thinking a while before each commit; one in ten fails."""
    random, written = Random(seed), []
    for number in range(EACH):
        change = Change("introductions", uuid4(), town.introduction())
        try:
            with network.database.transaction(network.id) as cx:
                apply(cx, member.actor, [change])
                cx.exec_driver_sql(f"SELECT pg_sleep({random.uniform(0, SLOWEST)})")
                _fail_if(number % 10 == seed)
        except InterruptedError:
            continue
        written.append(str(change.id))
    return written


def _fail_if(is_bad: bool) -> None:
    if is_bad:
        raise InterruptedError
