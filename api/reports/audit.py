"""Audit: what hidden counts could be, worked out from everything shown, as an intruder would."""

# mypy: allow-untyped-calls

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import scipy

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from .sums import Sum

    Known = Mapping[str, tuple[int, int | None]]

SOLVED, ROOM, LOTS = 0, 100, 12


def pinned(wanted: Iterable[str], known: Known, sums: Sequence[Sum], least: int) -> set[str]:
    """The wanted counts that can have fewer than `least` values while all the sums hold.

    `known` is what a reader sees of each count alone; a most of None stands for "any number".
    Integer programs, solved exactly; a count whose program is not solved counts as pinned, so
    that the caller fails closed.
    """
    asked = set(wanted)
    found: set[str] = set()
    for keys in islands(known, sums):
        if here := sorted(asked & keys):
            linked = list(dict.fromkeys(sum_ for sum_ in sums if sum_.total in keys))
            island = _Island({key: known[key] for key in sorted(keys)}, linked)
            island.spread(here)
            found |= {key for key in here if not island.leaves(key, least)}
    return found


def islands(keys: Iterable[str], sums: Sequence[Sum]) -> list[set[str]]:
    """The keys in sets that no sum joins: one tells nothing of another."""
    place = {key: at for at, key in enumerate(keys)}
    links = [(place[sum_.total], place[part]) for sum_ in sums for part in sum_.parts]
    rows, columns = zip(*links, strict=True) if links else ((), ())
    graph = scipy.sparse.coo_array(
        (np.ones(len(links)), (rows, columns)), shape=(len(place), len(place))
    )
    count, labels = scipy.sparse.csgraph.connected_components(graph, directed=False)
    found: list[set[str]] = [set() for _ in range(count)]
    for key, label in zip(place, labels, strict=True):
        found[label].add(key)
    return found


class _Island:
    """Counts that hang together, and the least and most seen of each in any solution so far."""

    def __init__(self, known: Known, sums: Sequence[Sum]) -> None:
        """State the sums as equations between whole numbers within their bounds."""
        most = ROOM + sum(high or 0 for _, high in known.values())  # as good as "any number"
        ends = [(low, most if high is None else high) for low, high in known.values()]
        self.place = {key: at for at, key in enumerate(known)}
        self.program: dict[str, Any] = {
            "bounds": scipy.optimize.Bounds(*np.array(ends).T),
            "integrality": 1,
        }
        if sums:
            self.program["constraints"] = scipy.optimize.LinearConstraint(
                _matrix(self.place, sums), 0, 0
            )
        self.low = np.full(len(known), np.inf)
        self.high = np.full(len(known), -np.inf)

    def spread(self, keys: Sequence[str]) -> None:
        """Push many counts at once, up or down by lot: most are then known to have room."""
        rng = np.random.default_rng(len(keys))
        for _ in range(min(LOTS, len(keys))):
            aim = np.zeros(len(self.place))
            aim[[self.place[key] for key in keys]] = rng.choice((-1, 1), len(keys))
            self._solve(aim)

    def leaves(self, key: str, least: int) -> bool:
        """Whether the count could have at least so many values, lowest to highest."""
        at = self.place[key]
        return any(
            self.high[at] - self.low[at] + 1 >= least or self._pushed(at, sign, least)
            for sign in (1, -1)
        )

    def _pushed(self, at: int, sign: int, least: int) -> bool:
        """Find the solution in which one count is least (1) or most (-1)."""
        aim = np.zeros(len(self.place))
        aim[at] = sign
        return self._solve(aim) and bool(self.high[at] - self.low[at] + 1 >= least)

    def _solve(self, aim: NDArray[np.float64]) -> bool:
        """Find a solution, and remember how far each count has been seen to go."""
        solution = scipy.optimize.milp(aim, **self.program)
        if solution.status != SOLVED:
            return False
        values = np.rint(solution.x)
        self.low, self.high = np.minimum(self.low, values), np.maximum(self.high, values)
        return True


def _matrix(place: Mapping[str, int], sums: Sequence[Sum]) -> scipy.sparse.coo_array:
    """One row a sum: its parts less its total is nothing."""
    cells = [
        (row, place[key], sign)
        for row, sum_ in enumerate(sums)
        for key, sign in [(sum_.total, -1), *((part, 1) for part in sum_.parts)]
    ]
    rows, columns, signs = zip(*cells, strict=True)
    return scipy.sparse.coo_array((signs, (rows, columns)), shape=(len(sums), len(place)))
