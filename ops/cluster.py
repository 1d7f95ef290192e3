"""Cluster: a private PostgreSQL under `var/`, on a unix socket only, never the system's own."""

from __future__ import annotations

import fcntl
import hashlib
import os
import pwd
import re
import shutil
import stat
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from .children import undisturbed
from .install import install_packages
from .say import call, give_up, say

if TYPE_CHECKING:
    from collections.abc import Iterator

USER = "weft"
SOCKET_NAME = "/.s.PGSQL.5432"
LONGEST_SOCKET = 100  # bytes; the kernel takes 107
OLDEST = 15

SETTINGS = """
listen_addresses = ''
unix_socket_directories = '{socket}'
unix_socket_permissions = 0700
max_connections = 60
shared_buffers = 512MB
max_wal_size = 4GB
checkpoint_timeout = 15min
random_page_cost = 1.1
jit = off
timezone = 'UTC'
log_timezone = 'UTC'
log_min_error_statement = panic
log_parameter_max_length_on_error = 0
"""
# For clusters that hold nothing worth keeping: the tests'.
CARELESS = "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\n"


class Cluster:
    """One cluster in a folder. Run by root, the server itself runs as `postgres`."""

    def __init__(self, folder: Path, *, careless: bool = False) -> None:
        """`careless` gives durability away for speed."""
        self.folder = folder
        self.data = folder / "pg"
        self.socket = _socket_folder(folder)
        self.careless = careless
        self.owner = pwd.getpwuid(os.geteuid())
        self.bin = Path()

    def url(self, database: str) -> str:
        """The address of one of its databases."""
        return f"postgresql://{USER}@/{database}?host={quote(str(self.socket), safe='')}"

    @contextmanager
    def serving(
        self, database: str, *, note: Path | None = None, afresh: bool = False
    ) -> Iterator[None]:
        """Have the cluster run, with this database in it, while the block runs.

        `afresh` empties the database first; `note` is a file that will name its address.
        """
        try:
            self.start()
            if afresh:
                self._client("dropdb", "--if-exists", "--force", database)
            self._make_database(database)
            if note:
                note.write_text(self.url(database) + "\n")
            yield
        finally:
            with undisturbed():
                self.stop()

    def start(self) -> None:
        """Make it when it is not there, start it when it does not run."""
        self._require_access()
        self.folder.mkdir(parents=True, exist_ok=True)
        self._find()
        with locked(self.folder / ".cluster-lock"):
            self._own(self.socket)
            if not (self.data / "PG_VERSION").exists():
                self._make()
            self._write_settings()
            if not self.is_running():
                self._forget_stale_pid()
                self._as_owner("pg_ctl", "-D", self.data, "-l", self.data / "server.log", "-w",
                               "-t", "60", "start")  # fmt: skip

    def stop(self) -> None:
        """Stop it: sessions are ended, everything committed is on disk."""
        if self.bin != Path() and self.is_running():
            self._as_owner("pg_ctl", "-D", self.data, "-m", "fast", "-w", "-t", "60", "stop")

    def crash(self) -> None:
        """Stop it as a power cut would: nothing is finished, nothing written but what was."""
        self._as_owner("pg_ctl", "-D", self.data, "-m", "immediate", "-w", "-t", "60", "stop")

    def stop_if_running(self) -> None:
        """Stop what an earlier process started here and did not live to stop."""
        if self.data.exists():
            self._find()
            self.stop()

    def _require_access(self) -> None:
        """One user's data is not another's: say so before the database does."""
        me = os.geteuid()
        if me == 0:
            return
        strange = self.data.exists() and self.data.stat().st_uid != me
        if strange or (self.folder.exists() and not os.access(self.folder, os.W_OK)):
            give_up(f"{self.folder} belongs to another user. Run as that user, or set WEFT_VAR.")

    def _find(self) -> None:
        """Find the programs, and whom they run as: never root."""
        self.bin = _find_binaries(self.data)
        if os.geteuid() == 0:
            made_by = self.data.stat().st_uid if self.data.exists() else 0
            self.owner = pwd.getpwuid(made_by) if made_by else pwd.getpwnam("postgres")

    def is_running(self) -> bool:
        """Whether its server answers."""
        status = subprocess.run(
            self._words("pg_ctl", "-D", self.data, "status"),
            check=False,
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        return status.returncode == 0

    def _make_database(self, name: str) -> None:
        """Make a database unless it is there."""
        found = self._client("psql", "-d", "postgres", "-Atc", "SELECT datname FROM pg_database")
        if name not in found.split():
            self._client("createdb", name)

    def _client(self, program: str, *words: str) -> str:
        command = (str(self.bin / program), "-h", str(self.socket), "-U", USER, *words)
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, cwd="/")
        return done.stdout

    def _make(self) -> None:
        """Make it under another name first: what was broken off is never taken for a cluster."""
        say(f"making a private database cluster in {self.data}")
        fresh = self.folder / "pg-unfinished"
        shutil.rmtree(fresh, ignore_errors=True)
        self._own(fresh)
        self._as_owner("initdb", "-D", fresh, "-U", USER, "-A", "trust", "-E", "UTF8",
                       "--locale=C.UTF-8", "--data-checksums")  # fmt: skip
        with (fresh / "postgresql.conf").open("a") as main:
            main.write("\ninclude 'weft.conf'\n")
        fresh.rename(self.data)

    def _write_settings(self) -> None:
        text = SETTINGS.format(socket=str(self.socket).replace("'", "''"))
        target = self.data / "weft.conf"
        target.write_text(text + (CARELESS if self.careless else ""))
        os.chown(target, self.owner.pw_uid, self.owner.pw_gid)

    def _own(self, folder: Path) -> None:
        """Make a folder that only its owner can enter; one that a stranger made is not used."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = folder.lstat()
        is_ours = found.st_uid in (os.geteuid(), self.owner.pw_uid)
        if not (is_ours and stat.S_ISDIR(found.st_mode) and not found.st_mode & 0o077):
            give_up(f"{folder} was made by somebody else, or others can enter it: remove it.")
        os.chown(folder, self.owner.pw_uid, self.owner.pw_gid)

    def _forget_stale_pid(self) -> None:
        """A crash leaves a pid that may since belong to another program."""
        note = self.data / "postmaster.pid"
        if not note.exists():
            return
        pid = note.read_text().split("\n", 1)[0].strip()
        program = Path(f"/proc/{pid}/comm")
        if not program.exists() or program.read_text().strip() != "postgres":
            note.unlink()

    def _as_owner(self, program: str, *words: str | Path) -> None:
        clean = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8", "HOME": "/"}
        call(*self._words(program, *words), cwd="/", env=clean)

    def _words(self, program: str, *words: str | Path) -> list[str]:
        """Root hands over to the owner, who may look through folders only root can enter."""
        command = [str(self.bin / program), *(str(word) for word in words)]
        if os.geteuid() != 0:
            return command
        user, group = self.owner.pw_uid, self.owner.pw_gid
        return ["setpriv", f"--reuid={user}", f"--regid={group}", "--clear-groups",
                "--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search", "--",
                *command]  # fmt: skip


def _socket_folder(folder: Path) -> Path:
    """Beside the data where a socket can be, else under a short name. A comma ends a host's."""
    near = folder / "socket"
    is_short = len(os.fsencode(str(near) + SOCKET_NAME)) <= LONGEST_SOCKET
    if is_short and not re.search('[,"]', str(near)):
        return near
    mark = hashlib.sha256(os.fsencode(str(folder))).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"weft-{mark}"


