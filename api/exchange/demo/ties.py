"""Ties: which groups are in touch, how much, and which connectors hold each tie."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from .entry import stream

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .town import Town

LEAST_REACH = 0.3  # every connector knows every group a little


@dataclass(frozen=True, slots=True)
class Tie:
    """Two groups, the connectors (0..4) who bring them together, and how strong the tie is.

    `strength` has mean 1. `is_alone`: one connector holds it, and it lives in no wider company.
    """

    groups: tuple[int, int]
    holders: tuple[int, ...]
    strength: float
    is_alone: bool = False


def draw_ties(town: Town, seed: int) -> list[Tie]:
    """The ties of the year, in the order of their groups; those held alone come last."""
    rng = stream(seed, "ties")
    alone = _alone(town)
    pairs = _draw_pairs(town, len(alone), rng)
    spread = float(town.model["tie_spread"])
    strengths = rng.gamma(1 / spread, spread, len(pairs))
    reach = reaches(town)
    ties = [
        Tie(pair, _draw_holders(town, reach, pair, rng), float(strength))
        for pair, strength in zip(pairs, strengths, strict=True)
    ]
    return ties + alone


def _alone(town: Town) -> list[Tie]:
    told = town.told["held_alone"]
    pairs = [(town.groups[a], town.groups[b]) for a, b in told["pairs"]]
    return [Tie(pair, (told["connector"] - 1,), 1.0, is_alone=True) for pair in pairs]


def affinity(town: Town) -> NDArray[np.float64]:
    """How readily each pair of groups takes up a tie: (groups, groups), symmetric.

    busy_i busy_j times, per boundary, w + (1 - w) openness with w = s_i . s_j the part of the
    two that is on one side; where either is unknown, the mean of 1 and openness.
    """
    found = np.outer(town.busy, town.busy)
    for boundary, openness in town.model["openness"].items():
        shares = town.shares[boundary]
        within = shares @ shares.T
        is_known = shares.any(axis=1)
        within[~np.outer(is_known, is_known)] = 0.5
        found *= within + (1 - within) * openness
    return np.asarray(found, dtype=np.float64)


def _draw_pairs(town: Town, alone: int, rng: np.random.Generator) -> list[tuple[int, int]]:
    """Pairs by affinity without replacement; never those who are not to meet or held alone."""
    weights = affinity(town)
    for a, b in [town.told["never_met"], *town.told["held_alone"]["pairs"]]:
        weights[town.groups[a], town.groups[b]] = weights[town.groups[b], town.groups[a]] = 0
    first, second = np.triu_indices(len(weights), 1)
    odds = weights[first, second] / weights[first, second].sum()
    count = town.model["ties"] - alone
    chosen = np.sort(rng.choice(len(odds), count, replace=False, p=odds))
    return [(int(first[i]), int(second[i])) for i in chosen]


def reaches(town: Town) -> NDArray[np.float64]:
    """How well each connector knows each group: (connectors, groups)."""
    knows = [town.weights(connector["knows"]) for connector in town.told["connectors"]]
    return LEAST_REACH + np.array(knows)


def _draw_holders(
    town: Town, reach: NDArray[np.float64], pair: tuple[int, int], rng: np.random.Generator
) -> tuple[int, ...]:
    """Two or three connectors, by how well they know both groups; some take to crossing."""
    odds = reach[:, pair[0]] * reach[:, pair[1]]
    if town.is_apart(town.model["closed"], list(pair)):
        odds = odds * [connector.get("crosses", 1.0) for connector in town.told["connectors"]]
    count = int(rng.choice([2, 3], p=[0.6, 0.4]))
    return tuple(int(i) for i in rng.choice(len(odds), count, replace=False, p=odds / odds.sum()))
