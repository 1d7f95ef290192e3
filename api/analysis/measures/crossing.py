"""Crossing: all the figures of one boundary in one layer, or why there are none."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

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
    from .ties import Floats, Graph, Ints, Known

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

    `known` of `total` ties, or contact, have both sides known. `matrix` (sections, sections) and
    `sizes` (sections,) are there even where that is too little for any figure.
    """

    known: float
    total: float
    matrix: Floats
    sizes: Floats
    share: float | None = None
    chance: Chance | None = None
    bounds: Bounds | None = None
    interval: Interval | None = None
    indices: Indices | None = None
    reasons: dict[str, str] = field(default_factory=dict)

    @property
    def ends(self) -> Floats:
        """Known tie-ends in each section; of ties with a direction, those that leave it."""
        return np.asarray(self.matrix.sum(axis=1), dtype=np.float64)


def measure(graph: Graph, ask: Ask, strata: Ints | None = None) -> Crossing:
    """All figures of a graph without direction; None, with a reason, where too little is known.

    `strata` (nodes,) as for `compare`: each node's section of the other boundary of N3.
    """
    known = keep_known(graph.ties, graph.shares)
    matrix = mixing.mixing_matrix(known)
    bare = Crossing(len(known.a), known.total, matrix, known.sizes)
    reason = find_too_little(known)
    if reason:
        return replace(bare, reasons={"share": reason})
    if strata is not None:
        strata = strata[graph.shares.any(axis=1)]
    baseline = mixing.finite_baseline(known.shares)
    attainable = mixing.attainable_ei(known.shares, len(known.a))
    found = Crossing(
        **in_common(bare),
        share=mixing.cross_share(matrix),
        chance=compare(known, ask, strata),
        bounds=mixing.worst_case_share(matrix, known.total),
        interval=interval(known, ask.seed),
        indices=index(matrix, mixing.expected_share(known.shares), baseline, attainable),
    )
    return replace(found, reasons=explain(found))


def in_common(bare: Crossing) -> dict[str, Any]:
    """What a crossing has whether or not there are figures."""
    return {name: getattr(bare, name) for name in ("known", "total", "matrix", "sizes")}


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


def index(
    matrix: Floats, at_random: float | None, baseline: Floats, attainable: Bounds | None = None
) -> Indices:
    """The figures of a mixing matrix; `at_random` the share any pair alike would give.

    `baseline` (sections,): what part of a section's ties would stay inside by chance.
    """
    share, homophily = mixing.cross_share(matrix), mixing.inbreeding(matrix, baseline)
    return Indices(
        expected_at_random=at_random,
        attainable=attainable,
        r=mixing.newman_r(matrix),
        freeman=None if share is None or not at_random else 1 - share / at_random,
        delta=log_odds(matrix),
        homophily=tuple(
            value if end >= mixing.LEAST_ENDS else None
            for value, end in zip(homophily, matrix.sum(axis=1), strict=True)
        ),
    )


def explain(found: Crossing) -> dict[str, str]:
    """A reason for each figure that is missing although the share is there."""
    chance, indices = found.chance, found.indices
    missing = {
        "interval": (TOO_FEW_FOR_INTERVAL, found.interval is None),
        "z": (NO_SPREAD, chance is not None and chance.z is None),
        "r": (ONE_SIDED, indices is not None and indices.r is None),
        "delta": (ONE_SIDED, indices is not None and indices.delta is None),
    }
    return {name: reason for name, (reason, is_missing) in missing.items() if is_missing}


def count(graph: Graph) -> Counts:
    """What the figures of introductions rest on."""
    known = keep_known(graph.ties, graph.shares)
    return Counts(
        ties=known.total,
        known=len(known.a),
        crossing=float(len(known.a) * (mixing.cross_share(mixing.mixing_matrix(known)) or 0)),
        strictly_crossing=mixing.count_strict(known),
        groups=graph.ties.n - graph.persons,
        persons=graph.persons,
        known_nodes=len(known.shares),
    )
