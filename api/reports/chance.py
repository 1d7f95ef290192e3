"""Chance: the share of introductions that would cross a boundary if sections fell differently.

The groups, who was introduced to whom and how often stay as they were; the declared sections are
dealt out again among groups of like activity (null N2), many times over. It is the null of the
crossing analysis, here for introductions, several between the same groups each counting.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from api.analysis.measures.nulls import SLACK, block_size, two_sided

from .sums import side

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from uuid import UUID

    from numpy.typing import NDArray

    from .facts import Boundary, Facts, Introductions

    Labels = NDArray[np.unsignedinteger[Any]]

# Of so many pairs chance hardly varies: fewer draws tell as much.
DRAWS, DRAWS_OF_MANY, MANY = 9_999, 999, 20_000
DRAWS_OF_MOST, MOST = 199, 50_000
CELLS = 2_000_000  # pairs looked at in one go: bounds the memory at a few megabytes
LEAST_KNOWN, LEAST_SECTIONS, LEAST_GROUPS = 10, 2, 2


@dataclass(frozen=True, slots=True)
class Chance:
    """What chance would give: a share, and how far the observed share lies from it.

    `reason` says why there is nothing to say; `p` is two-sided and never 0.
    """

    expected: float | None = None
    z: float | None = None
    p: float | None = None
    draws: int = 0
    reason: str | None = None


@dataclass(frozen=True)
class _Drawn:
    """The introductions as arrays: pairs of groups, where each pattern's pairs begin, counts."""

    labels: Labels  # per group: which set of sections it declares
    apart: NDArray[np.bool_]  # per two sets: whether they have no section in common
    activity: NDArray[np.intp]  # per group: introductions it took part in
    pairs: NDArray[np.intp]  # (2, pairs)
    starts: NDArray[np.intp]
    counts: NDArray[np.float64]
    total: int

    def shares(self, labels: Labels) -> NDArray[np.float64]:
        """The crossing share under each column of labels (groups, draws)."""
        both = labels[self.pairs[0]] * labels.dtype.type(len(self.apart)) + labels[self.pairs[1]]
        crosses = self.apart.ravel()[both]
        if len(self.starts) < len(crosses):
            crosses = np.logical_or.reduceat(crosses, self.starts, axis=0)
        return np.asarray(self.counts @ crosses / self.total)


def chance(facts: Facts, boundary: Boundary, seed: int, draws: int | None = None) -> Chance:
    """Deal the sections of one boundary out `draws` times and compare.

    Unless told, 9,999 times; 999 of more than 20,000 pairs, 199 of more than 50,000.
    """
    made = [row for row in facts.introductions if row.status == "made"]
    known = [row for row in made if side(row.groups, boundary.declared) != "unknown"]
    if reason := _too_little(known, boundary):
        return Chance(reason=reason)
    drawn = _arrays(known, boundary)
    observed = float(drawn.shares(drawn.labels[:, None])[0])
    draws = draws or _draws_for(drawn.pairs.shape[1])
    rng = np.random.default_rng(seed)
    shares = np.concatenate([drawn.shares(dealt) for dealt in _deals(drawn, draws, rng)])
    return _compare(observed, shares)


def _draws_for(pairs: int) -> int:
    if pairs > MOST:
        return DRAWS_OF_MOST
    return DRAWS_OF_MANY if pairs > MANY else DRAWS


def _too_little(known: Sequence[Introductions], boundary: Boundary) -> str | None:
    """Why a comparison with chance would say nothing, by name."""
    groups = {group for row in known for group in row.groups if group}
    sizes = Counter(section for group in groups for section in boundary.declared[group])
    if sum(row.count for row in known) < LEAST_KNOWN:
        return "too_few_known"
    if not any(len(row.groups) > 1 for row in known):
        return "too_few_groups"
    if sum(size >= LEAST_GROUPS for size in sizes.values()) < LEAST_SECTIONS:
        return "too_few_groups"
    return None


def _arrays(known: Sequence[Introductions], boundary: Boundary) -> _Drawn:
    groups = sorted(boundary.declared)  # those never introduced are part of whom chance could pick
    place = {group: at for at, group in enumerate(groups)}
    sets = sorted({boundary.declared[group] for group in groups}, key=sorted)
    between = [row for row in known if len(row.groups) > 1]
    pairs = [_pairs([place[group] for group in row.groups if group]) for row in between]
    lengths = [len(found) for found in pairs]
    counts = np.array([row.count for row in between], dtype=np.float64)
    flat = np.array([pair for found in pairs for pair in found], dtype=np.intp).reshape(-1, 2)
    activity: Counter[UUID] = Counter()
    for row in known:
        for group in row.groups:
            if group:
                activity[group] += row.count
    return _Drawn(
        labels=np.array(
            [sets.index(boundary.declared[group]) for group in groups],
            dtype=np.min_scalar_type(len(sets) ** 2),
        ),
        apart=np.array([[a.isdisjoint(b) for b in sets] for a in sets]),
        activity=np.array([activity[group] for group in groups], dtype=np.intp),
        pairs=flat.T,
        starts=np.cumsum([0, *lengths[:-1]]).astype(np.intp),
        counts=counts,
        total=sum(row.count for row in known),
    )


def _pairs(places: Sequence[int]) -> list[tuple[int, int]]:
    return [(a, b) for i, a in enumerate(places) for b in places[:i]]


def _deals(drawn: _Drawn, draws: int, rng: np.random.Generator) -> Iterator[Labels]:
    """Labels dealt anew within blocks of like activity, some draws at a time, one a column.

    Which of equally active groups comes first is drawn: by age they would fall in with their like.
    """
    mixed = rng.permutation(len(drawn.labels))
    order = mixed[np.argsort(drawn.activity[mixed], kind="stable")]
    blocks = np.array_split(order, max(1, len(order) // block_size(len(order))))
    step = max(1, CELLS // drawn.pairs.shape[1])
    for begin in range(0, draws, step):
        dealt = np.tile(drawn.labels[:, None], (1, min(step, draws - begin)))
        for block in blocks:
            dealt[block] = rng.permuted(dealt[block], axis=0)
        yield dealt


def _compare(observed: float, dealt: NDArray[np.float64]) -> Chance:
    """Set the observed share beside the dealt ones."""
    mean, spread = float(dealt.mean()), float(dealt.std())
    z = (observed - mean) / spread if spread > SLACK else None
    return Chance(expected=mean, z=z, p=two_sided(observed, dealt), draws=len(dealt))
