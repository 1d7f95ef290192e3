"""Change and Outcome: what somebody asks of a record, and what came of it, by name."""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec
from uuid_utils.compat import uuid7

from .codec import encode
from .problems import Problem
from .record import KINDS

if TYPE_CHECKING:
    from .record import Path, RecordType


class Change(msgspec.Struct, frozen=True):
    """One request to make, alter or remove a record. `values` is the whole record or its JSON."""

    kind: str
    id: UUID
    values: dict[str, Any] | bytes | None = None
    base_version: UUID | None = None  # the state this builds on; None makes a record
    change_id: UUID = msgspec.field(
        default_factory=uuid7
    )  # idempotency key, and the version it makes
    remove: bool = False
    audience: str | None = None  # None: as it is, or the kind's own
    ancestors: tuple[UUID, ...] = ()  # earlier unacknowledged changes of the same device
    group: str | None = None  # all of a group, or none
    client_id: UUID | None = None
    client_time: str | None = None  # the device's clock: kept, never believed
    author_id: UUID | None = None  # whose a new record is; the server also writes in their name
    hands_to: UUID | None = None  # whose the record is from now on; only the server says so
    unsaid: frozenset[str] = frozenset()  # fields its sender does not know: they stay as they are
    is_strict: bool = False  # never merge: whoever asks is there to answer a conflict
    is_late: bool = False  # its author sent a newer state of the record first
    keeps_refused: bool = True  # keep the payload of a refusal for its author
    asked: bytes | None = (
        None  # what was sent, where `values` was made from it and the present state
    )


class Prepared(msgspec.Struct):
    """A change, read and checked as far as that goes without the database."""

    change: Change
    kind: RecordType | None
    values: Any
    data: bytes | None  # canonical bytes of `values`; as sent when they could not be read
    digest: str
    problem: Problem | None
    references: list[tuple[Path, str, UUID]] = []

    @property
    def key(self) -> tuple[str, UUID]:
        """Which record this is about."""
        return self.change.kind, self.change.id


class Present(msgspec.Struct):
    """A record as it stands: what the database holds, or an earlier change of the batch left."""

    id: UUID
    version: UUID
    revision: int
    audience: str
    is_gone: bool
    author_id: UUID
    created_at: str
    updated_at: str
    may_change: bool
    may_remove: bool
    values: Any
    data: bytes | None

    def document(self) -> bytes:
        """The whole record as its JSON on the wire."""
        envelope = {
            "id": self.id,
            "version": self.version,
            "revision": self.revision,
            "created_at": self.created_at,
            "updated_at": self.updated_at,
            "author_id": self.author_id,
            "audience": self.audience,
        }
        content = self.data or b"{}"
        return encode(envelope)[:-1] + (b"," if content != b"{}" else b"") + content[1:]


class Outcome(msgspec.Struct):
    """What came of a change. `present` is the record afterwards, where the actor may see it."""

    change: Change
    status: str  # applied | merged | conflict | superseded | duplicate | rejected
    version: UUID | None = None
    revision: int | None = None
    problem: Problem | None = None
    present: Present | None = None
    first: str | None = None  # of a duplicate: the status it had the first time

    @property
    def is_done(self) -> bool:
        """Whether what was asked for is so, now or already."""
        return (self.first or self.status) in ("applied", "merged", "superseded")


def prepare(change: Change, *, is_stored: bool = False) -> Prepared:
    """Read and check a change as far as that goes without the database; no lock is needed.

    What `is_stored` was checked when it came: rules may have become stricter since.
    """
    kind, raw = KINDS.get(change.kind), b""
    values, data, said, problem = None, None, None, None
    references: list[tuple[Path, str, UUID]] = []
    try:
        raw = _raw(change.values)
        if kind is None:
            raise Problem("unknown_kind", f"There is no kind called {change.kind[:40]!r}.")  # noqa: TRY301
        if not change.remove:
            codec = kind.codec
            values = codec.of_database(msgspec.json.decode(raw)) if is_stored else codec.load(raw)
            data = codec.dump(values)
            said = kind.lasting(values, data)
            references = kind.references(values)
    except Problem as found:
        problem, data, said = found, raw, raw
    digest = _digest(change, change.asked or said)
    return Prepared(change, kind, values, data, digest, problem, references)


def _raw(values: dict[str, Any] | bytes | None) -> bytes:
    try:
        return values if isinstance(values, bytes) else encode(values)
    except RecursionError as error:
        sentence = ["This is nested too deeply."]
        raise Problem("validation_failed", fields={"_": sentence}) from error


def _digest(change: Change, data: bytes | None) -> str:
    """What makes two requests the same request; the device's clock and client id do not.

    Nor does the base of what was asked in part: it is the state found, which the first moved on.
    """
    base = change.base_version.bytes if change.base_version and not change.asked else b""
    head = f"{change.kind}|{change.remove}|{change.audience}|".encode() + change.id.bytes + base
    heir = change.hands_to.bytes if change.hands_to else b""
    return blake2b(head + heir + b"|" + (data or b""), digest_size=16).hexdigest()
