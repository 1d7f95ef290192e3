"""Web: builds the client in `web/` with npm, and does nothing when nothing changed."""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from .install import bring_node
from .say import HOME, VENV, attempt, say

WEB = HOME / "web"
DIST = WEB / "dist"
OLDEST = (20, 19)  # of Node, as Vite asks for
APART = {"node_modules", "dist"}
QUIET = ("--no-audit", "--no-fund", "--ignore-scripts")


def build() -> bool:
    """Bring `web/dist` to what the sources say; False, told why, where that cannot be."""
    with WEB.joinpath("package.json").open() as only_one:
        fcntl.flock(only_one, fcntl.LOCK_EX)  # `make run` and `make test` may begin together
        stamp, digest = DIST / ".sources", digest_of_sources()
        if stamp.exists() and stamp.read_text() == digest:
            return True
        say("building the web client (web/)")
        if not (_bring_packages() and _run("run", "build")):
            say("the web client could not be built; /start is as before, or says so")
            return False
        stamp.write_text(digest)
        return True


def digest_of_sources() -> str:
    """A fingerprint of every file that the build reads."""
    found = hashlib.sha256()
    for path in sorted(_sources(WEB)):
        found.update(f"{path.relative_to(WEB)}\0".encode())
        found.update(hashlib.sha256(path.read_bytes()).digest())
    return found.hexdigest()


def _sources(folder: Path) -> list[Path]:
    inside = [path for path in folder.iterdir() if path.name not in APART]
    files = [path for path in inside if path.is_file()]
    return files + [file for path in inside if path.is_dir() for file in _sources(path)]


def _bring_packages() -> bool:
    stamp = WEB / "node_modules" / ".weft-lock"
    digest = hashlib.sha256((WEB / "package-lock.json").read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text() == digest:
        return True
    say("installing what builds it (web/package-lock.json, from npm)")
    if not _run("ci", *QUIET):
        return False
    stamp.write_text(digest)
    return True


def _run(*words: str) -> bool:
    """Run npm in `web/`; what it said is shown only when it fails."""
    env = os.environ | {"PATH": f"{_node_folder()}:{os.environ.get('PATH', os.defpath)}"}
    status, told = attempt(_node_folder() / "npm", *words, cwd=WEB, env=env)
    if status:
        print(told, file=sys.stderr)
    return not status


def _node_folder() -> Path:
    """Where `node` and `npm` are: this machine's when new enough, else the virtualenv's."""
    found = shutil.which("node")
    if found and shutil.which("npm", path=str(Path(found).parent)) and _is_new(found):
        return Path(found).parent
    bring_node()
    return VENV / "bin"


def _is_new(node: str) -> bool:
    told = subprocess.run([node, "--version"], check=False, capture_output=True, text=True).stdout
    version = re.match(r"v(\d+)\.(\d+)", told)
    return bool(version and tuple(map(int, version.groups())) >= OLDEST)


if __name__ == "__main__":
    from .install import install

    install("run")
    sys.exit(not build())
