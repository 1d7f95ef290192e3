"""Work: balance and reciprocity of each kind of resource and unit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from api.analysis.loading.boundaries import Window
from api.analysis.measures.arcs import gather
from api.analysis.measures.flows import NO_FLOWS, balances, reciprocate, returned
from api.analysis.measures.nulls import Ask
from api.analysis.rounding import figure, read

if TYPE_CHECKING:
    from api.analysis.loading.flows import Flows
    from api.analysis.measures.arcs import Arcs
    from api.analysis.measures.flows import Reciprocity
    from api.analysis.measures.nulls import Chance
    from api.analysis.measures.ties import Floats

    from .load import Material


def work_out(asked: dict[str, Any], material: Material) -> dict[str, Any]:
    """All figures of the question."""
    ask = Ask("N6", asked["draws"], asked["seed"])
    flows = [_kind(each, material, ask) for each in material.flows]
    return {
        "window": Window.of(asked).named,
        "boundary": material.boundary.named,
        "null": ask.null,
        "seed": ask.seed,
        "flows": flows,
        "reason": None if flows else NO_FLOWS,
    }


def _kind(found: Flows, material: Material, ask: Ask) -> dict[str, Any]:
    """One kind in one unit; what has no amount is counted by deliveries."""
    amount = found.times.astype(np.float64) if found.unit is None else found.amount
    arcs = gather(len(material.groups.ids), found.giver, found.taker, amount)
    return {
        "resource": found.resource,
        "unit": found.unit,
        "deliveries": int(found.times.sum()),
        **_figures(arcs, material, ask),
    }


def _figures(arcs: Arcs, material: Material, ask: Ask) -> dict[str, Any]:
    reciprocity = reciprocate(arcs, ask)
    return {
        "directions": len(arcs.giver),
        "pairs_both_ways": int((returned(arcs) > 0).sum()) // 2,
        "amount": figure(arcs.amount.sum()),
        "reciprocity": _reciprocity(reciprocity),
        "sections": _sections(arcs, material.groups.shares),
        "groups": [
            {"group_id": group, **_balance(each)}
            for group, each in zip(material.groups.ids, balances(arcs), strict=True)
            if each.given or each.taken
        ],
    }


def _reciprocity(found: Reciprocity) -> dict[str, Any]:
    return {
        "r": against(found.chance, found.r),
        "rho": figure(found.rho),
        "weighted_r": against(found.chance_w, found.r_w),
        "weighted_rho": figure(found.rho_w),
        "draws": found.chance.draws if found.chance else 0,
        "reasons": found.reasons,
    }


def against(chance: Chance | None, observed: float | None) -> dict[str, Any]:
    """What was seen against chance; the value alone where chance has nothing to say."""
    names = ("expected", "excess", "z", "p")
    return {"value": figure(observed), **{name: read(chance, name) for name in names}}


def _balance(found: object) -> dict[str, Any]:
    return {name: read(found, name) for name in ("given", "taken", "net", "balance", "reciprocity")}


def _sections(arcs: Arcs, shares: Floats) -> dict[str, Any]:
    """From section to section; a group of several gives and takes by its shares."""
    given, taken = shares[arcs.giver], shares[arcs.taker]
    matrix = given.T @ (arcs.amount[:, None] * taken)
    known, within = float(matrix.sum()), float(np.trace(matrix))
    return {
        "matrix": [[figure(cell) for cell in row] for row in matrix.tolist()],
        "net": [figure(net) for net in (matrix.sum(axis=1) - matrix.sum(axis=0)).tolist()],
        "crossing": figure(known - within),
        "within": figure(within),
        "unknown": figure(float(arcs.amount.sum()) - known),
    }
