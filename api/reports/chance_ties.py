"""Chance of ties: how outward a section's ties would be if only its size mattered (K4).

Declared sections are dealt out again among all groups that declare one, whatever their activity;
ties stay as they are. The mean share of 1,000 draws is what size alone would give.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from api.analysis.measures.nulls import two_sided

from .chance import MANY, Chance
from .facts import SEVERAL

if TYPE_CHECKING:
    from typing import Any

    from numpy.typing import NDArray

    from .facts import Boundary, Facts

    Shares = NDArray[np.float64]
    Codes = NDArray[np.integer[Any]]

DRAWS, DRAWS_OF_MANY, LEAST_TIES = 1_000, 200, 10


def chances_of(facts: Facts, boundary: Boundary, seed: int) -> dict[str, Chance]:
    """Per section of one boundary, by the name of its counts."""
    ends = boundary.ends()
    single = sorted(group for group in boundary.declared if boundary.end(group) != SEVERAL)
    place = {group: at for at, group in enumerate(single)}
    pairs = [
        (place[a], place[b])
        for pair in facts.pairs
        if pair.in_period
        for a, b in [pair.groups]
        if a in place and b in place
    ]
    if not pairs:
        return {f"K4.{boundary.id}.{end}": Chance(reason="too_few_known") for end in ends}
    labels = np.array([ends.index(boundary.end(group)) for group in single], dtype=np.intp)
    ties = np.array(sorted(pairs), dtype=np.intp).T
    observed, counts = _outward(labels, ties, len(ends))
    dealt = _dealt(labels, ties, len(ends), np.random.default_rng(seed))
    return {
        f"K4.{boundary.id}.{end}": _chance(observed[at], counts[at], dealt[:, at])
        for at, end in enumerate(ends)
    }


def _dealt(labels: Codes, ties: Codes, ends: int, rng: np.random.Generator) -> Shares:
    """The share of each section's ties that go outward, per draw (draws, ends)."""
    draws = DRAWS if ties.shape[1] <= MANY else DRAWS_OF_MANY
    return np.stack([_outward(rng.permutation(labels), ties, ends)[0] for _ in range(draws)])


def _outward(labels: Codes, ties: Codes, ends: int) -> tuple[Shares, Codes]:
    """Per section the share of its ties that go outward (NaN without any), and its ties."""
    a, b = labels[ties]
    grid = np.bincount(a * ends + b, minlength=ends * ends).reshape(ends, ends)
    inside = grid.diagonal()
    outside = grid.sum(axis=0) + grid.sum(axis=1) - 2 * inside
    ties_of = inside + outside
    with np.errstate(invalid="ignore"):
        return outside / ties_of, ties_of


def _chance(observed: float, ties: int, dealt: Shares) -> Chance:
    kept = dealt[np.isfinite(dealt)]
    if ties < LEAST_TIES or not len(kept):
        return Chance(reason="too_few_known")
    return Chance(float(kept.mean()), p=two_sided(observed, kept), draws=len(kept))
