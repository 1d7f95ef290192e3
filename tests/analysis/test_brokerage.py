"""Brokerage: roles, openings and betweenness beside brute force, libraries and every graph."""

from __future__ import annotations

from itertools import combinations, permutations, product
from typing import TYPE_CHECKING, Any

import networkx as nx
import numpy as np
import pytest

from api.analysis.measures import roles as roles_module
from api.analysis.measures.betweenness import (
    BATCH,
    betweenness,
    depth_of,
    pairs_of_others,
    two_mode_betweenness,
)
from api.analysis.measures.holes import find_holes
from api.analysis.measures.nulls import Ask, deal, hold, two_sided
from api.analysis.measures.paths import Links, both_ways, shortened
from api.analysis.measures.roles import (
    ACROSS,
    ROLES,
    count_roles,
    hold_roles,
    open_ways,
    roles_at_random,
    tabulate,
)
from api.analysis.measures.ties import Ties, keep_known

from .graphs import draw, shares_of, ties_of

if TYPE_CHECKING:
    from api.analysis.measures.ties import Floats

SEEDS = range(8)


def directed(seed: int, n: int = 9, density: float = 0.35) -> Links:
    table = np.random.default_rng(seed).random((n, n)) < density
    np.fill_diagonal(table, val=False)
    return Links(n, *np.nonzero(table), is_directed=True)


def undirected(seed: int, n: int = 9, density: float = 0.35) -> Links:
    table = np.triu(np.random.default_rng(seed).random((n, n)) < density, 1)
    return both_ways(n, *np.nonzero(table))


def sides(seed: int, n: int = 9, *, mixed: bool = False) -> Floats:
    rng = np.random.default_rng(seed + 100)
    found = np.eye(3)[rng.integers(0, 3, n)]
    if mixed:
        found[::2] = rng.dirichlet(np.ones(3), len(found[::2]))
    return found


def by_hand(arcs: Links, shares: Floats) -> Floats:
    """Every a, v, b there is, by the product of the shares of every three sections."""
    has = set(zip(arcs.tail.tolist(), arcs.head.tolist(), strict=True))
    found = np.zeros((arcs.n, 5))
    for a, v, b in permutations(range(arcs.n), 3):
        if (a, v) not in has or (v, b) not in has or (a, b) in has:
            continue
        for f, g, h in product(range(shares.shape[1]), repeat=3):
            role = 0 if f == g == h else 1 if f == h else 2 if f == g else 3 if g == h else 4
            found[v, role] += shares[a, f] * shares[v, g] * shares[b, h]
    return found if arcs.is_directed else found / np.array([2, 2, 1, 1, 2])


@pytest.mark.parametrize("mixed", [False, True])
@pytest.mark.parametrize("make", [directed, undirected])
@pytest.mark.parametrize("seed", SEEDS)
def test_roles_are_those_of_every_three(seed: int, make: Any, mixed: bool) -> None:
    arcs, shares = make(seed), sides(seed, mixed=mixed)
    assert count_roles(open_ways(arcs), shares) == pytest.approx(by_hand(arcs, shares))


def test_who_speaks_for_their_own_is_a_representative_and_who_lets_in_a_gatekeeper() -> None:
    line = Links(3, np.array([0, 1]), np.array([1, 2]), is_directed=True)
    for letters, role in (
        ("AAA", "coordinator"), ("ABA", "itinerant"), ("AAB", "representative"),
        ("ABB", "gatekeeper"), ("ABC", "liaison"),
    ):  # fmt: skip
        found = count_roles(open_ways(line), shares_of([*letters, "C"])[:3])
        assert found[1].tolist() == [float(name == role) for name in ROLES]
        assert not found[[0, 2]].any()


def test_a_pair_that_is_tied_needs_nobody_between() -> None:
    shares = shares_of("AAB")
    triangle = Links(3, np.array([0, 1, 0]), np.array([1, 2, 2]), is_directed=True)
    assert not count_roles(open_ways(triangle), shares).any()
    back = Links(3, np.array([0, 1, 2]), np.array([1, 2, 0]), is_directed=True)
    assert count_roles(open_ways(back), shares)[1, 2] == 1, "b to a is another matter"


@pytest.mark.parametrize("make", [directed, undirected])
def test_numbers_of_nodes_mean_nothing(make: Any) -> None:
    arcs, shares = make(3), sides(3)
    at = np.random.default_rng(1).permutation(arcs.n)
    moved, there = Links(arcs.n, at[arcs.tail], at[arcs.head], arcs.is_directed), shares.copy()
    there[at] = shares
    assert count_roles(open_ways(moved), there)[at] == pytest.approx(
        count_roles(open_ways(arcs), shares)
    )
    assert betweenness(moved, there)[at] == pytest.approx(betweenness(arcs, shares))


def every_graph(n: int, pairs: list[tuple[int, int]], d: float) -> Any:
    """Each set of these pairs, and how likely it is."""
    for which in product((False, True), repeat=len(pairs)):
        ends = np.array(
            [pair for pair, is_in in zip(pairs, which, strict=True) if is_in], dtype=int
        )
        yield ends.reshape(-1, 2).T, d ** sum(which) * (1 - d) ** (len(pairs) - sum(which))


