"""Layout: where groups stand in a picture of their network, sections being regions of it.

What crosses is what goes from region to region: nothing else lies between them. A group stands on
the side of its region that faces whom it is tied to; a group without ties at the far edge. The
same ties give the same picture, on every machine.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations, permutations
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from .arrays import Floats, Ints

GOLDEN = np.pi * (3 - np.sqrt(5))  # the angle of sunflower seeds
SEED = 0.62  # times the root of its number: how far a seed is out, so that seeds are 1 apart
EDGE, GAP = 0.9, 0.35  # between the outermost seeds and the rim; of the radii, between two rims
ROUNDS = 24
MOST_ORDERED = 7  # sections whose every order round the ring is tried


@dataclass(frozen=True)
class Layout:
    """Places (nodes, 2) and the circle of each region: centres (regions, 2), radii (regions,)."""

    places: Floats
    centres: Floats
    radii: Floats


def lay_out(region: Ints, a: Ints, b: Ints, weight: Floats, *, regions: int) -> Layout:
    """Place nodes with `region` (nodes,) from 0, tied by `a`-`b` (ties,) as strongly as `weight`.

    The unit is about the distance of two neighbours; y goes down, as on a screen. About
    O(rounds (nodes log² nodes + ties)).
    """
    if not len(region):
        return Layout(np.empty((0, 2)), np.empty((0, 2)), np.empty(0))
    sizes = np.bincount(region, minlength=regions)
    radii = SEED * np.sqrt(np.maximum(sizes, 1)) + EDGE
    crossing = np.zeros((regions, regions))
    np.add.at(crossing, (region[a], region[b]), weight)
    centres = _place_regions(radii, crossing + crossing.T)
    return Layout(_place_nodes(region, centres, radii, (a, b, weight)), centres, radii)


def _place_regions(radii: Floats, crossing: Floats) -> Floats:
    """Centres round a ring, those with most between them side by side, none overlapping."""
    n = len(radii)
    if n == 1:
        return np.zeros((1, 2))
    reach = radii.max() * (1 + GAP) / np.sin(np.pi / n)
    angle = 2 * np.pi * np.arange(n) / n - np.pi  # the first one is at the left
    ring = np.stack([np.cos(angle), np.sin(angle)], axis=1) * reach
    centres = np.empty((n, 2))
    centres[_order(crossing)] = ring
    return _draw_together(centres, radii)


def _order(crossing: Floats) -> Ints:
    """Which region stands where round the ring: the way with the least crossing times distance."""
    n = len(crossing)
    if n > MOST_ORDERED:
        return np.arange(n)
    orders = np.array([(0, *rest) for rest in permutations(range(1, n))])
    steps = np.abs(np.subtract.outer(np.arange(n), np.arange(n)))
    far = np.sin(np.pi * steps / n)
    costs = (crossing[orders[:, :, None], orders[:, None, :]] * far).sum(axis=(1, 2))
    return np.asarray(orders[int(np.argmin(np.round(costs, 9)))])


def _draw_together(centres: Floats, radii: Floats) -> Floats:
    """Shrink the ring until two rims are as near as they may be: small regions leave no hole."""
    apart = min(
        np.hypot(*(centres[i] - centres[j])) / (radii[i] + radii[j])
        for i, j in combinations(range(len(radii)), 2)
    )
    return np.asarray(centres * (1 + GAP) / apart)


def _place_nodes(
    region: Ints, centres: Floats, radii: Floats, ties: tuple[Ints, Ints, Floats]
) -> Floats:
    """Nodes on the seeds of their regions, drawn to where their ties go, round after round."""
    by_region = np.argsort(region, kind="stable")
    seeds, blocks = _seeds(region[by_region], centres), region[by_region]
    places = np.empty((len(region), 2))
    places[by_region] = seeds
    quiet = centres[region] + _outward(centres, radii)[region]
    order = _halve(seeds, np.arange(len(seeds)), blocks)
    for _ in range(ROUNDS):
        wanted = (places + _pull(places, quiet, ties)) / 2
        places = places.copy()
        places[_halve(wanted, by_region, blocks)] = seeds[order]
    return places


def _seeds(regions: Ints, centres: Floats) -> Floats:
    """A seed for every node, its regions sorted: sunflower heads round the centres."""
    first = np.searchsorted(regions, regions)
    number = np.arange(len(regions)) - first
    out, angle = SEED * np.sqrt(number + 0.5), GOLDEN * number
    seeds = centres[regions] + np.stack([out * np.cos(angle), out * np.sin(angle)], axis=1)
    return np.asarray(seeds)


def _outward(centres: Floats, radii: Floats) -> Floats:
    """From each centre to its rim, away from the middle of them all."""
    away = centres - centres.mean(axis=0)
    length = np.hypot(*away.T)
    still = length < 1e-9  # noqa: PLR2004
    away[still], length[still] = (0.0, 1.0), 1.0
    return np.asarray(away / length[:, None] * radii[:, None])


def _pull(places: Floats, quiet: Floats, ties: tuple[Ints, Ints, Floats]) -> Floats:
    """The mean place of those a node is tied to; `quiet` where it is tied to nobody."""
    a, b, weight = ties
    n = len(places)
    ends, others, pull = np.concatenate([a, b]), np.concatenate([b, a]), np.tile(weight, 2)
    total = np.bincount(ends, pull, n)
    sums = [np.bincount(ends, pull * places[others, axis], n) for axis in (0, 1)]
    is_tied = total > 0
    mean = np.stack(sums, axis=1) / np.where(is_tied, total, 1)[:, None]
    return np.where(is_tied[:, None], mean, quiet)


def _halve(points: Floats, order: Ints, blocks: Ints) -> Ints:
    """Sort within each block by x, halve it, sort the halves by y, and so on down to single ones.

    Two sets of points so ordered are matched one to one, left to left and upper to upper: near
    what the cheapest matching would be, in n log² n.
    """
    axis = 0
    while len(np.unique(blocks)) < len(blocks):
        order = order[np.lexsort((points[order, axis], blocks))]
        first = np.searchsorted(blocks, blocks)
        size = np.searchsorted(blocks, blocks, side="right") - first
        is_later = np.arange(len(blocks)) - first >= (size + 1) // 2
        _, blocks = np.unique(2 * blocks + is_later, return_inverse=True)
        axis = 1 - axis
    return order
