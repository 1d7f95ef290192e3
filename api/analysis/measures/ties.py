"""Ties: what an introduction adds to the graph, and on which side of a boundary each end stands.

Nodes are groups, and persons of groups where a person was named; they are numbers here, never
names. The rules are told for people in docs/measures.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Ints = NDArray[np.integer[Any]]
    Floats = NDArray[np.float64]

NOBODY = -1
TOLERANCE = 1e-6  # how far declared shares may be from 1 and still be all there is to know


@dataclass(frozen=True, slots=True)
class Ties:
    """Undirected ties among `n` nodes, one per pair, `a < b`; `weight` introductions each."""

    n: int
    a: Ints
    b: Ints
    weight: Ints


@dataclass(frozen=True, slots=True)
class Known:
    """The part of a graph whose sides are known: all that an index or a null may look at.

    `a`, `b` (ties,): ends, counted among the known nodes. `shares` (nodes, sections): rows sum
    to 1. `total`: how many ties there are, those with an unknown end included.
    """

    a: Ints
    b: Ints
    shares: Floats
    total: int

    @property
    def sizes(self) -> Floats:
        """Nodes in each section, shares added up; nodes without a tie are among them."""
        return np.asarray(self.shares.sum(axis=0), dtype=np.float64)

    @property
    def degrees(self) -> Ints:
        """Known ties of each known node."""
        ends = np.concatenate([self.a, self.b])
        return np.bincount(ends, minlength=len(self.shares))


@dataclass(frozen=True, slots=True)
class Tally:
    """Introductions: all that were made, those with every side known, those that cross."""

    total: int
    known: int
    crossing: int


@dataclass(frozen=True, slots=True)
class Parties:
    """Who was introduced: per party its group, and its person or `NOBODY` (both numbered)."""

    group: Ints
    person: Ints


@dataclass(frozen=True, slots=True)
class Nodes:
    """The `n` nodes, the last `persons` of them persons, and who they are.

    `of_party` (parties,): the node of each. `group`, `node` (rows,): which groups a node is part
    of; a person may be there for several.
    """

    n: int
    persons: int
    of_party: Ints
    group: Ints
    node: Ints


@dataclass(frozen=True, slots=True)
class Graph:
    """The ties of one layer, the shares (nodes, sections) of their ends, and how they came about.

    The last `persons` of the nodes are persons of groups, the others are groups.
    """

    ties: Ties
    shares: Floats
    introductions: Tally
    persons: int


def build_graph(batches: Sequence[Ints], parties: Parties, shares: Floats, standing: Ints) -> Graph:
    """Make nodes of parties, ties of introductions, and say on which side each node stands.

    `batches` as from `fold`; `shares` (groups, sections) as settled; `standing`: the groups that
    are here, introduced or not. One that neither itself nor by a person was is a node without ties.
    """
    nodes = number_nodes(parties, standing)
    return Graph(
        ties=pair_up(batches, nodes.of_party, nodes.n),
        shares=shares_of_nodes(shares, nodes.group, nodes.node, nodes.n),
        introductions=tally_introductions(batches, shares[parties.group]),
        persons=nodes.persons,
    )


def number_nodes(parties: Parties, standing: Ints) -> Nodes:
    """Which node each party is, and each group that stands by: groups first, then persons."""
    is_named = parties.person != NOBODY
    quiet = np.setdiff1d(standing, parties.group)
    groups = np.union1d(parties.group[~is_named], quiet)
    people = np.unique(parties.person[is_named])
    named = len(groups) + np.searchsorted(people, parties.person)
    of_party = np.where(is_named, named, np.searchsorted(groups, parties.group))
    return Nodes(
        n=len(groups) + len(people),
        persons=len(people),
        of_party=of_party,
        group=np.concatenate([parties.group, quiet]),
        node=np.concatenate([of_party, np.searchsorted(groups, quiet)]),
    )


def fold(introduction: Ints, party: Ints) -> list[Ints]:
    """Gather rows "this party was in this introduction" into introductions, a batch per size.

    Both (rows,), from 0. Each batch is (introductions, size) parties; a party is there once.
    """
    return [batch for _, batch in fold_numbered(introduction, party)]


def fold_numbered(introduction: Ints, party: Ints) -> list[tuple[Ints, Ints]]:
    """As `fold`, each batch with the numbers of its introductions."""
    most = int(party.max(initial=0)) + 1
    rows = distinct(introduction.astype(np.int64) * most + party)
    begins = np.flatnonzero(np.diff(rows // most, prepend=NOBODY))
    sizes = np.diff(begins, append=len(rows))
    found = [(size, begins[sizes == size]) for size in np.unique(sizes)]
    return [
        (rows[begun] // most, rows[begun[:, None] + np.arange(size)] % most)
        for size, begun in found
    ]


def distinct(codes: Ints) -> Ints:
    """Each of the codes (>= 0) once, in order: by sorting, faster than numpy's hashing of many.

    What is nearly in order already, as most of what is folded, takes next to no time.
    """
    found = np.sort(codes, kind="stable")
    return np.asarray(found[np.diff(found, prepend=NOBODY) != 0], dtype=np.int64)


def pair_up(batches: Sequence[Ints], node: Ints, n: int) -> Ties:
    """Every unordered pair of distinct nodes that met in an introduction is one tie.

    `node` says which of the `n` nodes a party is. A node named twice in one introduction counts
    once, and is not tied to itself; a pair met in three introductions is one tie of weight 3.
    """
    codes: list[Ints] = [np.empty(0, np.int64)]
    for batch in batches:
        who = np.sort(node[batch].astype(np.int64), axis=1)
        again = np.diff(who, axis=1, prepend=NOBODY) == 0
        who[again] = NOBODY
        for i, j in combinations(range(who.shape[1]), 2):
            both = (who[:, i] >= 0) & (who[:, j] >= 0)
            codes.append(who[both, i] * n + who[both, j])
    pairs, weight = np.unique(np.concatenate(codes), return_counts=True)
    return Ties(n, pairs // max(n, 1), pairs % max(n, 1), weight)


def place_ties(introduction: Ints, node: Ints, setting: Ints) -> tuple[Ints, Ints, Ints]:
    """Ties and where they were made: `a` < `b` and the setting, (rows,), each row once.

    `introduction`, `node` (parties,); `setting` of each introduction, `NOBODY` where none is told.
    """
    n, settings = int(node.max(initial=0)) + 1, int(setting.max(initial=0)) + 2
    rows = distinct(introduction.astype(np.int64) * n + node)
    which, who = rows // n, rows % n
    codes: list[Ints] = [np.empty(0, np.int64)]
    for step in range(1, len(rows)):
        both = np.flatnonzero(which[step:] == which[:-step])
        if not len(both):
            break
        pairs = who[both] * n + who[both + step]
        codes.append(pairs * settings + setting[which[both]] + 1)
    rows = distinct(np.concatenate(codes))
    tied = rows // settings
    return tied // n, tied % n, rows % settings - 1


def belong(nodes: Nodes, group: Ints, place: Ints) -> tuple[Ints, Ints]:
    """Nodes and the places of their groups, (rows,) each; `group` belongs to `place` (pairs,)."""
    order = np.argsort(group, kind="stable")
    begin, end = (np.searchsorted(group[order], nodes.group, side) for side in ("left", "right"))
    times = end - begin
    within = np.arange(times.sum()) - np.repeat(np.cumsum(times) - times, times)
    return np.repeat(nodes.node, times), place[order][np.repeat(begin, times) + within]


def settle_shares(declared: Floats) -> Floats:
    """Rows that sum to 1 as they are; any other row becomes zeros, which means unknown.

    A row falls short when one of its sections was removed: what is left is not taken for all.
    """
    sums = declared.sum(axis=1, keepdims=True)
    is_whole = np.abs(sums - 1) <= TOLERANCE
    return np.where(is_whole, declared / np.where(is_whole, sums, 1), 0.0)


def shares_of_nodes(shares: Floats, group: Ints, node: Ints, n: int) -> Floats:
    """The shares (n, sections) of nodes that are parties of groups with `shares`.

    A node that came as part of several groups (a person may) has the mean over those of them
    whose side is known, each group once; zeros when none is. A node without party has zeros.
    """
    pairs = np.unique(np.stack([node, group], axis=1), axis=0).reshape(-1, 2)
    rows = shares[pairs[:, 1]]
    found = np.zeros((n, shares.shape[1]))
    np.add.at(found, pairs[:, 0], rows)
    heard = np.bincount(pairs[:, 0], weights=rows.any(axis=1), minlength=n)
    return np.asarray(found / np.maximum(heard, 1)[:, None], dtype=np.float64)


def keep_known(ties: Ties, shares: Floats) -> Known:
    """Drop nodes of unknown side and the ties that end there; nothing is imputed."""
    is_known = np.asarray(shares.any(axis=1))
    place = np.cumsum(is_known) - 1
    both = is_known[ties.a] & is_known[ties.b]
    return Known(place[ties.a[both]], place[ties.b[both]], shares[is_known], len(ties.a))


def tally_introductions(batches: Sequence[Ints], shares: Floats) -> Tally:
    """Count introductions by the strict rule: one crosses when two of its parties share no section.

    `shares` (parties, sections): of each party's group, zeros when unknown. An introduction is
    known when every party's side is. Range: crossing <= known <= total.
    """
    total = known = crossing = 0
    declares = np.asarray(shares > 0, dtype=bool)
    for batch in batches:
        sides = declares[batch]  # (rows, size, sections)
        is_known = np.asarray(sides.any(axis=2)).all(axis=1)
        is_apart = np.zeros(len(sides), dtype=bool)
        for i, j in combinations(range(sides.shape[1]), 2):
            is_apart |= ~(sides[:, i] & sides[:, j]).any(axis=1)
        total += len(batch)
        known += int(is_known.sum())
        crossing += int((is_known & is_apart).sum())
    return Tally(total, known, crossing)
