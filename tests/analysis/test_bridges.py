"""Bridges: counted ways against every separator there is, published cases, and what breaks."""

from __future__ import annotations

from itertools import combinations, product
from typing import TYPE_CHECKING

import numpy as np
import pytest

from api.analysis.measures.bridges import (
    FIRM,
    Web,
    articulation_points,
    bridges_of_pairs,
    bus_factor,
    crossing_pairs,
    independent_bridges,
    robustness,
)

from .test_cases import CASES

if TYPE_CHECKING:
    from collections.abc import Sequence


def web_of(n: int, edges: Sequence[tuple[int, int]], firm: Sequence[int] = ()) -> Web:
    a, b = np.array(edges, dtype=np.int64).reshape(-1, 2).T
    return Web(n, a, b, np.isin(np.arange(n), firm))


def hangs_together(web: Web, gone: set[int], one: Sequence[int], other: Sequence[int]) -> bool:
    """Whether some way leads from one to the other, found by walking."""
    reached, edge = {n for n in one if n not in gone}, list(zip(web.a, web.b, strict=True))
    while True:
        more = {int(v) for e in (*edge, *((v, u) for u, v in edge)) for u, v in [e]
                if u in reached and v not in gone} - reached  # fmt: skip
        if not more:
            return bool(reached & set(other))
        reached |= more


def fewest_by_trying(web: Web, one: Sequence[int], other: Sequence[int]) -> int:
    for size in range(web.n + 1):
        for gone in combinations(range(web.n), size):
            if not hangs_together(web, set(gone), one, other):
                return size
    raise AssertionError


def test_ways_are_as_many_as_the_fewest_that_cut_them() -> None:
    rng = np.random.default_rng(11)
    for _ in range(25):
        n = int(rng.integers(4, 8))
        edges = [pair for pair in combinations(range(n), 2) if rng.random() < 0.45]
        one = rng.choice(n, int(rng.integers(1, 3)), replace=False).tolist()
        other = rng.choice(n, int(rng.integers(1, 3)), replace=False).tolist()
        web = web_of(n, edges)
        assert independent_bridges(web, one, other) == fewest_by_trying(web, one, other)


def test_florentine_families_are_as_published() -> None:
    case = CASES["C43"]
    given, expected = case["input"], case["expected"]
    web = web_of(given["n"], list(zip(given["from"], given["to"], strict=True)))
    names = [given["names"][node] for node in articulation_points(web)]
    assert sorted(names) == sorted(expected["articulation"])
    for pair in case["params"]["pairs"]:
        assert independent_bridges(web, pair["a"], pair["b"]) == expected[pair["name"]]


def test_robustness_of_a_star_and_of_a_complete_graph_is_known() -> None:
    n, expected = CASES["C42"]["input"]["n"], CASES["C42"]["expected"]
    star = web_of(n, [(0, leaf) for leaf in range(1, n)])
    assert robustness(star) == pytest.approx(expected["star"], abs=1e-12)
    complete = web_of(n, list(combinations(range(n), 2)))
    assert robustness(complete) == pytest.approx(expected["complete"], abs=1e-12)
    assert robustness(web_of(0, [])) is None


def test_robustness_is_what_taking_one_after_the_other_away_gives() -> None:
    rng = np.random.default_rng(12)
    for _ in range(25):
        n = int(rng.integers(2, 9))
        edges = [pair for pair in combinations(range(n), 2) if rng.random() < 0.4]
        web, gone, total = web_of(n, edges), set[int](), 0
        while len(gone) < n:
            left = [v for v in range(n) if v not in gone]
            gone.add(max(left, key=lambda v: (sum(v in e and not gone & {*e} for e in edges), -v)))
            sizes = (
                sum(hangs_together(web, gone, [v], [w]) for w in left if w not in gone)
                for v in left
                if v not in gone
            )
            total += max(sizes, default=0)
        assert robustness(web) == pytest.approx(total / n**2)


def test_what_is_firm_cannot_fall_away() -> None:
    # groups 0, 1, 2 are firm; connectors 3, 4 join 0 with 1; connector 5 joins 1 with 2
    web = web_of(6, [(0, 3), (3, 1), (0, 4), (4, 1), (1, 5), (5, 2)], firm=[0, 1, 2])
    pairs = np.array([[0, 1], [1, 2], [0, 2]])
    assert bridges_of_pairs(web, pairs).tolist() == [2, 1, 1]
    for one, other in pairs.tolist():
        assert independent_bridges(web, [one], [other]) == bridges_of_pairs(
            web, np.array([[one, other]])
        )
    assert independent_bridges(web, [0, 1], [1]) >= FIRM, "a firm node of both sides"
    assert bridges_of_pairs(web_of(3, [(0, 2)], firm=[0, 1]), np.array([[0, 1]])).tolist() == [0]


def splits(web: Web, node: int) -> bool:
    """Whether two others hang together only as long as this node is there."""
    rest = [other for other in range(web.n) if other != node]
    return any(
        hangs_together(web, set(), [u], [v]) and not hangs_together(web, {node}, [u], [v])
        for u, v in combinations(rest, 2)
    )


def test_articulation_points_are_those_whose_going_splits() -> None:
    rng = np.random.default_rng(5)
    for _ in range(40):
        n = int(rng.integers(3, 9))
        web = web_of(n, [pair for pair in combinations(range(n), 2) if rng.random() < 0.3])
        split = [node for node in range(n) if splits(web, node)]
        assert articulation_points(web).tolist() == split


def test_pairs_across_are_counted_once_each() -> None:
    sides = np.array([[1, 0], [1, 0], [0, 1], [0.5, 0.5], [0, 0]])
    web = web_of(5, [(0, 4), (1, 4), (2, 4), (3, 4)], firm=[0, 1, 2, 3])
    by_hand = sum(1 - sides[i] @ sides[j] for i, j in combinations(range(4), 2))
    assert crossing_pairs(web, sides, ()) == pytest.approx(by_hand)
    assert crossing_pairs(web, sides, (4,)) == 0


def test_the_bus_factor_is_the_fewest_whose_going_halves_what_crosses() -> None:
    # two connectors each join both sides' groups; a third joins one pair only
    north, south, firm = [0, 1], [2, 3], [0, 1, 2, 3]
    sides = np.zeros((7, 2))
    sides[north, 0] = sides[south, 1] = 1
    both = [(group, connector) for group, connector in product(firm, (4, 5))]
    assert bus_factor(web_of(7, [*both, (0, 6), (2, 6)], firm), sides)[:2] == (2, (4, 5))
    assert bus_factor(web_of(7, [(g, 4) for g in firm], firm), sides)[:2] == (1, (4,))
    assert bus_factor(web_of(7, [(0, 4), (1, 4)], firm), sides) == (None, (), True)
