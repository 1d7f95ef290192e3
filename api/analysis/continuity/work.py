"""Work: how it holds together with and without one connector or space."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from api.analysis.loading.boundaries import Window
from api.analysis.measures.continuity import MOST_NODES, crosses, is_known, look, pair_up
from api.analysis.rounding import figure

if TYPE_CHECKING:
    from api.analysis.measures.continuity import Flags, Pairs, State
    from api.analysis.measures.ties import Floats

    from .load import Material

NO_PAIRS = "Nobody was brought together in this window."
ONE_SECTION = "This boundary has fewer than two sections, so nothing can cross."


def work_out(asked: dict[str, Any], material: Material) -> dict[str, Any]:
    """All figures of the question."""
    shares, pairs = material.groups.shares, pair_up(material.held)
    all_, others = np.ones(len(pairs.a), dtype=bool), ~pairs.is_alone
    before, after = look(pairs, shares, all_), look(pairs, shares, others)
    return {
        "window": Window.of(asked).named,
        "boundary": material.boundary.named,
        "connector": asked["connector"],
        "space": asked["space"],
        "coverage": {
            "known": int(is_known(shares, pairs.a, pairs.b).sum()),
            "total": len(pairs.a),
        },
        "pairs": _held(pairs, shares),
        "before": _standing(before, pairs, shares, all_),
        "after": _standing(after, pairs, shares, others),
        **_bridges(before, after, material),
        "pack": material.pack._asdict() if material.pack else None,
        "reason": _reason(material, pairs),
        "reasons": _reasons(before, after),
    }


def _held(pairs: Pairs, shares: Floats) -> dict[str, int]:
    is_across = crosses(shares, pairs.a, pairs.b)
    return {
        "total": len(pairs.a),
        "crossing": int(is_across.sum()),
        "held": int(pairs.is_touched.sum()),
        "held_alone": int(pairs.is_alone.sum()),
        "crossing_held_alone": int((pairs.is_alone & is_across).sum()),
    }


def _standing(state: State, pairs: Pairs, shares: Floats, stays: Flags) -> dict[str, Any]:
    return {
        "pairs": int(stays.sum()),
        "crossing": int(crosses(shares, pairs.a[stays], pairs.b[stays]).sum()),
        "connected": state.connected,
        "robustness": figure(state.robustness),
        "bus_factor": state.bus_factor,
    }


def _bridges(before: State, after: State, material: Material) -> dict[str, Any]:
    ids = [section for section, _ in material.boundary.sections]
    return {
        "bridges": [
            {
                "sections": [ids[one], ids[other]],
                "before": count,
                "after": after.bridges[one, other],
            }
            for (one, other), count in before.bridges.items()
        ],
        "lost": sum(count > 0 == after.bridges[both] for both, count in before.bridges.items()),
    }


def _reason(material: Material, pairs: Pairs) -> str | None:
    if material.groups.shares.shape[1] < 2:  # noqa: PLR2004
        return ONE_SECTION
    return None if len(pairs.a) else NO_PAIRS


def _reasons(before: State, after: State) -> dict[str, str]:
    found = {}
    for name, state in (("before", before), ("after", after)):
        if state.robustness is None:
            sentence = f"No pair is left, or more than {MOST_NODES:,} groups have one."
            found[f"{name}.robustness"] = sentence
        if state.bus_factor is None:
            found[f"{name}.bus_factor"] = "No pair crosses."
    return found
