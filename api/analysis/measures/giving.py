"""Giving: what crosses a boundary among flows of one kind, each direction by itself."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from . import mixing
from .arcs import Arcs
from .crossing import Crossing, explain, find_too_little, in_common, index
from .flows import LEAST_ARCS
from .intervals import interval
from .rewiring import TOO_MANY, is_feasible, rewire_share
from .ties import Known

if TYPE_CHECKING:
    from .nulls import Ask, Chance
    from .ties import Floats, Ints


def measure_flows(arcs: Arcs, shares: Floats, standing: Ints, ask: Ask) -> Crossing:
    """All figures of directions of giving; None, with a reason, where too little is known.

    `shares` (groups, sections); `standing`: the groups that are here, giving or not. `matrix` is
    from the giver's section (row) to the taker's (column), so it sums to the arcs. Chance is N6.
    """
    known = _keep_known(arcs, shares, standing)
    matrix = mixing.count_arcs(known.a, known.b, known.shares)
    bare = Crossing(len(known.a), known.total, matrix, known.sizes)
    reason = find_too_little(known)
    if reason:
        return replace(bare, reasons={"share": reason})
    chance, why = _hold_against_chance(known, ask)
    baseline = mixing.finite_baseline(known.shares)
    found = Crossing(
        **in_common(bare),
        share=mixing.cross_share(matrix),
        chance=chance,
        bounds=mixing.worst_case_share(matrix + matrix.T, known.total),
        interval=interval(known, ask.seed, is_directed=True),
        indices=index(matrix, mixing.expected_share(known.shares), baseline),
    )
    return replace(found, reasons=explain(found) | ({"expected": why} if why else {}))


def _keep_known(arcs: Arcs, shares: Floats, standing: Ints) -> Known:
    """Arcs between groups of known side; groups that neither stand nor flow are not there."""
    is_there = np.asarray(shares.any(axis=1))
    is_there &= np.isin(np.arange(len(shares)), np.concatenate([standing, arcs.giver, arcs.taker]))
    place = np.cumsum(is_there) - 1
    both = is_there[arcs.giver] & is_there[arcs.taker]
    a, b = place[arcs.giver[both]], place[arcs.taker[both]]
    return Known(a, b, shares[is_there], len(arcs.giver))


def _hold_against_chance(known: Known, ask: Ask) -> tuple[Chance | None, str | None]:
    """The share under rewiring; why not, where the arcs are too many to rewire so often."""
    tied, place = np.unique(np.concatenate([known.a, known.b]), return_inverse=True)
    giver, taker = place.reshape(2, -1)
    arcs = Arcs(len(tied), giver, taker, np.ones(len(giver)))
    if len(giver) >= LEAST_ARCS and is_feasible(arcs, ask.draws):
        return rewire_share(arcs, known.shares[tied], ask), None
    return None, TOO_MANY
