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
from itertools import islice
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from psycopg.conninfo import conninfo_to_dict, make_conninfo
from sqlalchemy import create_engine, text

from api.core.db import APP_ROLE, sqlalchemy_url
from api.migrate import migrate, schema_of, schemas

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

    from api.settings import Settings

NOTE, DUMP, FILES = "weft.json", "database.dump", "files"
KEY = re.compile(rf"{FILES}/[0-9a-f-]+/[0-9a-f-]+")  # a network's attachment
# Younger than the phones now: by a new epoch they know, and tell it again what it lost.
REBORN = b"\nUPDATE public.network SET epoch = gen_random_uuid();\n"
# Programs of PostgreSQL 17 and newer begin with a setting that servers before them do not know.
HEAD, TOO_NEW = 30, b"SET transaction_timeout"


def back_up(settings: Settings, path: Path) -> int:
    """Write a backup to `path`, whole or not at all, for this user's eyes alone; bytes written.

    Attachments in a bucket are not in it. ValueError says what went wrong.
    """
    with tempfile.TemporaryDirectory(dir=path.resolve().parent, prefix=".weft-") as folder:
        server = _server(settings.database_url, Path(folder))
        dump, note, fresh = (Path(folder, name) for name in (DUMP, NOTE, "backup.tar"))
        words = ("--format=custom", "--exclude-table-data=spatial_ref_sys", "--file", str(dump))
        with server.run("pg_dump", *server.address, *words) as dumping:
            dumping.finish()
        note.write_text(json.dumps({"schema": server.schema, "made_at": str(datetime.now(UTC))}))
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

    ValueError when there is something in the way already, or the file is no backup.
    """
    files = settings.var / FILES
    settings.var.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=settings.var, prefix=".weft-") as folder:
        server = _server(settings.database_url, Path(folder))
        _require_empty(settings.database_url, server)
        if any(files.rglob("*")):
            message = f"There are attachments in {files} already. Move them away, or set WEFT_VAR."
            raise ValueError(message)
        _unpack(path, Path(folder))
        Path(folder, FILES).replace(files)  # first: a file too many harms less than one missing
        try:
            _load(server, Path(folder, DUMP))
        except BaseException:
            shutil.rmtree(files)
            raise
    migrate(settings.database_url)


def _add_files(tar: tarfile.TarFile, folder: Path) -> None:
    for path in sorted(folder.glob("*/*")):
        name = f"{FILES}/{path.relative_to(folder)}"
        if KEY.fullmatch(name):
            with suppress(FileNotFoundError):  # removed by its author while we were at it
                tar.add(path, name)


def _unpack(path: Path, folder: Path) -> None:
    """Its note, its dump and its attachments; anything else is in no backup of ours."""
    Path(folder, FILES).mkdir(mode=0o700)
    message = f"{path} is no backup of Weft, or not all of one."
    try:
        with tarfile.open(path) as tar:
            for member in tar:
                _take(tar, member, folder)
        schema = json.loads(Path(folder, NOTE).read_text())["schema"]
    except (OSError, tarfile.TarError, ValueError, KeyError, TypeError) as error:
        raise ValueError(message) from error
    if schema not in schemas():
        message = f"{path} was made by a newer Weft; restore it with that one."
        raise ValueError(message)


def _take(tar: tarfile.TarFile, member: tarfile.TarInfo, folder: Path) -> None:
    content = tar.extractfile(member) if member.isreg() else None
    if not content or not (member.name in (NOTE, DUMP) or KEY.fullmatch(member.name)):
        raise tarfile.TarError(member.name)
    place = Path(folder, member.name)
    place.parent.mkdir(mode=0o700, exist_ok=True)
    with place.open("xb") as file:
        shutil.copyfileobj(content, file)


def _load(server: _Server, dump: Path) -> None:
    """Everything in one transaction, so that a restore that breaks leaves an empty database."""
    reading = ("--no-comments", "--no-owner", "--file=-", str(dump))
    writing = ("--no-psqlrc", "--single-transaction", "--set=ON_ERROR_STOP=1", "--quiet")
    aside = {"stdin": subprocess.PIPE, "stdout": subprocess.DEVNULL}
    with (
        server.run("psql", *server.address, *writing, **aside) as loading,
        server.run("pg_restore", *reading, stdout=subprocess.PIPE) as dumped,
    ):
        into, out = loading.process.stdin, dumped.process.stdout
        assert into
        assert out
        try:
            into.writelines(line for line in islice(out, HEAD) if not line.startswith(TOO_NEW))
            shutil.copyfileobj(out, into)
            dumped.finish()
            into.write(REBORN)
            into.close()  # only now may what was read be committed
        except BrokenPipeError:  # it says itself, below, what it could not do
            with suppress(BrokenPipeError):
                into.close()
        loading.finish()


def _require_empty(url: str, server: _Server) -> None:
    """No network yet, but the role that the dump gives rights to."""
    if server.schema is not None:
        message = "The database is not empty. Restore into a new one."
        raise ValueError(message)
    with _connected(url) as cx:
        if not cx.scalar(text("SELECT 1 FROM pg_roles WHERE rolname = :r"), {"r": APP_ROLE}):
            cx.execute(text(f"CREATE ROLE {APP_ROLE} NOLOGIN NOSUPERUSER NOBYPASSRLS"))
            cx.execute(text(f"GRANT {APP_ROLE} TO CURRENT_USER"))


@contextmanager
def _connected(url: str) -> Iterator[Connection]:
    engine = create_engine(sqlalchemy_url(url), hide_parameters=True)
    try:
        with engine.begin() as cx:
            yield cx
    finally:
        engine.dispose()


def _server(url: str, folder: Path) -> _Server:
    """Look at the server once; its password goes into a file in `folder`, in no command's words."""
    with _connected(url) as cx:
        major = int(cx.scalar(text("SHOW server_version_num")) or 0) // 10_000
        schema = schema_of(cx)
    parts = conninfo_to_dict(url.replace("+psycopg", "", 1))
    if "password" in parts:
        secret = re.sub(r"([\\:])", r"\\\1", str(parts.pop("password")))
        parts["passfile"] = str(folder / "password")
        (folder / "password").touch(0o600, exist_ok=False)
        (folder / "password").write_text(f"*:*:*:*:{secret}\n")
    return _Server(major, schema, ("--dbname", make_conninfo(**parts)))


@dataclass(frozen=True)
class _Server:
    """A PostgreSQL server: its version, the schema of our database in it, and how to reach that."""

    major: int
    schema: str | None
    address: tuple[str, str]

    @contextmanager
    def run(self, name: str, *words: str, **more: Any) -> Iterator[_Program]:
        """Run one of PostgreSQL's programs as long as the block, at the most."""
        command = (self._find(name), *words)
        with (
            tempfile.TemporaryFile() as said,
            subprocess.Popen(command, stderr=said, **more) as process,  # noqa: S603  (our words)
        ):
            try:
                yield _Program(process, said)
            finally:
                process.kill()

    def _find(self, name: str) -> str:
        """That of the server's own version before any other: they read one another best."""
        own = Path(f"/usr/lib/postgresql/{self.major}/bin/{name}")
        found = str(own) if own.exists() else shutil.which(name)
        if not found:
            message = f"{name} is not on this machine: apt-get install postgresql-client"
            raise ValueError(message)
        return found


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
