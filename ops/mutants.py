"""Mutants: weaken one guard at a time in a copy and see a test go red; `make mutants`."""

from __future__ import annotations

import os
import shutil
import signal
import sys
from pathlib import Path

from .children import child, heed_signals, wait_for_one
from .install import install
from .say import HOME, VENV, give_up, say, var
from .test import URL, own_cluster

FORMULAS = (
    *("bridges", "bridges_served", "brokerage", "brokers", "cases", "change", "connectedness"),
    *("contact", "crossing", "curveball", "flows", "gaps", "intervals", "layers", "meetings"),
    *("mixing", "nulls", "ties"),
)
ANALYSIS = tuple(f"tests/analysis/test_{name}.py" for name in FORMULAS)
TESTS = (  # what takes long comes last: most mutants never come to it
    *(f"tests/test_{name}.py" for name in ("write_path", "merge", "batches", "every_type")),
    *(f"tests/sync/test_{name}.py" for name in ("protocol", "bases", "pages", "scope", "expiry")),
    *(f"tests/test_{name}.py" for name in ("bad_input", "lines", "concurrency")),
    "tests/sync",
)
ATTACHMENTS = tuple(
    f"tests/attachments/test_{name}.py" for name in ("cleaning", "content", "forgetting", "uploads")
)
FORMS = tuple(f"tests/openrosa/test_{name}.py" for name in ("bad_input", "forms", "submissions"))
SUITES = {  # of what lies below; all else is of sync and the write path
    "api/analysis/": ANALYSIS,
    "api/sync/uploads/": ATTACHMENTS,
    "api/jobs/files.py": ATTACHMENTS,
    "api/exchange/openrosa/": FORMS,
    "api/handover/": ("tests/handover",),
}
COPIED = ("api", "bench", "migrations", "ops", "seeds", "tests", "docs")
FILES = ("openapi.yaml", "pyproject.toml", "README.md", "CHANGELOG.md")


def main() -> int:
    """Run the suite on every mutant, or on those whose description holds the words given."""
    heed_signals()
    try:
        install("dev")
        sys.path.insert(0, str(HOME))
        from tests.leaks import LEAKS
        from tests.mistakes import MISTAKES
        from tests.mutants import MUTANTS

        words = " ".join(sys.argv[1:])
        chosen = [mutant for mutant in MUTANTS + LEAKS + MISTAKES if words in mutant.breaks]
        with own_cluster() as url:
            if not all(_is_green(_copy(), url, tests) for tests in {*map(_tests_of, chosen)}):
                give_up("The suite is red before anything is weakened.")
            survivors = [mutant.breaks for mutant in chosen if not _is_caught(mutant, url)]
    except KeyboardInterrupt:
        return 130
    print(f"{len(chosen) - len(survivors)} of {len(chosen)} caught")
    return 1 if survivors else 0


def _tests_of(mutant: tuple[str, str, str, str]) -> tuple[str, ...]:
    found = (tests for place, tests in SUITES.items() if mutant[1].startswith(place))
    return next(found, TESTS)


def _is_caught(mutant: tuple[str, str, str, str], url: str) -> bool:
    breaks, file, guard, weakened = mutant
    copy = _copy()
    text = (copy / file).read_text()
    if text.count(guard) != 1:
        give_up(f"The guard of {breaks!r} is not once in {file}: mend it in tests/.")
    (copy / file).write_text(text.replace(guard, weakened))
    is_green = _is_green(copy, url, _tests_of(mutant))
    say(f"{'SURVIVED' if is_green else 'caught  '}  {breaks}")
    return not is_green


def _copy() -> Path:
    copy = var() / "mutant"
    shutil.rmtree(copy, ignore_errors=True)
    skipped = shutil.ignore_patterns("__pycache__", "node_modules")
    for name in COPIED:
        shutil.copytree(HOME / name, copy / name, ignore=skipped)
    for name in FILES:
        shutil.copy(HOME / name, copy / name)
    return copy


def _is_green(copy: Path, url: str, tests: tuple[str, ...]) -> bool:
    """Whether every test passes in the copy; it stops at the first that does not."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("WEFT_")}
    env = kept | {URL: url, "PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"}
    words = ("-n", "2", "-x", "-q", "--no-header", "-p", "no:cacheprovider", *tests)
    command: tuple[str | Path, ...] = (VENV / "bin" / "python", "-m", "pytest", *words)
    with (
        (copy / "output.txt").open("w") as output,
        child(
            *command, order=signal.SIGINT, cwd=copy, env=env, stdout=output, stderr=output
        ) as ran,
    ):
        wait_for_one(ran)
    if ran.returncode and "\nFAILED " not in (copy / "output.txt").read_text():
        give_up(f"The suite did not run; see {copy / 'output.txt'}")
    return ran.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
