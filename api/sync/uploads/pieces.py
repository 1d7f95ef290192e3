"""Pieces: an upload under way is a file that grows; its length is how far the upload came.

Nothing else says so, so a crash between a piece and its answer loses nothing. A piece is on disk
before it is acknowledged, and one writer at a time holds the file.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING
from uuid import UUID

from . import folders

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import BinaryIO


class Pieces:
    """Uploads under way, each a file below `root`."""

    def __init__(self, root: Path) -> None:
        """`root` is made when first needed, for this user alone."""
        self._root = root

    def _path(self, network_id: UUID, upload_id: UUID) -> Path:
        return self._root / str(network_id) / str(upload_id)  # ids: no name that a client chose

    def offset(self, network_id: UUID, upload_id: UUID) -> int:
        """How many bytes are on disk."""
        try:
            return self._path(network_id, upload_id).stat().st_size
        except FileNotFoundError:
            return 0

    @contextmanager
    def holding(self, network_id: UUID, upload_id: UUID) -> Iterator[BinaryIO | None]:
        """The file, to append to; None while another request holds it."""
        path = self._path(network_id, upload_id)
        folders.make(path.parent)
        with path.open("ab+") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                is_it = os.path.samestat(os.fstat(file.fileno()), path.stat())
            except (BlockingIOError, FileNotFoundError):
                is_it = False
            if not is_it:  # or it was forgotten between opening and holding
                yield None
                return
            if not file.seek(0, os.SEEK_END):
                folders.sync(path.parent)
            yield file

    def read(self, network_id: UUID, upload_id: UUID) -> bytes:
        """The whole file; it is no larger than a file may be."""
        return self._path(network_id, upload_id).read_bytes()

    def empty(self, network_id: UUID, upload_id: UUID) -> None:
        """Begin an upload again from nothing; for who holds it."""
        with self._path(network_id, upload_id).open("r+b") as file:
            file.truncate(0)
            os.fsync(file.fileno())

    def drop(self, network_id: UUID, upload_id: UUID) -> None:
        """Forget the pieces; there need not be any."""
        self._path(network_id, upload_id).unlink(missing_ok=True)

    def of_network(self, network_id: UUID) -> list[UUID]:
        """The uploads of a network that have a file."""
        return [UUID(path.name) for path in (self._root / str(network_id)).glob("*")]


def append(file: BinaryIO, piece: bytes) -> int:
    """Add a piece and see it on disk; the new length."""
    file.write(piece)
    file.flush()
    os.fsync(file.fileno())
    return file.tell()


def digest(content: bytes) -> str:
    """SHA-256 in lower-case hex."""
    return hashlib.sha256(content).hexdigest()
