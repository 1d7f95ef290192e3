"""Install: system packages when missing, the virtualenv from hashed locks, npm's for tests."""

from __future__ import annotations

import ctypes.util
import fcntl
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

from .browser import CHROMIUM
from .say import HOME, VENV, attempt, call, give_up, say

LOCKS = HOME / "locks"
CLIENTS = HOME / "tests" / "node"  # other people's clients, which the suite runs
OLDEST = (3, 11)
CHOSEN = "PYTHON"
SYSTEMS = Path("/usr/bin/python3")  # the distribution's
PANGO = ("pango-1.0", "pangoft2-1.0", "harfbuzz-subset")
FONTS = Path("/usr/share/fonts")
TYPESETTING = (
    "libpango-1.0-0",
    "libpangoft2-1.0-0",
    "libharfbuzz-subset0",
    "fonts-dejavu-core",
)


def install(lock: str = "run") -> None:
    """Bring the virtualenv to a lock, `run` or `dev`; nothing happens when it is there already."""
    if sys.version_info < OLDEST:
        give_up(f"Weft needs Python {'.'.join(map(str, OLDEST))} or newer; this is {sys.version}.")
    with LOCKS.joinpath("uv.txt").open() as only_one:
        fcntl.flock(only_one, fcntl.LOCK_EX)  # `make run` and `make test` may begin together
        if not _is_venv_whole():
            _make_venv()
        if not any(_is_at(each) for each in (lock, "dev")):  # dev holds all of run
            _bring_to(lock)
        _link()
        _bring_pango()
        if lock == "dev":
            _bring_clients()
            _bring_browser()


def _is_at(lock: str) -> bool:
    stamp = _stamp(lock)
    return stamp.exists() and stamp.read_text() == _digest(lock)


def _bring_to(lock: str) -> None:
    say(f"installing Python packages (locks/{lock}.txt)")
    pip = (VENV / "bin" / "python", "-m", "pip", "install", "--require-hashes", "-r")
    call(*pip, LOCKS / "uv.txt")
    status, told = _uv_install(lock)
    if status:
        print(told, file=sys.stderr)
        say("uv could not; pip may, which knows this machine's own settings (a minute or two)")
        call(*pip, LOCKS / f"{lock}.txt")
    _stamp(lock).write_text(_digest(lock))


def _uv_install(lock: str) -> tuple[int, str]:
    """Bytecode is compiled now, or every process would compile every import again."""
    uv, python = VENV / "bin" / "uv", VENV / "bin" / "python"
    options = ("--compile-bytecode", "--require-hashes", "--python", python)
    return attempt(uv, "pip", "install", *options, "-r", LOCKS / f"{lock}.txt")


def bring_node() -> None:
    """Node and npm from PyPI, into the virtualenv; nothing happens when they are there."""
    if (VENV / "bin" / "npm").exists():
        return
    say("installing Node, which this machine lacks (locks/web.txt)")
    if _uv_install("web")[0]:
        pip = (VENV / "bin" / "python", "-m", "pip", "install", "--require-hashes", "-r")
        call(*pip, LOCKS / "web.txt")


def _bring_pango() -> None:
    """What sets the type of PDFs: libraries and fonts of the system, Arabic letters among them."""
    if all(map(ctypes.util.find_library, PANGO)) and any(FONTS.rglob("*.ttf")):
        return
    try:
        install_packages(*TYPESETTING, why="reports as PDF need Pango and a font")
    except SystemExit:
        say("without it, reports cannot be had as PDF; all else works")


