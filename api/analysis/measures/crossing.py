"""Crossing: all the figures of one boundary in one layer, or why there are none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from . import mixing
from .intervals import LEAST_TIES, interval
from .nulls import compare
from .odds import log_odds
from .ties import keep_known

if TYPE_CHECKING:
    from .intervals import Interval
    from .mixing import Bounds
    from .nulls import Ask, Chance
    from .ties import Floats, Graph, Known, Tally

LEAST_KNOWN, LEAST_SECTIONS, LEAST_NODES = 10, 2, 2

TOO_FEW_SECTIONS = "The boundary has fewer than two sections."
NO_TIES = "There are no ties in this window."
TOO_FEW_TIES = f"Fewer than {LEAST_KNOWN} ties have both sides known."
TOO_FEW_NODES = "Fewer than two sections have at least two known groups or persons."
TOO_FEW_FOR_INTERVAL = f"Fewer than {LEAST_TIES} ties have both sides known."
TOO_FEW_ENDS = f"Fewer than {mixing.LEAST_ENDS} tie-ends are in this section."
ONE_SIDED = "Every known tie is inside one and the same section."
NO_SPREAD = "Every relabelling gives the same share."


@dataclass(frozen=True, slots=True)
class Counts:
    """Whole numbers, and `crossing`, which shares make fractional: what the figures rest on."""

    ties: int
    known: int
    crossing: float
    strictly_crossing: int
    groups: int
    persons: int
    known_nodes: int


@dataclass(frozen=True, slots=True)
class Indices:
    """The figures that need no chance: see `mixing` and `odds` for what each means."""

    expected_at_random: float | None
    attainable: Bounds | None
    r: float | None
    freeman: float | None
    delta: float | None
    homophily: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Crossing:
    """Everything about one boundary in one layer; `reasons` says by name why a figure is missing.

    `matrix` (sections, sections) and `sizes`, `ends` (sections,) are there even where the ties are
    too few for any figure.
    """

    counts: Counts
    introductions: Tally
    matrix: Floats
    sizes: Floats
    chance: Chance | None
    bounds: Bounds | None
    interval: Interval | None
    indices: Indices | None
    reasons: dict[str, str]

    @property
    def ends(self) -> Floats:
        """Known tie-ends in each section."""
        return np.asarray(self.matrix.sum(axis=1), dtype=np.float64)


def measure(graph: Graph, ask: Ask) -> Crossing:
    """All figures of `graph`; those that too little is known for are None, with a reason."""
    known = keep_known(graph.ties, graph.shares)
    matrix = mixing.mixing_matrix(known)
    reason = find_too_little(known)
    found = None if reason else _indices(known, matrix)
    chance = None if reason else compare(known, ask)
    return Crossing(
        counts=_count(graph, known, matrix),
        introductions=graph.introductions,
        matrix=matrix,
        sizes=known.sizes,
        chance=chance,
        bounds=None if reason else mixing.worst_case_share(matrix, known.total),
        interval=None if reason else interval(known, ask.seed),
        indices=found,
        reasons={"share": reason} if reason else _explain(known, found, chance),
    )


def find_too_little(known: Known) -> str | None:
    """Why no figure can be given, or None: too few sections, ties or nodes are known."""
    if known.shares.shape[1] < LEAST_SECTIONS:
        return TOO_FEW_SECTIONS
    if not known.total:
        return NO_TIES
    if len(known.a) < LEAST_KNOWN:
        return TOO_FEW_TIES
    if (known.sizes >= LEAST_NODES).sum() < LEAST_SECTIONS:
        return TOO_FEW_NODES
    return None


def _indices(known: Known, matrix: Floats) -> Indices:
    homophily = mixing.inbreeding(matrix, mixing.finite_baseline(known.shares))
    ends = matrix.sum(axis=1)
    return Indices(
        expected_at_random=mixing.expected_share(known.shares),
        attainable=mixing.attainable_ei(known.shares, len(known.a)),
        r=mixing.newman_r(matrix),
        freeman=mixing.freeman(matrix, known.shares),
        delta=log_odds(matrix),
        homophily=tuple(
            value if end >= mixing.LEAST_ENDS else None
            for value, end in zip(homophily, ends, strict=True)
        ),
    )


def _count(graph: Graph, known: Known, matrix: Floats) -> Counts:
    return Counts(
        ties=known.total,
        known=len(known.a),
        crossing=float(matrix.sum() - np.trace(matrix)) / 2,
        strictly_crossing=mixing.count_strict(known),
        groups=graph.ties.n - graph.persons,
        persons=graph.persons,
        known_nodes=len(known.shares),
    )


def _explain(known: Known, found: Indices | None, chance: Chance | None) -> dict[str, str]:
    """A reason for each figure that is missing although the headline is there."""
    missing = {
        "interval": (TOO_FEW_FOR_INTERVAL, len(known.a) < LEAST_TIES),
        "z": (NO_SPREAD, chance is not None and chance.z is None),
        "r": (ONE_SIDED, found is not None and found.r is None),
        "delta": (ONE_SIDED, found is not None and found.delta is None),
    }
    return {name: reason for name, (reason, is_missing) in missing.items() if is_missing}
