"""Screenshots: every screen of the web client over the demonstration town; `make screenshots`."""

from __future__ import annotations

import os
import subprocess
import sys

from .children import child, heed_signals
from .install import install
from .run import WEFT, free_port, prepare, wait_until_ready
from .say import HOME, VENV, say, var
from .test import own_cluster
from .web import build

HOST = "127.0.0.1"


def main() -> int:
    """Serve a fresh demonstration town, look at it with Chromium, and throw it away."""
    heed_signals()
    install("dev")
    if not build():
        return 1
    folder = var() / "screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    with own_cluster() as url:
        port = free_port(HOST)
        own = {"WEFT_DATABASE_URL": url, "WEFT_VAR": str(folder / "var"), "WEFT_PORT": str(port)}
        os.environ.update(own)
        say("loading the demonstration town")
        prepare()
        with child(WEFT, "serve") as server, child(WEFT, "worker") as worker:
            wait_until_ready(HOST, port, server, worker)
            python, address = str(VENV / "bin" / "python"), f"http://{HOST}:{port}"
            command = [python, "-m", "ops.pictures", address, str(folder)]
            return subprocess.run(command, cwd=HOME, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
