"""Crossing: figures come together, or each one that is missing says why."""

from __future__ import annotations

import numpy as np
import pytest

from api.analysis.measures import crossing
from api.analysis.measures.crossing import measure
from api.analysis.measures.nulls import Ask
from api.analysis.measures.ties import Graph, Tally, Ties

from .graphs import ties_of

ASK = Ask("N2", 99, 1)


def _graph(ties: Ties, categories: str, sections: int = 2) -> Graph:
    shares = np.zeros((len(categories), sections))
    for node, letter in enumerate(categories):
        if letter != "?":
            shares[node, "ABC".index(letter)] = 1
    return Graph(ties, shares, Tally(0, 0, 0), 0)


def _ring(categories: str) -> Graph:
    n = len(categories)
    return _graph(ties_of(n, list(range(n)), [(i + 1) % n for i in range(n)]), categories)


def test_a_graph_with_enough_known_has_every_figure() -> None:
    found = measure(_ring("AAB" * 8), ASK)
    assert found.reasons == {}
    assert found.chance
    assert found.chance.observed == 16 / 24
    assert found.known == found.total == 24
    counts = crossing.count(_ring("AAB" * 8))
    assert (counts.crossing, counts.strictly_crossing) == (pytest.approx(16), 16)
    assert found.indices
    assert None not in found.indices.homophily


def test_too_little_known_gives_no_figure_and_says_why() -> None:
    expected = [
        (_ring("ABABABABA"), crossing.TOO_FEW_TIES),
        (_ring("ABABABABAB?"), crossing.TOO_FEW_TIES),
        (_ring("????????????"), crossing.TOO_FEW_TIES),
        (_ring("AAAAAAAAAAAB"), crossing.TOO_FEW_NODES),
        (_graph(ties_of(12, [], []), "AB" * 6), crossing.NO_TIES),
        (_graph(ties_of(12, [0], [1]), "A" * 12, sections=1), crossing.TOO_FEW_SECTIONS),
        (_graph(ties_of(0, [], []), "", sections=0), crossing.TOO_FEW_SECTIONS),
    ]
    for graph, reason in expected:
        found = measure(graph, ASK)
        assert found.reasons == {"share": reason}
        assert (found.chance, found.bounds, found.interval, found.indices) == (None,) * 4


def test_ten_known_ties_are_enough_for_a_share_and_not_for_an_interval() -> None:
    found = measure(_ring("ABABABABAB"), ASK)
    assert found.chance
    assert found.interval is None
    assert found.reasons == {"interval": crossing.TOO_FEW_FOR_INTERVAL}


def test_ties_all_inside_one_section_have_a_share_of_zero_and_no_r() -> None:
    inside = ties_of(14, list(range(11)), [*range(1, 11), 0])
    found = measure(_graph(inside, "A" * 11 + "BBB"), ASK)
    assert found.chance
    assert found.chance.observed == 0
    assert {"r", "delta"} <= set(found.reasons)


def test_a_section_with_few_tie_ends_has_no_homophily_of_its_own() -> None:
    found = measure(_graph(_ring("A" * 20 + "BB").ties, "A" * 20 + "BB"), ASK)
    assert found.indices
    assert found.indices.homophily[0] is not None
    assert found.indices.homophily[1] is None


def test_unknown_sides_lower_coverage_and_widen_bounds() -> None:
    whole, part = measure(_ring("AB" * 15), ASK), measure(_ring("AB" * 14 + "??"), ASK)
    assert whole.bounds
    assert part.bounds
    assert whole.bounds.low == whole.bounds.high
    assert part.bounds.low < part.bounds.high
    assert (part.known, part.total) == (27, 30)


def test_persons_and_groups_are_counted_apart() -> None:
    graph = _ring("AB" * 6)
    named = Graph(graph.ties, graph.shares, Tally(9, 7, 5), 4)
    counts = crossing.count(named)
    assert (counts.persons, counts.groups) == (4, 8)
