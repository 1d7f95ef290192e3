"""Head: where a network stands for the member who reads it, told along with who they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from .driver import noted

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy import Connection

_HEAD = "head"


class Head(NamedTuple):
    """Where a network stands for one member.

    Tombstones from before `gc_revision` are gone; `scope_since` is the revision at which the member
    came to see what they see.
    """

    revision: int
    epoch: UUID
    gc_revision: int
    scope_since: int

    @property
    def mark(self) -> str:
        """The revision, in one life of the database: a backup brought back counts it again."""
        return f"{self.revision}-{self.epoch.hex[:8]}"


def note_head(cx: Connection, head: Head) -> None:
    """Keep it with the snapshot; for whoever authenticates."""
    noted(cx)[_HEAD] = head


def head_of(cx: Connection) -> Head:
    """Where the network stands, inside an `acting` that reads; who writes asks `lock_network`."""
    found: Head = noted(cx)[_HEAD]
    return found
