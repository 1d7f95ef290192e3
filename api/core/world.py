"""World: what a batch needs to know of its network as of the lock, and what becomes of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec

if TYPE_CHECKING:
    from .actor import Actor
    from .change import Change, Present

REFUSED = ("conflict", "rejected")


class Entry(msgspec.Struct):
    """What the ledger says about an operation. Nobody reads again what comes after `record_id`."""

    op_id: UUID
    author_id: UUID
    digest: str
    status: str
    version: UUID | None
    revision: int | None
    error: dict[str, Any] | None
    base: UUID | None
    audience: str | None  # of a refusal: whom it was meant for, where that is known
    record_id: UUID
    client_id: UUID | None = None
    kind: str = ""
    payload: str | None = None


class Row(msgspec.Struct):
    """One state of a record, as the writing statement takes it."""

    id: UUID
    version: UUID
    revision: int
    author: UUID
    writer: UUID
    audience: str
    was: str
    gone: bool
    base: UUID | None
    ancestors: tuple[UUID, ...]
    client_time: str | None
    data: msgspec.Raw
    last: bool = True


class State(msgspec.Struct):
    """One state in a record's history."""

    revision: int
    base: UUID | None
    ancestors: tuple[UUID, ...]
    audience: str
    data: bytes | None = None  # of what is gone none, nor where no change builds on it


Key = tuple[str, UUID]


@dataclass
class World:
    """All that a batch needs to know of its network, as of the lock; and what becomes of it."""

    actor: Actor
    revision: int
    now: str
    kinds: frozenset[str]  # of the batch
    new_client: UUID | None  # that sends it, if it never did before
    ledger: dict[UUID, Entry]
    present: dict[Key, Present]
    missing: dict[str, set[UUID]]
    looked: dict[Key, Any] = field(default_factory=dict)
    homes: dict[Key, str] = field(default_factory=dict)  # audiences of what is looked at
    followers: Counter[tuple[str, Key]] = field(default_factory=Counter)  # of a kind, by whom
    lines: dict[Key, dict[UUID, State]] = field(default_factory=dict)
    failed: set[UUID] = field(default_factory=set)  # change ids that failed earlier in this batch
    rows: dict[str, list[Row]] = field(default_factory=dict)
    latest: dict[Key, Row] = field(default_factory=dict)  # of the rows, the last of each record
    entries: list[Entry] = field(default_factory=list)
    held: dict[Key, str] = field(default_factory=dict)  # audiences before this batch

    def writer(self, change: Change) -> UUID:
        """Who makes a change: whoever acts, but the server acts for those it speaks for."""
        speaks_for = change.author_id if self.actor.role == "server" else None
        return speaks_for or self.actor.member_id

    def home(self, owner: Key) -> str | None:
        """The audience of a record that others follow; None when it is not there."""
        staged = self.present.get(owner)
        return staged.audience if staged else self.homes.get(owner)

    def copy(self) -> World:
        """A world to try in: what is decided there leaves no trace here."""
        return replace(
            self,
            ledger=dict(self.ledger),
            present=dict(self.present),
            lines={key: dict(line) for key, line in self.lines.items()},
            followers=Counter(self.followers),
            failed=set(self.failed),
            rows={},
            latest={},
            entries=[],
            held=dict(self.held),
        )
