"""Store: where whole files are kept: on disk, or with any S3-compatible service."""

from __future__ import annotations

import datetime as dt
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Protocol
from uuid import uuid4

from obstore.exceptions import BaseError, NotFoundError
from obstore.store import S3Store

from api.core.problems import Problem

from . import folders

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from obstore.store import ClientConfig, RetryConfig, S3Config

    from api.settings import Settings

STEP = 256 * 1024
PATIENCE = dt.timedelta(seconds=10)  # a request waits for the service no longer than that


class Store(Protocol):
    """Keeps files by key; a key names a network and an attachment, never what a client wrote."""

    def put(self, key: str, content: bytes) -> None:
        """Keep a whole file; it is safe when this returns. What was there is replaced."""

    def read(self, key: str, begin: int, end: int) -> Iterator[bytes]:
        """Bytes from `begin` to before `end`, in steps; FileNotFoundError when there is none."""

    def drop(self, key: str) -> None:
        """Forget a file; there need not be one."""


class Disk:
    """Files below one folder."""

    def __init__(self, root: Path) -> None:
        """`root` is made when first needed, for this user alone."""
        self._root = root

    def put(self, key: str, content: bytes) -> None:
        """Write beside, see it on disk, then rename: nobody ever reads half a file."""
        path = self._root / key
        folders.make(path.parent)
        fresh = path.with_name(f".{uuid4().hex}")
        with fresh.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
        folders.sync(path.parent)

    def read(self, key: str, begin: int, end: int) -> Iterator[bytes]:
        """Open at once, so that a file that is not there is told of before the answer begins."""
        file = (self._root / key).open("rb")
        return _steps(file, begin, end)

    def drop(self, key: str) -> None:
        """Unlink it."""
        (self._root / key).unlink(missing_ok=True)


def _steps(file: object, begin: int, end: int) -> Iterator[bytes]:
    with file as opened:  # type: ignore[attr-defined]
        opened.seek(begin)
        while begin < end and (step := opened.read(min(STEP, end - begin))):
            begin += len(step)
            yield step


class Bucket:
    """Files in a bucket, by the obstore library."""

    def __init__(self, store: S3Store) -> None:
        """`store` knows the bucket, its prefix and who asks."""
        self._store = store

    def put(self, key: str, content: bytes) -> None:
        """One request: the service keeps all of it or nothing."""
        with _reaching():
            self._store.put(key, content)

    def read(self, key: str, begin: int, end: int) -> Iterator[bytes]:
        """Range by range, so that a large file is never in memory."""
        with _reaching():
            self._store.head(key)
        steps = (range(at, min(at + STEP, end)) for at in range(begin, end, STEP))
        return (bytes(self._store.get_range(key, start=s.start, end=s.stop)) for s in steps)

    def drop(self, key: str) -> None:
        """Delete it; the service does not mind one that is gone."""
        with _reaching():
            self._store.delete(key)


@contextmanager
def _reaching() -> Iterator[None]:
    """Name what a service that is away, or has no such file, means here."""
    try:
        yield
    except NotFoundError as error:
        raise FileNotFoundError from error
    except BaseError as error:
        raise Problem("files_unavailable") from error


def open_store(settings: Settings) -> Store:
    """The store that the settings name."""
    if not settings.files_url:
        return Disk(settings.var / "files")
    named: S3Config = {
        "endpoint": settings.files_endpoint,
        "region": settings.files_region,
        "access_key_id": settings.files_key,
        "secret_access_key": settings.files_secret,
    }
    client: ClientConfig = {
        "allow_http": settings.files_endpoint.startswith("http://"),
        "connect_timeout": PATIENCE,
        "timeout": PATIENCE,
    }
    config: Any = {name: value for name, value in named.items() if value}
    retry: RetryConfig = {"max_retries": 3, "retry_timeout": PATIENCE}
    at = settings.files_url
    return Bucket(S3Store.from_url(at, config=config, client_options=client, retry_config=retry))