@pytest.mark.parametrize("letters", ["AAAB", "AABC"])
@pytest.mark.parametrize("is_directed", [True, False])
def test_moments_at_random_are_those_of_every_graph(letters: str, is_directed: bool) -> None:
    n, d, shares = 4, 0.5, shares_of(letters)
    pairs = list(permutations(range(n), 2) if is_directed else combinations(range(n), 2))
    mean, square = np.zeros((2, n, 5))
    for (a, b), chance in every_graph(n, pairs, d):
        arcs = Links(n, a, b, is_directed=True) if is_directed else both_ways(n, a, b)
        found = count_roles(open_ways(arcs), shares)
        mean += chance * found
        square += chance * found**2
    half = np.array(pairs[: len(pairs) // 2]).T  # any graph of this density
    like = Links(n, *half, is_directed=True) if is_directed else both_ways(n, *half)
    expected, spread = roles_at_random(like, shares)
    assert expected == pytest.approx(mean, abs=1e-12)
    assert spread**2 == pytest.approx(square - mean**2, abs=1e-12)


def test_moments_at_random_need_one_section_each() -> None:
    assert roles_at_random(undirected(1), sides(1, mixed=True)) is None
    assert roles_at_random(both_ways(1, *np.empty((2, 0), int)), np.ones((1, 2))) is None


def test_dealing_out_anew_gives_each_what_its_open_pairs_would_by_chance() -> None:
    """All ways of dealing: two-paths of v times how often three random labels make the role."""
    n, label = 8, np.array([0, 0, 0, 0, 1, 1, 1, 2])
    arcs, shares = directed(5, n), np.eye(3)[label]
    known = keep_known(Ties(n, arcs.tail, arcs.head, np.ones(len(arcs.tail))), shares)
    ways = open_ways(arcs)
    found = hold_roles(ways, known, Ask("N1"))
    assert found
    assert found.is_exact
    threes = [tuple(label[list(each)]) for each in permutations(range(n), 3)]
    often = np.mean([[f == g == h, f == h != g, f == g != h, g == h != f, len({f, g, h}) == 3]
                     for f, g, h in threes], axis=0)  # fmt: skip
    assert found.expected[:-1, :5] == pytest.approx(np.outer(ways.total, often))


@pytest.mark.parametrize("mixed", [False, True])
def test_holding_many_figures_is_holding_each(mixed: bool) -> None:
    known = draw(4, n=14, ties=30, mixed=mixed)
    ways, ask = open_ways(both_ways(14, known.a, known.b)), Ask("N2", 199, 3)
    found = hold_roles(ways, known, ask)
    assert found
    dealt = deal(known, ask)
    drawn = np.array([tabulate(ways, dealt.rows[labels]) for labels in dealt.labels])
    seen = tabulate(ways, known.shares)
    assert found.observed == pytest.approx(seen)
    assert found.expected == pytest.approx(drawn.mean(axis=0))
    assert found.spread == pytest.approx(drawn.std(axis=0), abs=1e-9)
    place = (2, ACROSS)
    p = two_sided(float(seen[place]), drawn[:, *place], is_exact=found.is_exact)
    assert found.at(place).p == pytest.approx(p)
    assert found.p.min() > 0


def test_without_homophily_brokerage_across_is_centred() -> None:
    z = []
    for seed in range(40):
        known = draw(seed, n=30, ties=60, sections=2)
        found = hold_roles(open_ways(both_ways(30, known.a, known.b)), known, Ask("N2", 99, seed))
        assert found
        z.append(found.at((-1, ACROSS)).z or 0.0)
    assert abs(np.mean(z)) < 4 / 40**0.5
    assert 0.6 < np.std(z) < 1.5


def test_what_differs_in_no_draw_has_no_z() -> None:
    known = draw(1)
    found = hold(lambda _: np.array([0.1 + 0.2]), deal(known, Ask("N1", 99)))
    assert (found.spread.tolist(), found.at(0).z, found.at(0).p) == ([0.0], None, 1.0)


def test_what_no_draw_comes_near_is_rare_and_never_impossible() -> None:
    dealt = deal(draw(1), Ask("N1", 99))
    found = hold(lambda labels: np.array([float((labels == dealt.own).all())]), dealt)
    assert (found.is_exact, found.at(0).p) == (False, pytest.approx(2 / 100))


def test_who_goes_between_the_sides_is_found() -> None:
    """Two closed circles and one node that knows somebody of each pair."""
    pairs = [*combinations(range(6), 2), *combinations(range(6, 12), 2), (12, 0), (12, 6), (12, 7)]
    a, b = np.array(pairs).T
    shares = shares_of("A" * 6 + "B" * 6 + "A")
    ties = ties_of(13, a, b)
    known = keep_known(ties, shares)
    found = hold_roles(open_ways(both_ways(13, known.a, known.b)), known, Ask("N1", 499))
    assert found
    across = [found.at((node, ACROSS)) for node in range(13)]
    assert across[12].observed == 2
    assert across[12].excess > 0


def test_so_much_is_not_dealt_out_so_often(monkeypatch: pytest.MonkeyPatch) -> None:
    known = draw(1)
    ways = open_ways(both_ways(30, known.a, known.b))
    monkeypatch.setattr(roles_module, "MOST_DEALT", ways.size * 99)
    assert hold_roles(ways, known, Ask("N2", 99))
    assert hold_roles(ways, known, Ask("N2", 100)) is None
    parts = draw(1, mixed=True)
    ways = open_ways(both_ways(30, parts.a, parts.b))
    monkeypatch.setattr(roles_module, "MOST_DEALT", ways.size * 99 * roles_module.IN_PARTS)
    assert hold_roles(ways, parts, Ask("N2", 99))
    assert hold_roles(ways, parts, Ask("N2", 100)) is None


@pytest.mark.parametrize("seed", SEEDS)
def test_openings_are_those_of_a_library(seed: int) -> None:
    arcs = undirected(seed)
    ties = ties_of(9, arcs.tail, arcs.head)
    found = find_holes(ties, shortened(arcs))
    graph = nx.Graph(list(zip(ties.a.tolist(), ties.b.tolist(), strict=True)))
    constraint, effective = nx.constraint(graph), nx.effective_size(graph)
    for node in graph:
        assert found.constraint[node] == pytest.approx(constraint[node])
        assert found.effective[node] == pytest.approx(effective[node])


def test_who_has_no_contacts_has_no_openings() -> None:
    ties = ties_of(3, [0], [1])
    found = find_holes(ties, shortened(both_ways(3, ties.a, ties.b)))
    assert np.isnan([found.constraint[2], found.effective[2]]).all()
    assert (found.constraint[0], found.effective[0]) == (1, 1)


@pytest.mark.parametrize("seed", SEEDS)
def test_betweenness_is_that_of_a_library(seed: int) -> None:
    for arcs, kind in ((undirected(seed), nx.Graph), (directed(seed), nx.DiGraph)):
        graph = kind(list(zip(arcs.tail.tolist(), arcs.head.tolist(), strict=True)))
        graph.add_nodes_from(range(arcs.n))
        told = nx.betweenness_centrality(graph, normalized=False)
        assert betweenness(arcs) == pytest.approx([told[node] for node in range(arcs.n)])


@pytest.mark.parametrize("seed", SEEDS)
def test_across_a_boundary_only_pairs_of_two_sides_count(seed: int) -> None:
    arcs, shares = undirected(seed), sides(seed, mixed=True)
    graph = nx.Graph(list(zip(arcs.tail.tolist(), arcs.head.tolist(), strict=True)))
    graph.add_nodes_from(range(arcs.n))
    told = np.zeros(arcs.n)
    for s, t in combinations(range(arcs.n), 2):
        one = nx.betweenness_centrality_subset(graph, [s], [t])
        told += (1 - shares[s] @ shares[t]) * np.array([2 * one[v] for v in range(arcs.n)])
    assert betweenness(arcs, shares) == pytest.approx(told)


def test_all_beginnings_are_walked_from_however_many() -> None:
    n = 2 * BATCH + 3
    path = both_ways(n, np.arange(n - 1), np.arange(1, n))
    place = np.arange(n)
    assert betweenness(path) == pytest.approx(place * (n - 1 - place))


def test_the_part_of_pairs_is_all_at_the_hub_of_a_star_and_none_at_its_ends() -> None:
    star, shares = both_ways(6, np.zeros(5, int), np.arange(1, 6)), shares_of("AABBCC")
    part = betweenness(star, shares) / pairs_of_others(6, shares)
    assert part == pytest.approx([1, 0, 0, 0, 0, 0])
    for node, pairs in enumerate(pairs_of_others(6, shares)):
        others = [each for each in range(6) if each != node]
        apart = sum((shares[s] != shares[t]).any() for s, t in combinations(others, 2))
        assert pairs == apart


def test_a_chain_is_as_deep_as_it_is_long_and_a_star_is_not() -> None:
    n = 3 * BATCH
    chain = both_ways(n, np.arange(n - 1), np.arange(1, n))
    star = both_ways(n, np.zeros(n - 1, int), np.arange(1, n))
    assert n // 2 <= depth_of(chain) < n
    assert (depth_of(star), depth_of(Links(n, star.tail[:0], star.head[:0], False))) == (2, 0)


def test_two_mode_betweenness_is_that_of_a_library() -> None:
    for seed in SEEDS:
        table = np.random.default_rng(seed).random((5, 8)) < 0.5
        rows, columns = two_mode_betweenness(table)
        graph = nx.Graph([(i, 5 + j) for i, j in zip(*map(list, np.nonzero(table)), strict=True)])
        graph.add_nodes_from(range(13))
        told = nx.bipartite.betweenness_centrality(graph, range(5))
        assert [*rows, *columns] == pytest.approx([told[node] for node in range(13)])