def _bring_clients() -> None:
    """Without them only the tests that need them fail, by name: no reason to stop here."""
    stamp = CLIENTS / "node_modules" / ".weft-lock"
    digest = hashlib.sha256((CLIENTS / "package-lock.json").read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text() == digest:
        return
    say("installing the clients that tests run (tests/node/package-lock.json, from npm)")
    env = os.environ | {"PATH": f"{VENV / 'bin'}:{os.environ.get('PATH', os.defpath)}"}
    quiet = ("--no-audit", "--no-fund", "--ignore-scripts")
    status, told = attempt(VENV / "bin" / "npm", "ci", *quiet, cwd=CLIENTS, env=env)
    if status:
        print(told, file=sys.stderr)
        say("npm could not; tests that run a real client will fail until it can")
    else:
        stamp.write_text(digest)


def _bring_browser() -> None:
    if CHROMIUM.exists():
        return
    try:
        install_packages("chromium", why="tests of the web client need a browser")
    except SystemExit:
        say("without it, tests in a browser are left out; all others run")


def _is_venv_whole() -> bool:
    """Whether there is one, finished, of the Python that runs this."""
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    return (VENV / "bin" / "pip").exists() and (VENV / "lib" / version / "site-packages").is_dir()


def _make_venv() -> None:
    if importlib.util.find_spec("ensurepip") is None:
        version = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
        install_packages(version, why="Python's own virtualenv module is missing")
    say("making the virtualenv .venv")
    call(_best_python(), "-m", "venv", "--clear", VENV)


def _best_python() -> str:
    """The distribution's own Python where it is of our version, else the one that runs this.

    That one also where somebody chose it: `make PYTHON=… run`. docs/decisions/python.md says why.
    """
    if CHOSEN in os.environ or not SYSTEMS.exists():
        return sys.executable
    status, told = attempt(SYSTEMS, "-c", "import ensurepip, sys; print(*sys.version_info[:2])")
    is_alike = not status and told.split() == [*map(str, sys.version_info[:2])]
    return str(SYSTEMS) if is_alike else sys.executable


def _stamp(lock: str) -> Path:
    return VENV / f".{lock}-lock"


def _digest(lock: str) -> str:
    names = ("uv", "run", "dev" if lock == "dev" else "run")
    texts = b"".join((LOCKS / f"{name}.txt").read_bytes() for name in names)
    return hashlib.sha256(texts + sys.version.encode()).hexdigest()


def _link() -> None:
    """Let the virtualenv find this checkout, and put the `weft` command beside its Python."""
    (packages,) = (VENV / "lib").glob("python*/site-packages")
    note = packages / "weft.pth"
    if not note.exists() or note.read_text() != f"{HOME}\n":
        note.write_text(f"{HOME}\n")
    command = VENV / "bin" / "weft"
    script = '#!/bin/sh\nexec "$(dirname "$(readlink -f "$0")")/python" -P -m api.cli "$@"\n'
    if not command.exists() or command.read_text() != script:
        command.write_text(script)
        command.chmod(0o755)


def install_packages(*names: str, why: str) -> None:
    """Install system packages, saying so first; without the right, print the command and stop."""
    manual = f"sudo apt-get install --no-install-recommends {' '.join(names)}"
    if not shutil.which("apt-get"):
        give_up(f"{why}, and there is no apt-get here. Install what provides: {' '.join(names)}")
    before = _right_to_install()
    if before is None:
        give_up(f"{why}. Please run:\n\n    {manual}\n\nor set WEFT_DATABASE_URL to a server.")
        return
    say(f"{why}: installing {' '.join(names)} (this takes a minute)")
    options = ("-q", "-o", "Acquire::Retries=3", "-o", "DPkg::Lock::Timeout=300")
    quiet = (*before, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", *options)
    _keep_system_cluster_away(before)
    if attempt(*quiet, "update")[0]:
        say("the package lists could not be renewed; trying with those that are there")
    call(*quiet, "install", "-y", "--no-install-recommends", *names)


def _right_to_install() -> tuple[str, ...] | None:
    """The words to put before a command that needs root; None where nothing helps."""
    if os.geteuid() == 0:
        return ()
    if not shutil.which("sudo"):
        return None
    asked = subprocess.run(
        ["sudo", "-n", "true"],
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    if asked.returncode == 0:
        return ("sudo", "-n")
    return ("sudo",) if sys.stdin.isatty() else None


def _keep_system_cluster_away(before: tuple[str, ...]) -> None:
    """Keep Debian from starting a cluster of its own, where PostgreSQL was never configured."""
    folder = Path("/etc/postgresql-common")
    if folder.exists():
        return
    line = "create_main_cluster = false"
    script = (
        f"mkdir -p {folder}/createcluster.d && echo '{line}' > {folder}/createcluster.d/weft.conf"
    )
    call(*before, "sh", "-c", script)


if __name__ == "__main__":
    install(sys.argv[1] if len(sys.argv) > 1 else "run")
