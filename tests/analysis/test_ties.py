"""Ties: what an introduction adds to the graph, and which sides are known."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from api.analysis.measures.ties import (
    NOBODY,
    Nodes,
    Parties,
    Tally,
    belong,
    build_graph,
    fold,
    keep_known,
    pair_up,
    place_ties,
    settle_shares,
    shares_of_nodes,
    tally_introductions,
)

from .graphs import shares_of, ties_of

if TYPE_CHECKING:
    from api.analysis.measures.ties import Ints


def _batch(*rows: tuple[int, ...], times: int = 1) -> Ints:
    return np.repeat(np.array(rows), times, axis=0)


def _pairs(*batches: Ints, node: list[int] | None = None, n: int = 6) -> dict[tuple[int, int], int]:
    found = pair_up(batches, np.array(node or range(n)), n)
    ends = zip(found.a.tolist(), found.b.tolist(), strict=True)
    return dict(zip(ends, found.weight.tolist(), strict=True))


def test_rows_in_any_order_become_introductions_by_size_and_a_party_counts_once() -> None:
    introduction = np.array([4, 0, 2, 4, 0, 2, 0, 9, 4])
    party = np.array([1, 5, 3, 0, 2, 3, 1, 0, 1])
    batches = [batch.tolist() for batch in fold(introduction, party)]
    assert batches == [[[3], [0]], [[0, 1]], [[1, 2, 5]]]
    assert fold(np.array([], int), np.array([], int)) == []


def test_an_introduction_of_three_is_three_ties() -> None:
    assert _pairs(_batch((0, 1, 4))) == {(0, 1): 1, (0, 4): 1, (1, 4): 1}


def test_an_introduction_of_twelve_is_sixty_six_ties() -> None:
    assert len(_pairs(_batch(tuple(range(12))), n=12)) == 66


def test_a_pair_met_again_in_either_order_is_the_same_tie_with_more_weight() -> None:
    assert _pairs(_batch((0, 1), (1, 0)), _batch((0, 1, 2), times=5)) == {
        (0, 1): 7,
        (0, 2): 5,
        (1, 2): 5,
    }


def test_a_group_that_is_introduced_to_itself_makes_no_tie() -> None:
    assert _pairs(_batch((0, 0)), _batch((1, 1, 2))) == {(1, 2): 1}


def test_a_person_named_twice_in_one_introduction_counts_once() -> None:
    node = [0, 0, 0, 1]  # three parties that are one person, and another
    assert _pairs(_batch((0, 1, 3), (0, 2, 3)), _batch((0, 1, 2, 3)), node=node) == {(0, 1): 3}


def test_nothing_introduced_makes_no_ties() -> None:
    assert _pairs() == {}
    assert _pairs(n=0) == {}


def test_shares_that_do_not_add_up_are_unknown_and_not_stretched() -> None:
    found = settle_shares(np.array([[0.5, 0.5], [0.5, 0.0], [0.0, 0.0], [0.0, 1 - 1e-7]]))
    assert found.tolist() == [[0.5, 0.5], [0, 0], [0, 0], [0, 1]]


def test_a_person_of_two_groups_stands_between_them_and_an_unknown_group_takes_no_part() -> None:
    shares = np.array([[1.0, 0.0], [0.0, 1.0], [0.0, 0.0]])  # of three groups
    group, node = np.array([0, 1, 0, 2, 2]), np.array([0, 0, 1, 1, 2])
    found = shares_of_nodes(shares, group, node, 4)
    assert found.tolist() == [[0.5, 0.5], [1, 0], [0, 0], [0, 0]]


def test_a_person_often_named_with_one_group_is_no_more_of_it() -> None:
    shares = np.eye(2)
    found = shares_of_nodes(shares, np.array([0, 0, 0, 1]), np.zeros(4, int), 1)
    assert found.tolist() == [[0.5, 0.5]]


def test_ties_with_an_unknown_end_are_dropped_and_still_counted() -> None:
    ties = ties_of(5, [0, 1, 2, 3], [1, 2, 3, 4])
    known = keep_known(ties, shares_of(["A", "B", None, "A", "B"]))
    assert (len(known.a), known.total, len(known.shares)) == (2, 4, 4)
    assert (known.a.tolist(), known.b.tolist()) == ([0, 2], [1, 3])


def test_quiet_nodes_count_in_the_sizes_of_sections() -> None:
    known = keep_known(ties_of(4, [0], [1]), shares_of(["A", "B", "B", "B"]))
    assert known.sizes.tolist() == [1, 3]
    assert known.degrees.tolist() == [1, 1, 0, 0]


def test_an_introduction_crosses_when_two_of_its_parties_share_no_section() -> None:
    shares = np.array([[1, 0], [0, 1], [0.5, 0.5], [0, 0]])
    batches = [_batch((0, 1), (0, 2), (1, 3), times=2), _batch((0, 0, 1), (0, 1, 1), (0, 2, 2))]
    assert tally_introductions(batches, shares) == Tally(total=9, known=7, crossing=4)


def test_a_group_is_a_node_and_so_is_a_person_where_one_was_named() -> None:
    """Group 0 meets group 1; person 7 of group 1 meets group 2; group 3 stands by, 4 has left."""
    parties = Parties(np.array([0, 1, 1, 2]), np.array([NOBODY, NOBODY, 7, NOBODY]))
    shares = np.array([[1.0, 0], [0, 1], [0, 0], [1, 0], [0, 1]])
    found = build_graph([_batch((0, 1), (2, 3))], parties, shares, np.array([0, 1, 2, 3]))
    assert (found.ties.n, found.persons) == (5, 1)
    assert (found.ties.a.tolist(), found.ties.b.tolist()) == ([0, 2], [1, 4])
    assert found.shares.tolist() == [[1, 0], [0, 1], [0, 0], [1, 0], [0, 1]]
    assert found.introductions == Tally(total=2, known=1, crossing=1)


def test_a_group_whose_person_was_introduced_is_not_counted_again_as_a_quiet_group() -> None:
    parties = Parties(np.array([0, 1]), np.array([3, 9]))
    found = build_graph([_batch((0, 1))], parties, np.eye(2), np.array([0, 1]))
    assert (found.ties.n, found.persons) == (2, 2)


def test_a_person_who_came_for_two_groups_is_one_node_between_them() -> None:
    parties = Parties(np.array([0, 1, 2]), np.array([5, 5, NOBODY]))
    shares = np.array([[1.0, 0], [0, 1], [0, 1]])
    found = build_graph([_batch((0, 2), (1, 2))], parties, shares, np.array([], int))
    assert found.ties.weight.tolist() == [2]
    assert found.shares.tolist() == [[0, 1], [0.5, 0.5]]
    assert found.introductions == Tally(total=2, known=2, crossing=1)


def test_nothing_logged_is_a_graph_of_the_groups_that_stand() -> None:
    nobody = Parties(np.array([], int), np.array([], int))
    found = build_graph([], nobody, np.eye(2), np.array([0, 1]))
    assert (found.ties.n, len(found.ties.a), found.persons) == (2, 0, 0)


def test_a_tie_is_placed_once_in_each_setting_it_was_made_in() -> None:
    introduction = np.array([0, 0, 0, 1, 1, 2, 2, 3, 3, 4])
    node = np.array([2, 0, 1, 1, 0, 0, 1, 1, 1, 0])
    setting = np.array([7, 7, NOBODY, 5, 5])
    rows = set(
        zip(*(part.tolist() for part in place_ties(introduction, node, setting)), strict=True)
    )
    assert rows == {(0, 1, 7), (0, 2, 7), (1, 2, 7), (0, 1, NOBODY)}


def test_a_node_belongs_wherever_one_of_its_groups_does() -> None:
    nodes = Nodes(3, 1, np.array([0]), np.array([4, 5, 5, 6]), np.array([0, 1, 2, 2]))
    found = belong(nodes, np.array([5, 4, 5, 9]), np.array([1, 2, 3, 1]))
    assert sorted(zip(*(part.tolist() for part in found), strict=True)) == [
        (0, 2),
        (1, 1),
        (1, 3),
        (2, 1),
        (2, 3),
    ]
