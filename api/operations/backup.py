"""Backup: database and attachments in one file, and back, as another life of every network."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import tarfile
import tempfile
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from psycopg.conninfo import conninfo_to_dict, make_conninfo
from sqlalchemy import create_engine, text

from api.core.db import APP_ROLE, sqlalchemy_url
from api.migrate import migrate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from api.settings import Settings

NOTE, DUMP, FILES = "weft.json", "database.dump", "files"
FORM = 1
# Younger than the phones now: by a new epoch they know, and tell it again what it lost.
REBORN = b"\nUPDATE public.network SET epoch = gen_random_uuid();\n"


def back_up(settings: Settings, path: Path) -> int:
    """Write a backup to `path`, whole or not at all, for this user's eyes alone; bytes written.

    Attachments in a bucket are not in it. ValueError says what went wrong.
    """
    with tempfile.TemporaryDirectory(dir=path.resolve().parent, prefix=".weft-") as folder:
        dump, fresh = Path(folder, DUMP), Path(folder, "backup.tar")
        words = ("--format=custom", "--exclude-table-data=spatial_ref_sys", "--file", str(dump))
        there = _address(settings.database_url, Path(folder))
        with _program("pg_dump", *there, *words) as dumping:
            dumping.finish()
        note = Path(folder, NOTE)
        note.write_text(json.dumps({"form": FORM, "made_at": datetime.now(UTC).isoformat()}))
        with fresh.open("xb") as file:
            fresh.chmod(0o600)
            with tarfile.open(fileobj=file, mode="w") as tar:
                tar.add(note, NOTE)
                tar.add(dump, DUMP)
                _add_files(tar, settings.var / FILES)
            file.flush()
            os.fsync(file.fileno())
        size = fresh.stat().st_size
        fresh.replace(path)
    return size


def restore(settings: Settings, path: Path) -> None:
    """Bring a backup into an empty database, all of it or nothing, and up to the newest schema.

    ValueError when the database is not empty, or the file is no backup.
    """
    _require_empty(settings.database_url)
    with tempfile.TemporaryDirectory(dir=_made(settings.var), prefix=".weft-") as folder:
        _unpack(path, Path(folder))
        _load(settings.database_url, Path(folder, DUMP))
        for found in sorted(Path(folder, FILES).rglob("*")):
            if found.is_file():
                place = settings.var / FILES / found.relative_to(Path(folder, FILES))
                place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                found.replace(place)
    migrate(settings.database_url)


def _add_files(tar: tarfile.TarFile, folder: Path) -> None:
    for path in sorted(folder.rglob("*")):
        try:
            tar.add(path, str(Path(FILES, path.relative_to(folder))), recursive=False)
        except FileNotFoundError:  # removed by its author while we were at it
            continue


def _unpack(path: Path, folder: Path) -> None:
    try:
        with tarfile.open(path) as tar:
            tar.extractall(folder, filter="data")
        form = json.loads(Path(folder, NOTE).read_text())["form"]
    except (OSError, tarfile.TarError, ValueError, KeyError, TypeError) as error:
        message = f"{path} is no backup of Weft, or not all of one."
        raise ValueError(message) from error
    if form != FORM:
        message = f"{path} was made by a newer Weft; restore it with that one."
        raise ValueError(message)


def _load(url: str, dump: Path) -> None:
    """Everything in one transaction, so that a restore that breaks leaves an empty database."""
    reading = ("--exit-on-error", "--no-comments", "--no-owner", "--file=-", str(dump))
    writing = ("--single-transaction", "--set=ON_ERROR_STOP=1", "--quiet", "--output=/dev/null")
    there = _address(url, dump.parent)
    with (
        _program("psql", *there, *writing, stdin=subprocess.PIPE) as loading,
        _program("pg_restore", *reading, stdout=subprocess.PIPE) as dumped,
    ):
        into, out = loading.process.stdin, dumped.process.stdout
        assert into
        assert out
        try:
            shutil.copyfileobj(out, into)
            dumped.finish()
            into.write(REBORN)
            into.close()  # only now may what was read be committed
        except BrokenPipeError:  # it says itself, below, what it could not do
            with suppress(BrokenPipeError):
                into.close()
        loading.finish()


def _require_empty(url: str) -> None:
    """No network yet, but the role that the dump gives rights to."""
    engine = create_engine(sqlalchemy_url(url), hide_parameters=True)
    try:
        with engine.begin() as cx:
            if cx.scalar(text("SELECT to_regclass('public.network')")) is not None:
                message = "The database is not empty. Restore into a new one."
                raise ValueError(message)
            if not cx.scalar(text("SELECT 1 FROM pg_roles WHERE rolname = :r"), {"r": APP_ROLE}):
                cx.execute(text(f"CREATE ROLE {APP_ROLE} NOLOGIN NOSUPERUSER NOBYPASSRLS"))
                cx.execute(text(f"GRANT {APP_ROLE} TO CURRENT_USER"))
    finally:
        engine.dispose()


@dataclass(frozen=True)
class _Program:
    """One of PostgreSQL's programs at work, and what it complains of."""

    process: subprocess.Popen[bytes]
    said: IO[bytes]

    def finish(self) -> None:
        """Wait for its end; ValueError with its first complaint, which names no content."""
        if self.process.wait():
            self.said.seek(0)
            lines = self.said.read().decode(errors="replace").splitlines()
            errors = [line for line in lines if "error" in line.lower()]
            raise ValueError((errors or lines or ["It ended without a word."])[0])


@contextmanager
def _program(name: str, *words: str, **more: Any) -> Iterator[_Program]:
    """Run a program as long as the block, at the most."""
    with tempfile.TemporaryFile() as said:
        words = (_find(name), *words)
        with subprocess.Popen(words, stderr=said, **more) as process:  # noqa: S603  (they are ours)
            try:
                yield _Program(process, said)
            finally:
                process.kill()


def _address(url: str, folder: Path) -> tuple[str, str]:
    """The words by which a program reaches the database. Its password is in a file, in no word."""
    parts = conninfo_to_dict(url.replace("+psycopg", "", 1))
    if "password" in parts:
        secret = re.sub(r"([\\:])", r"\\\1", str(parts.pop("password")))
        parts["passfile"] = str(folder / "password")
        (folder / "password").touch(0o600, exist_ok=False)
        (folder / "password").write_text(f"*:*:*:*:{secret}\n")
    return "--dbname", make_conninfo(**parts)


def _find(name: str) -> str:
    """The newest one on this machine: it reads servers as old as itself and older."""
    newest = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=_major)
    found = str(newest[-1]) if newest else shutil.which(name)
    if not found:
        message = f"{name} is not on this machine: apt-get install postgresql-client"
        raise ValueError(message)
    return found


def _major(path: Path) -> int:
    name = path.parent.parent.name
    return int(name) if name.isdigit() else 0


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder
