"""Mutants: weaken one guard at a time in a copy and see a test go red; `make mutants`."""

from __future__ import annotations

import os
import shutil
import signal
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from .children import child, heed_signals, wait_for_one
from .install import install
from .say import HOME, VENV, give_up, say, var
from .test import URL, own_cluster

if TYPE_CHECKING:
    from tests.mutants import Mutant

FORMULAS = (
    *("bridges", "bridges_served", "brokerage", "brokers", "cases", "change", "connectedness"),
    *("contact", "crossing", "curveball", "flows", "gaps", "intervals", "layers", "meetings"),
    *("mixing", "nulls", "ties"),
)
ANALYSIS = tuple(f"tests/analysis/test_{name}.py" for name in FORMULAS)
SYNC = ("protocol", "lineage", "audiences", "odd_operations", "pages", "scope", "expiry")
TESTS = (  # what takes long comes last: most mutants never come to it
    *(
        f"tests/test_{name}.py"
        for name in ("write_path", "refusals", "merge", "batches", "every_type")
    ),
    *(f"tests/sync/test_{name}.py" for name in SYNC),
    *(f"tests/test_{name}.py" for name in ("bad_input", "lines", "concurrency")),
    "tests/sync",
)
ATTACHMENTS = tuple(
    f"tests/attachments/test_{name}.py"
    for name in ("cleaning", "content", "forgetting", "named", "tus", "uploads")
)
FORMS = tuple(
    f"tests/openrosa/test_{name}.py" for name in ("bad_input", "forms", "submissions", "edits")
)
SUITES = {  # of what lies below; all else is of sync and the write path
    "api/analysis/": ANALYSIS,
    "api/sync/uploads/": ATTACHMENTS,
    "api/jobs/files.py": ATTACHMENTS,
    "api/exchange/openrosa/": FORMS,
    "api/handover/": ("tests/handover",),
    "api/records/follow_ups/": ("tests/test_follow_ups.py",),
}
COPIED = ("api", "bench", "migrations", "ops", "seeds", "tests", "docs")
FILES = ("openapi.yaml", "pyproject.toml", "README.md", "CHANGELOG.md")
SURVIVED = "survived.txt"  # how many of a share
SHARE = "--share"  # of how many which: a process for each processor, with a cluster of its own


def main() -> int:
    """Run the suite on every mutant, or on those whose description holds the words given."""
    heed_signals()
    words = " ".join(sys.argv[1:])
    try:
        install("dev")
        chosen = _chosen(words)
        with own_cluster() as url:
            copy = _copy(0)
            if not all(_is_green(copy, url, suite, "2") for suite in {*map(_suite_of, chosen)}):
                give_up("The suite is red before anything is weakened.")
        shares = os.cpu_count() or 1
        with ExitStack() as running:
            command = (sys.executable, "-m", "ops.mutants", SHARE, str(shares))
            started = [
                running.enter_context(child(*command, str(i), words, cwd=HOME))
                for i in range(shares)
            ]
            for each in started:
                wait_for_one(each)
    except KeyboardInterrupt:
        return 130
    if ended := [each.returncode for each in started if each.returncode]:
        return ended[0]
    survived = sum(int((_folder(i) / SURVIVED).read_text()) for i in range(shares))
    print(f"{len(chosen) - survived} of {len(chosen)} caught")
    return 1 if survived else 0


def run_share(shares: int, share: int, words: str) -> int:
    """Every so many-th mutant, one after the other."""
    heed_signals()
    try:
        with own_cluster() as url:
            copy = _copy(share)
            caught = [_is_caught(each, copy, url) for each in _chosen(words)[share::shares]]
    except KeyboardInterrupt:
        return 130
    (copy / SURVIVED).write_text(str(caught.count(False)))
    return 0


def _chosen(words: str) -> list[Mutant]:
    sys.path.insert(0, str(HOME))
    from tests.lapses import LAPSES
    from tests.leaks import LEAKS
    from tests.lineage import LINEAGES
    from tests.mistakes import MISTAKES
    from tests.mutants import MUTANTS

    everyone = MUTANTS + LINEAGES + LAPSES + LEAKS + MISTAKES
    return [mutant for mutant in everyone if words in mutant.breaks]


def _suite_of(mutant: Mutant) -> tuple[str, ...]:
    found = (tests for place, tests in SUITES.items() if mutant.file.startswith(place))
    return next(found, TESTS)


def _tests_of(mutant: Mutant) -> tuple[str, ...]:
    """Its suite, what is named after the file first: that is the likeliest to turn red."""
    suite = _suite_of(mutant)
    named = sorted((HOME / "tests").rglob(f"test_{Path(mutant.file).stem}*.py"))
    own = (str(path.relative_to(HOME)) for path in named)
    return (*(each for each in own if each.startswith(suite)), *suite)


def _is_caught(mutant: Mutant, copy: Path, url: str) -> bool:
    place = copy / mutant.file
    text = place.read_text()
    if text.count(mutant.guard) != 1:
        give_up(f"The guard of {mutant.breaks!r} is not once in {mutant.file}: mend it in tests/.")
    place.write_text(text.replace(mutant.guard, mutant.weakened))
    is_green = _is_green(copy, url, _tests_of(mutant), "0")
    shutil.copy2(HOME / mutant.file, place)
    say(f"{'SURVIVED' if is_green else 'caught  '}  {mutant.breaks}")
    return not is_green


def _folder(share: int) -> Path:
    return var() / "mutants" / str(share)


def _copy(share: int) -> Path:
    copy = _folder(share)
    shutil.rmtree(copy, ignore_errors=True)
    skipped = shutil.ignore_patterns("__pycache__", "node_modules")
    for each in COPIED:
        shutil.copytree(HOME / each, copy / each, ignore=skipped)
    for each in FILES:
        shutil.copy2(HOME / each, copy / each)
    return copy


def _is_green(copy: Path, url: str, tests: tuple[str, ...], processes: str) -> bool:
    """Whether every test passes in the copy; it stops at the first that does not."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("WEFT_")}
    env = kept | {URL: url, "PYTHONPATH": str(copy)}
    options = ("-x", "-q", "--no-header", "-p", "no:cacheprovider", "-p", "no:schemathesis")
    command: tuple[str | Path, ...] = (VENV / "bin" / "python", "-m", "pytest", "-n", processes)
    with (
        (copy / "output.txt").open("w") as output,
        child(
            *command, *options, *tests,
            order=signal.SIGINT, cwd=copy, env=env, stdout=output, stderr=output,
        ) as ran,
    ):  # fmt: skip
        wait_for_one(ran)
    if ran.returncode and "\nFAILED " not in (copy / "output.txt").read_text():
        give_up(f"The suite did not run; see {copy / 'output.txt'}")
    return ran.returncode == 0


if __name__ == "__main__":
    if sys.argv[1:2] == [SHARE]:
        sys.exit(run_share(int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]))
    sys.exit(main())
