"""Loading: the demonstration network with its accounts, put in through the one write path."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import groupby, islice
from typing import TYPE_CHECKING
from uuid import UUID, uuid5

from sqlalchemy import text
from tqdm import tqdm

import api.records  # noqa: F401  (declares the kinds)
from api.accounts.commands import add_member, create_network
from api.core.actor import Actor
from api.core.db import set_scope
from api.core.record import KINDS
from api.core.write import Change, apply

from .entry import AUTHORS, Entry
from .plan import plan
from .town import read_town

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

    from api.core.db import Database

DEMO_NETWORK = UUID("018cc251-f400-7de0-8000-5a110f04d000")
ADMIN, READER = "admin", "funder"
BATCH = 500
SEED = 1
IS_THERE = text("SELECT name FROM network WHERE id = :network")


@dataclass(frozen=True, slots=True)
class Loaded:
    """What came of loading: `records` is 0 when the network was there before."""

    town: str
    network_id: UUID
    records: int

    def __str__(self) -> str:
        """One sentence for whoever asked."""
        if not self.records:
            return f"The demonstration network is there already ({self.town}): nothing was done."
        return f"The demonstration network is loaded: {self.town}, {self.records:,} records."


def load(database: Database, *, today: date | None = None, progress: bool = True) -> Loaded:
    """Make the network, its members and its year that ends before the week of `today` (UTC).

    All of it in one transaction, so that what stops halfway leaves nothing. Does nothing where
    the network is there, whatever became of it since. RuntimeError when a record is refused.
    """
    town = read_town(SEED).told["town"]
    with database.transaction() as cx:
        set_scope(cx, DEMO_NETWORK)
        found = cx.scalar(IS_THERE, {"network": DEMO_NETWORK})
        if found:
            return Loaded(found, DEMO_NETWORK, 0)
        authors = _enrol(cx, town)
        entries = plan(today or datetime.now(UTC).date(), SEED)
        with tqdm(total=len(entries), unit=" records", desc=town, disable=not progress) as bar:
            for batch in _batches(entries):
                _put(cx, authors[batch[0].author], batch)
                bar.update(len(batch))
    return Loaded(town, DEMO_NETWORK, len({(entry.kind, entry.id) for entry in entries}))


def _enrol(cx: Connection, town: str) -> list[Actor]:
    """The network with its members; those who write, in the order of AUTHORS."""
    create_network(cx, town, address(ADMIN), DEMO_NETWORK)
    add_member(cx, DEMO_NETWORK, address(READER), "funder")
    roles = [name.rstrip("0123456789") for name in AUTHORS]
    members = [
        add_member(cx, DEMO_NETWORK, address(name), role)
        for name, role in zip(AUTHORS, roles, strict=True)
    ]
    return [
        Actor(DEMO_NETWORK, member, None, role) for member, role in zip(members, roles, strict=True)
    ]


def address(name: str) -> str:
    """The address of a demonstration account."""
    return f"{name}@demo.example"


def _batches(entries: list[Entry]) -> Iterator[list[Entry]]:
    """Runs of one kind, in order; within a run one author after another, 500 at the most."""
    for _, run in groupby(entries, key=lambda entry: entry.kind):
        by_author = sorted(run, key=lambda entry: entry.author)
        for _, own in groupby(by_author, key=lambda entry: entry.author):
            while batch := list(islice(own, BATCH)):
                yield batch


def _put(cx: Connection, author: Actor, batch: list[Entry]) -> None:
    """Apply one author's entries. Follow-ups only the server may make, in the author's name."""
    kind = KINDS[batch[0].kind]
    is_servers = kind.writers == "server"
    actor = Actor(author.network_id, author.member_id, None, "server") if is_servers else author
    for outcome in apply(cx, actor, [_change(entry) for entry in batch]):
        if not outcome.is_done:
            raise RuntimeError(f"{outcome.change.kind} {outcome.change.id}: {outcome.problem}")


def _change(entry: Entry) -> Change:
    """Deterministic ids; a space that has a steward by now builds on its first state."""
    first = uuid5(entry.id, "first")
    if "steward_group_id" not in entry.values:
        return Change(entry.kind, entry.id, entry.values, change_id=first)
    later = uuid5(entry.id, "steward")
    return Change(entry.kind, entry.id, entry.values, base_version=first, change_id=later)