def _find_binaries(data: Path) -> Path:
    """The programs of the newest PostgreSQL with PostGIS, or of the one that made the data."""
    found = _installed()
    if not found:
        install_packages("postgresql-postgis", why="PostgreSQL with PostGIS is missing")
        found = _installed()
    made_by = data / "PG_VERSION"
    version = made_by.read_text().strip() if made_by.exists() else max(found, key=int)
    if version not in found:
        give_up(
            f"{data} was made by PostgreSQL {version}, which is not installed any more. Please"
            f" run:\n\n    sudo apt-get install postgresql-{version}-postgis-3"
        )
    return found[version]


def _installed() -> dict[str, Path]:
    root = Path("/usr/lib/postgresql")
    return {
        folder.name: folder / "bin"
        for folder in root.glob("*")
        if re.fullmatch(r"\d+", folder.name)
        and int(folder.name) >= OLDEST
        and (folder / "bin" / "initdb").exists()
        and Path(f"/usr/share/postgresql/{folder.name}/extension/postgis.control").exists()
    }


@contextmanager
def locked(path: Path, busy: str = "") -> Iterator[None]:
    """Hold a file's lock; wait for it, or give up with the sentence `busy`."""
    with path.open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | (fcntl.LOCK_NB if busy else 0))
        except BlockingIOError:
            give_up(busy)
        yield
