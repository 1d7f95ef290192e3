"""Nulls: what the cross share would be by chance, under a null model that is named.

N0: closed-form moments of N1, without draws. N1: sections dealt out anew over all nodes, the
graph as it is: is it more closed than these sections on this graph would be by chance? N2, the
default: dealt out among nodes of like activity: more closed than who is active explains? Under
N1 a community whose one side is merely busier would pass for segregated. N3: dealt out within the
sections of another boundary: more closed than that other boundary explains?
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations
from math import erfc, lgamma, log, sqrt
from typing import TYPE_CHECKING

import numpy as np

from .mixing import cross_share, is_single, mixing_matrix
from .progress import track
from .ties import NOBODY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from .ties import Floats, Ints, Known

ENUMERABLE = 10_000  # so many relabellings or fewer are all looked at instead of drawn from
SLACK = 1e-12  # equal but for rounding counts as equal
ROUNDING = 1e-9  # part of a square that adding up many draws may leave where none differs
MOST_ROWS = 2_000  # different share vectors whose every pair is worked out beforehand
BLOCKS, LEAST_BLOCK, MOST_BLOCK = 6, 2, 64


@dataclass(frozen=True, slots=True)
class Ask:
    """Which null, how many draws, and the seed that makes them the same again."""

    null: str = "N2"
    draws: int = 999
    seed: int = 1


@dataclass(frozen=True, slots=True)
class Chance:
    """The cross share under a null: mean, standard deviation, and the two-sided p of what was seen.

    `draws`: relabellings looked at, 0 for the closed form. `is_exact`: whether they are all there
    are. `z` is None where every relabelling gives the same share.
    """

    expected: float
    spread: float
    p: float
    draws: int
    is_exact: bool
    observed: float

    @property
    def excess(self) -> float:
        """Observed less expected: the headline, in points of share; below 0 is more closed."""
        return self.observed - self.expected

    @property
    def z(self) -> float | None:
        """The excess in standard deviations of the null."""
        return self.excess / self.spread if self.spread > SLACK else None

    def over(self, whole: float) -> Chance:
        """The same as a part of `whole`."""
        parts = (each / whole for each in (self.expected, self.spread, self.observed))
        expected, spread, observed = parts
        return replace(self, expected=expected, spread=spread, observed=observed)


@dataclass(frozen=True, slots=True)
class Chances:
    """Many figures under a null at once, each as `Chance` has it; arrays of one shape."""

    observed: Floats
    expected: Floats
    spread: Floats
    p: Floats
    draws: int
    is_exact: bool

    def at(self, place: int | tuple[int, ...]) -> Chance:
        """One of them."""
        return Chance(
            expected=float(self.expected[place]),
            spread=float(self.spread[place]),
            p=float(self.p[place]),
            draws=self.draws,
            is_exact=self.is_exact,
            observed=float(self.observed[place]),
        )


@dataclass(frozen=True, slots=True)
class Deal:
    """Labels say which of `rows` (kinds, sections) each node has: its `own`, and those dealt.

    `labels` can be gone through once. `is_exact`: whether they are all there are.
    """

    rows: Floats
    own: Ints
    labels: Iterator[Ints]
    is_exact: bool


def compare(known: Known, ask: Ask, strata: Ints | None = None) -> Chance | None:
    """Hold the cross share against the null that is asked for; None without ties.

    `strata` (known nodes,), for N3 alone: each node's section of the other boundary, `NOBODY`
    where it is unknown. Such a node keeps its label.
    """
    if not len(known.a):
        return None
    if ask.null == "N0":
        return from_moments(known)
    return _from_relabellings(known, ask, strata)


def from_moments(known: Known) -> Chance:
    """N0: the share's mean and variance over all n! relabellings, in closed form; p is normal.

    Join counts under non-free sampling (Moran 1948; Cliff & Ord 1973) with a tie crossing by
    w_ij = 1 - s_i . s_j. Pairs of ties are the same, share a node, or are apart. O(nodes + ties).
    """
    mean, spread = moments(known)
    observed = cross_share(mixing_matrix(known)) or 0.0
    z = abs(observed - mean) / spread if spread > SLACK else 0.0
    return Chance(mean, spread, erfc(z / sqrt(2)), 0, is_exact=False, observed=observed)


def moments(known: Known) -> tuple[float, float]:
    """Mean and standard deviation of the cross share over all relabellings (null N0)."""
    one, two, shared, apart = _averages(known.shares)
    ties = len(known.a)
    touching = float((known.degrees * (known.degrees - 1)).sum())
    square = ties * two + touching * shared + (ties * (ties - 1) - touching) * apart
    variance = max(0.0, square - (ties * one) ** 2)
    return one, sqrt(variance) / ties


def _averages(s: Floats) -> tuple[float, float, float, float]:
    """Means of w_ij, w_ij^2, w_ij w_ik and w_ij w_kl over different nodes i, j, k, l."""
    n, own = len(s), (s * s).sum(axis=1)
    row = (n - 1) - s @ s.sum(axis=0) + own
    inner = s.T @ s
    pairs = n * (n - 1)
    total = float(row.sum())
    squares = float(pairs - 2 * (pairs - total) + (inner**2).sum() - (own**2).sum())
    rows = float((row**2).sum())
    triples, quadruples = pairs * (n - 2), pairs * (n - 2) * (n - 3)
    shared = (rows - squares) / triples if triples else 0.0
    apart = (total**2 - 4 * rows + 2 * squares) / quadruples if quadruples else 0.0
    return total / pairs, squares / pairs, shared, apart


def deal(known: Known, ask: Ask, strata: Ints | None = None) -> Deal:
    """Sections dealt out anew by N1 to N3: all ways where they are few, else `ask.draws`."""
    rng = np.random.default_rng(ask.seed)
    order, sizes = _blocks(known, ask.null, rng) if strata is None else _strata(strata)
    rows, kinds = np.unique(known.shares, axis=0, return_inverse=True)
    own = kinds.reshape(-1).astype(np.min_scalar_type(len(rows)))
    labels, place = own[order], np.argsort(order)
    is_exact = _are_few(labels, sizes)
    deals = _all_deals(labels, sizes) if is_exact else _deals(labels, sizes, ask.draws, rng)
    turns = track(deals, ask.draws, "draws")
    return Deal(rows, own, (each[place] for each in turns), is_exact)


def _from_relabellings(known: Known, ask: Ask, strata: Ints | None) -> Chance:
    """N1 to N3, of the cross share."""
    dealt, ties = deal(known, ask, strata), len(known.a)
    count = _counting(dealt.rows, known.a, known.b)
    shares = np.fromiter((count(labels) / ties for labels in dealt.labels), np.float64)
    return chance_of(count(dealt.own) / ties, shares, is_exact=dealt.is_exact)


def hold(measure: Callable[[Ints], Floats], dealt: Deal) -> Chances:
    """Hold figures of labels (nodes,) against what dealing these out anew gives; none is kept."""
    observed = measure(dealt.own)
    slack = SLACK * np.maximum(1.0, np.abs(observed))
    total, squares, low, high = np.zeros((4, *observed.shape))
    draws = 0
    for labels in dealt.labels:
        gap = measure(labels) - observed
        total += gap
        squares += gap**2
        low += gap <= slack
        high += gap >= -slack
        draws += 1
    mean, square, extra = total / draws, squares / draws, 0 if dealt.is_exact else 1
    variance = square - mean**2
    spread = np.sqrt(np.where(variance > ROUNDING * square, variance, 0.0))
    p = np.minimum(1.0, 2 * (np.minimum(low, high) + extra) / (draws + extra))
    return Chances(observed, observed + mean, spread, p, draws, dealt.is_exact)


def chance_of(observed: float, drawn: Floats, *, is_exact: bool = False) -> Chance:
    """Hold what was seen against figures `drawn` under a null; `is_exact`: they are all."""
    p = two_sided(observed, drawn, is_exact=is_exact)
    return Chance(float(drawn.mean()), float(drawn.std()), p, len(drawn), is_exact, observed)


def two_sided(observed: float, drawn: Floats, *, is_exact: bool = False) -> float:
    """Two-sided p = min(1, 2 min(p_lo, p_hi)), each (b+1)/(m+1) with b of m draws as extreme.

    Phipson & Smyth 2010 (SAGMB 9:39): never 0. Where `drawn` is every relabelling, the observed
    among them, p is b/m.
    """
    ends = (np.sum(drawn <= observed + SLACK), np.sum(drawn >= observed - SLACK))
    extra = 0 if is_exact else 1
    return min(1.0, 2 * (int(min(ends)) + extra) / (len(drawn) + extra))


def _blocks(known: Known, null: str, rng: np.random.Generator) -> tuple[Ints, list[int]]:
    """Nodes in an order, and the sizes of the blocks it falls into.

    N2 orders by degree. Which of equal degree comes first is drawn, not their age: nodes entered
    side by side would otherwise fill the same block and hide what is to be tested.
    """
    n = len(known.shares)
    if null == "N1":
        return np.arange(n), [n]
    mixed = rng.permutation(n)
    order = mixed[np.argsort(known.degrees[mixed], kind="stable")]
    size = block_size(n)
    whole = max(1, n // size)
    return order, [size] * (whole - 1) + [n - size * (whole - 1)]


def _strata(strata: Ints) -> tuple[Ints, list[int]]:
    """Nodes by stratum, and the sizes of the strata; one of unknown stratum is a block alone."""
    alone = np.arange(len(strata)) + strata.max(initial=0) + 1
    _, block, sizes = np.unique(
        np.where(strata == NOBODY, alone, strata), return_inverse=True, return_counts=True
    )
    return np.argsort(block.reshape(-1), kind="stable"), sizes.tolist()


def strata_of(shares: Floats) -> Ints:
    """Each node's stratum (nodes,), from its shares in another boundary; `NOBODY` if unknown.

    Nodes of several sections are of a stratum with those of just these shares.
    """
    row = np.unique(shares, axis=0, return_inverse=True)[1].reshape(-1)
    return np.where(shares.any(axis=1), row, NOBODY)


def block_size(n: int) -> int:
    """Nodes a block of N2: a sixth of a small graph, 64 of a large one, at least 2."""
    return max(LEAST_BLOCK, min(MOST_BLOCK, -(-n // BLOCKS)))


def _deals(labels: Ints, sizes: list[int], draws: int, rng: np.random.Generator) -> Iterator[Ints]:
    """`draws` times the labels, shuffled within each block."""
    if len(set(sizes[:-1])) > 1:
        block = np.repeat(np.arange(len(sizes)), sizes)
        for _ in range(draws):
            yield labels[np.argsort(block + rng.random(len(block)))]
        return
    split = len(labels) - sizes[-1]
    head = labels[:split].reshape(len(sizes) - 1, -1) if split else labels[:0]
    for _ in range(draws):
        shuffled = rng.permuted(head, axis=1).ravel() if split else head
        yield np.concatenate([shuffled, rng.permutation(labels[split:])])


def _are_few(labels: Ints, sizes: list[int]) -> bool:
    """Whether the different relabellings, a product of multinomials, are few enough to list."""
    ways = sum(_log_arrangements(block) for block in _cut(labels, sizes))
    return ways < log(ENUMERABLE) + 1e-9


def _cut(labels: Ints, sizes: list[int]) -> list[Ints]:
    return np.split(labels, np.cumsum(sizes)[:-1])


def _log_arrangements(block: Ints) -> float:
    counts = np.unique(block, return_counts=True)[1]
    return lgamma(len(block) + 1) - sum(lgamma(count + 1) for count in counts)


def _all_deals(labels: Ints, sizes: list[int]) -> Iterator[Ints]:
    """Every different relabelling once, the observed one among them."""
    dealt = [np.empty(0, labels.dtype)]
    for block in _cut(labels, sizes):
        dealt = [np.concatenate([begun, each]) for begun in dealt for each in _arrange(block)]
    yield from dealt


def _arrange(block: Ints) -> list[Ints]:
    """Every different order of a block's labels: places chosen for one label after another."""
    kinds, counts = np.unique(block, return_counts=True)
    begun = [(np.full_like(block, kinds[-1]), frozenset(range(len(block))))]
    for kind, count in zip(kinds[:-1], counts[:-1], strict=True):
        grown = []
        for row, free in begun:
            for chosen in combinations(sorted(free), int(count)):
                filled = row.copy()
                filled[list(chosen)] = kind
                grown.append((filled, free - frozenset(chosen)))
        begun = grown
    return [row for row, _ in begun]


def _counting(rows: Floats, a: Ints, b: Ints) -> Callable[[Ints], float]:
    """A function from labels (which of the different `rows` a node has) to the ties that cross."""
    if is_single(rows):
        return lambda labels: float(np.count_nonzero(labels[a] != labels[b]))
    if len(rows) <= MOST_ROWS:
        crosses, kinds = 1 - (rows @ rows.T).ravel(), np.int64(len(rows))
        return lambda labels: float(crosses[labels[a] * kinds + labels[b]].sum())
    return lambda labels: float(len(a) - np.einsum("ij,ij->", rows[labels[a]], rows[labels[b]]))
