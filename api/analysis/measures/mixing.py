"""Mixing: who is tied to whom across a boundary, and the indices that follow from it.

Most indices are functions of the mixing matrix alone. M (sections, sections) counts tie-ends: an
undirected tie between sections g and h adds 1 to M_gh and 1 to M_hg, so a tie inside g adds 2 to
M_gg. An index that is 0/0 is None, never 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from .ties import Floats, Ints, Known

LEAST_ENDS = 10  # tie-ends a section needs before its homophily means anything
LEAST_CONTACTS = 3  # contacts a node needs before their spread does


@dataclass(frozen=True, slots=True)
class Bounds:
    """The lowest and the highest a figure can be."""

    low: float
    high: float


def count_arcs(a: Ints, b: Ints, shares: Floats) -> Floats:
    """Arcs from section to section: S'AS (Newman 2003, PRE 67, 026126).

    `a`, `b` (arcs,): from and to. With one section per node it is a single bincount; a node of
    several sections spreads its arcs by its shares. Range: cells >= 0 that sum to the arcs.
    """
    sections = shares.shape[1]
    if not len(a):
        return np.zeros((sections, sections))
    if is_single(shares):
        label = shares.argmax(axis=1)
        cells = np.bincount(label[a] * sections + label[b], minlength=sections * sections)
        return cells.reshape(sections, sections).astype(np.float64)
    return np.asarray(shares[a].T @ shares[b], dtype=np.float64)


def mixing_matrix(known: Known) -> Floats:
    """M of undirected ties: symmetric, sum M = 2 ties, trace M = 2 internal ties."""
    one_way = count_arcs(known.a, known.b, known.shares)
    return one_way + one_way.T


def is_single(shares: Floats) -> bool:
    """Whether every node is in one section only."""
    return bool((shares.max(axis=1, initial=0) == 1).all())


def cross_share(matrix: Floats) -> float | None:
    """E/(E+I): the share of ties that cross. Range [0, 1]; None without ties.

    With shares, the tie of nodes i and j crosses by 1 - s_i . s_j.
    """
    total = matrix.sum()
    return float(1 - np.trace(matrix) / total) if total > 0 else None


def ei_index(matrix: Floats) -> float | None:
    """E-I = (E - I)/(E + I), Krackhardt & Stern 1988 (Soc Psych Q 51:123-140).

    Range [-1, 1]: +1 when all ties cross. None without ties. It says nothing without its
    expected value: with a 90/10 split, blind chance gives -0.64.
    """
    share = cross_share(matrix)
    return None if share is None else 2 * share - 1


def ei_of_sections(matrix: Floats) -> list[float | None]:
    """Per section the share of its tie-ends that cross, as E-I: 1 - 2 M_gg / sum_h M_gh.

    Range [-1, 1]. A tie inside has both its ends here. They do not average to the network's
    E-I. None for a section without tie-ends.
    """
    ends = matrix.sum(axis=1)
    return [float(1 - 2 * matrix[g, g] / end) if end > 0 else None for g, end in enumerate(ends)]


def expected_share(shares: Floats, heads: Floats | None = None) -> float | None:
    """The cross share if ties fell on any pair alike: 1 - p2, p2 = sum n_g(n_g-1) / (n(n-1)).

    It is the mean of nulls N0 and N1. With shares, p2 = (sum_g n_g^2 - sum_i s_i.s_i)/(n(n-1)).
    `heads` (nodes,): how many a row stands for, one each unless told. Range [0, 1]; None with
    fewer than two nodes.
    """
    heads = np.ones(len(shares)) if heads is None else heads
    n = float(heads.sum())
    if n < 2:  # noqa: PLR2004
        return None
    alike = ((heads @ shares) ** 2).sum() - (heads @ shares**2).sum()
    return float(1 - alike / (n * (n - 1)))


def attainable_ei(shares: Floats, ties: int) -> Bounds | None:
    """The least and most E-I that `ties` simple ties on these section sizes can have.

    I <= sum n_g(n_g-1)/2 and E <= the pairs that remain; [-1, 1] unless these bind. None without
    ties, and where nodes have several sections, for then pairs are neither inside nor across.
    """
    if not ties or not is_single(shares):
        return None
    n, sizes = len(shares), shares.sum(axis=0)
    inside = float((sizes * (sizes - 1)).sum() / 2)
    across = n * (n - 1) / 2 - inside
    return Bounds(1 - 2 * min(ties, inside) / ties, 2 * min(ties, across) / ties - 1)


def worst_case_share(matrix: Floats, total: float) -> Bounds | None:
    """The cross share if every tie with an unknown end were inside, and if every one crossed.

    E/T .. (E+U)/T with U unknown of T ties: (E-I-U)/T .. (E+U-I)/T of E-I (Manski's bounds).
    Both ends equal the share when nothing is unknown. None without ties.
    """
    if not total:
        return None
    ties = matrix.sum() / 2
    external = ties - np.trace(matrix) / 2
    return Bounds(float(external / total), float((external + total - ties) / total))


def newman_r(matrix: Floats) -> float | None:
    """Assortativity r = (sum e_gg - sum a_g b_g)/(1 - sum a_g b_g), Newman 2003 eq. (2).

    Range [r_min, 1] with -1 <= r_min < 0; 0 is proportionate mixing given how many ties each
    section has. None without ties and when all ties are inside one section.
    """
    total = matrix.sum()
    if total <= 0:
        return None
    e = matrix / total
    chance = float(e.sum(axis=1) @ e.sum(axis=0))
    return float((np.trace(e) - chance) / (1 - chance)) if chance < 1 - 1e-12 else None


def newman_r_error(matrix: Floats) -> float | None:
    """Newman's jackknife error over ties: sqrt(sum_i (r_i - r)^2), r_i without tie i.

    Taking out a tie depends on its cell alone, so K(K+1)/2 values of r do for undirected
    single-section ties. For comparison with the literature: too narrow for real people.
    None when r is, or when leaving out a tie leaves r undefined.
    """
    r, squares = newman_r(matrix), 0.0
    if r is None:
        return None
    for g, h in zip(*np.nonzero(np.triu(matrix)), strict=True):
        without = matrix.copy()
        without[g, h] -= 1
        without[h, g] -= 1
        left = newman_r(without)
        if left is None:
            return None
        squares += float(matrix[g, h]) / (2 if g == h else 1) * (left - r) ** 2
    return float(np.sqrt(squares))


def inbreeding(matrix: Floats, baseline: Floats) -> list[float | None]:
    """IH_g = (H_g - w_g)/(1 - w_g), H_g = M_gg / sum_h M_gh (Currarini, Jackson & Pin 2009).

    `baseline` (sections,): w_g, what H_g would be by chance. Range [-w/(1-w), 1]; 0 is the
    baseline, below it too (Coleman's 1958 rescaling of negative values is not applied). None
    for a section without tie-ends or with w = 1.
    """
    ends = matrix.sum(axis=1)
    return [
        float((matrix[g, g] / ends[g] - w) / (1 - w)) if ends[g] > 0 and w < 1 - 1e-12 else None
        for g, w in enumerate(baseline)
    ]


def finite_baseline(shares: Floats, heads: Floats | None = None) -> Floats:
    """w_g = (n_g - 1)/(n - 1): oneself left out, exact below n = 200 where n_g/n is not.

    With shares, (n_g - sum_i s_ig^2 / n_g)/(n - 1): the chance that the other end of a tie-end
    of section g is in g too. Range [0, 1]; 0 for an empty section; 1 when there is one node.
    `heads` as for `expected_share`.
    """
    heads = np.ones(len(shares)) if heads is None else heads
    n, sizes = float(heads.sum()), heads @ shares
    if n < 2:  # noqa: PLR2004
        return np.ones(shares.shape[1])
    own = np.divide(heads @ shares**2, sizes, out=np.zeros_like(sizes), where=sizes > 0)
    return np.asarray((sizes - own) / (n - 1), dtype=np.float64)


def freeman(matrix: Floats, shares: Floats) -> float | None:
    """S = 1 - E/E_exp, E_exp = L(n^2 - sum n_g^2)/(n(n-1)), Freeman 1978 (SMR 6:411-429).

    For several sections Bojanowski & Corten 2014. Range (-inf, 1]; 0 is chance, negative means
    more crossing than chance (not cut off at 0). None when no tie could cross.
    """
    share, expected = cross_share(matrix), expected_share(shares)
    return None if share is None or not expected else 1 - share / expected


def count_strict(known: Known) -> int:
    """Ties whose ends share no section at all: the strict rule for several sections a node."""
    declares = known.shares > 0
    return int((~(declares[known.a] & declares[known.b]).any(axis=1)).sum())


def participation(known: Known) -> list[float | None]:
    """P_i = 1 - sum_g (k_ig/k_i)^2 of each known node (Guimera & Amaral 2005, Nature 433:895).

    k_ig: contacts in section g, by their shares. Range [0, 1 - 1/K]: 0 when all contacts are in
    one section. Low for few contacts, so None below 3. Not brokerage: it does not ask whether
    the contacts know each other.
    """
    contacts = np.zeros(known.shares.shape)
    np.add.at(contacts, known.a, known.shares[known.b])
    np.add.at(contacts, known.b, known.shares[known.a])
    return [
        float(1 - ((row / degree) ** 2).sum()) if degree >= LEAST_CONTACTS else None
        for row, degree in zip(contacts, known.degrees, strict=True)
    ]
