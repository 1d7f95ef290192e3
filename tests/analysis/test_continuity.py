"""Continuity: what breaks without one connector or one space, first by hand, then over HTTP."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from api.analysis.continuity.example import EXAMPLE
from api.analysis.continuity.schema import ContinuitySchema
from api.analysis.measures.continuity import (
    Held,
    bridges,
    bus_factor,
    count_connected,
    look,
    pair_up,
    robustness,
)

from .conftest import id_of

if TYPE_CHECKING:
    from tests.fixtures.networks import Member

    from .conftest import Canal


def held(*rows: tuple[int, int, int, int], n: int = 10) -> Held:
    return Held(n, *(np.array(column) for column in zip(*rows, strict=True)))


def sides(*sections: int, of: int = 2) -> Any:
    """One section each, -1 for unknown."""
    shares = np.zeros((len(sections), of))
    for node, section in enumerate(sections):
        if section >= 0:
            shares[node, section] = 1
    return shares


# --- the measures, by hand -----------------------------------------------------------------------


def test_a_pair_is_held_alone_when_nobody_else_brought_it_together() -> None:
    pairs = pair_up(held((0, 1, 7, 1), (0, 1, 8, 0), (0, 2, 7, 1), (1, 2, 8, 0)))
    assert list(zip(pairs.a, pairs.b, strict=True)) == [(0, 1), (0, 2), (1, 2)]
    assert pairs.is_touched.tolist() == [True, True, False]
    assert pairs.is_alone.tolist() == [False, True, False]
    # one connector in two spaces, one of which closes: the pair stays
    spaces = pair_up(held((0, 1, 7, 1), (0, 1, 7, 0)))
    assert (spaces.is_alone.tolist(), spaces.holders.tolist()) == ([False], [7])


def test_bridges_are_paths_that_share_no_group() -> None:
    # two sides joined by 1-2 and 1-3: all goes through group 1, which is in section 0
    a, b = np.array([0, 1, 1]), np.array([1, 2, 3])
    assert bridges(sides(0, 0, 1, 1), a, b) == {(0, 1): 1}
    assert bridges(sides(0, 0, 1, 1), np.array([0, 1]), np.array([2, 3])) == {(0, 1): 2}
    assert bridges(sides(0, 0, 1, 1), np.array([0]), np.array([1])) == {(0, 1): 0}
    shared = np.array([[1, 0], [0.5, 0.5], [0, 1]])
    assert bridges(shared, np.array([0]), np.array([1])) == {(0, 1): 1}


def test_bridges_agree_with_trying_every_way_to_cut() -> None:
    rng = np.random.default_rng(4)
    for _ in range(25):
        n = 7
        every = np.array(list(combinations(range(n), 2)))
        a, b = every[rng.random(len(every)) < 0.35].T
        shares = sides(*rng.integers(-1, 2, n))
        expected = next(k for k in range(n + 1) if _cuts(n, a, b, shares, k))
        assert bridges(shares, a, b) == {(0, 1): expected}


def _cuts(n: int, a: Any, b: Any, shares: Any, k: int) -> bool:
    """Whether taking some `k` groups away leaves no path between the two sections."""
    for gone in map(list, combinations(range(n), k)):
        stays = ~np.isin(a, gone) & ~np.isin(b, gone)
        left = shares.copy()
        left[gone] = 0
        if not count_connected(left, a[stays], b[stays]):
            return True
    return False


def test_a_star_falls_at_the_first_blow_and_a_clique_lasts() -> None:
    n = 12
    assert robustness(np.zeros(n - 1, int), np.arange(1, n)) == pytest.approx((n - 1) / n**2)
    a, b = np.array(list(combinations(range(n), 2))).T
    assert robustness(a, b) == pytest.approx((n - 1) / 2 / n)
    assert robustness(np.array([], int), np.array([], int)) is None


def test_the_bus_factor_counts_connectors_until_half_is_held_by_nobody() -> None:
    pair = np.array([0, 1, 2, 3])
    assert bus_factor(np.array([5, 5, 6, 7]), pair) == 1
    assert bus_factor(np.array([5, 6, 7, 8]), pair) == 2
    doubly = np.concatenate([pair, pair])
    assert bus_factor(np.repeat([5, 6], 4), doubly) == 2
    assert bus_factor(np.array([], int), np.array([], int)) is None


def test_numbers_of_groups_mean_nothing() -> None:
    rng = np.random.default_rng(5)
    every = np.array(list(combinations(range(12), 2)))
    a, b = every[rng.random(len(every)) < 0.2].T
    shares = sides(*rng.integers(-1, 3, 12), of=3)
    at = rng.permutation(12)
    moved = np.empty_like(shares)
    moved[at] = shares
    one, other = np.minimum(at[a], at[b]), np.maximum(at[a], at[b])
    zero = np.zeros(len(a), int)
    pairs, same = pair_up(Held(12, a, b, zero, zero)), pair_up(Held(12, one, other, zero, zero))
    all_ = np.ones(len(a), bool)
    before, after = look(pairs, shares, all_), look(same, moved, all_)
    assert (before.connected, before.bridges) == (after.connected, after.bridges)


# --- over HTTP -----------------------------------------------------------------------------------


def ask(canal: Canal, who: Member | None = None, **query: Any) -> Any:
    asked = {"boundary": canal.boundary} | query
    path = "analysis/continuity?" + "&".join(f"{k}={v}" for k, v in asked.items())
    return (who or canal.network.coordinator).get(path)


@pytest.fixture
def shared(canal: Canal) -> Canal:
    """The colleague brought some of the same groups together as the connector."""
    for letters in ("ab", "af", "ck"):
        canal.introduce(letters, canal.network.colleague)
    return canal


def test_what_breaks_is_told_as_the_documentation_works_out(shared: Canal) -> None:
    mine = shared.network.connector
    window = {"from": "2026-01-01T00:00:00Z", "to": "2026-04-01T00:00:00Z"}
    answer = ask(shared, connector=mine.member_id, **window).json
    assert ContinuitySchema().validate(answer) == ContinuitySchema().validate(EXAMPLE) == {}
    same = ("coverage", "pairs", "before", "after", "lost", "reason", "reasons")
    assert {name: answer[name] for name in same} == {name: EXAMPLE[name] for name in same}
    assert [(each["before"], each["after"]) for each in answer["bridges"]] == [(4, 2)]
    pack = answer["pack"]
    assert [group["name"] for group in pack["groups"]] == list("abcdefghiju")
    assert [id_of("a"), id_of("b")] not in pack["held_alone"]
    assert [id_of("b"), id_of("g")] in pack["held_alone"]
    assert len(pack["held_alone"]) == answer["pairs"]["held_alone"] == 12


def test_a_space_that_closes_takes_what_was_only_there(bare_canal: Canal) -> None:
    point = {"type": "Point", "coordinates": [-4.2, 52.1]}
    space = bare_canal.network.coordinator.make(
        "spaces", {"name": "Hall", "type": "library", "geometry": point}
    )
    bare_canal.introduce("af", space_id=space["id"])
    bare_canal.introduce("ag", space_id=space["id"])
    bare_canal.introduce("ag")
    answer = ask(bare_canal, space=space["id"]).json
    assert (answer["pairs"]["held"], answer["pairs"]["held_alone"]) == (2, 1)
    assert (answer["before"]["connected"], answer["after"]["connected"]) == (2, 1)
    assert answer["pack"] is None


def test_a_notebook_and_what_was_not_made_hold_nothing(shared: Canal) -> None:
    mine = shared.network.connector
    before = ask(shared, connector=mine.member_id).json
    shared.introduce("eh", audience=mine.notebook)
    shared.introduce("eh", status="offered")
    assert ask(shared, connector=mine.member_id).json == before


def test_connectors_read_their_own_and_funders_nothing(shared: Canal) -> None:
    network = shared.network
    mine, other = network.connector.member_id, network.colleague.member_id
    assert ask(shared, network.connector, connector=mine).status_code == 200
    for who, connector in ((network.connector, other), (network.funder, mine)):
        refused = ask(shared, who, connector=connector)
        assert (refused.status_code, refused.json["code"]) == (403, "out_of_scope")
    assert ask(shared, network.coordinator, connector=other).status_code == 200
    later = {"Prefer": "respond-async"}
    path = f"analysis/continuity?boundary={shared.boundary}&connector={mine}"
    shared.introduce("ej")
    where = network.connector.get(path, **later).headers["Location"]
    assert network.connector.get(where).status_code == 200
    assert network.colleague.get(where).status_code == 404


def test_nobody_brought_together_is_said(bare_canal: Canal) -> None:
    answer = ask(bare_canal, connector=bare_canal.network.connector.member_id).json
    assert answer["reason"] == "Nobody was brought together in this window."
    assert (answer["before"]["robustness"], answer["before"]["bus_factor"]) == (None, None)


@pytest.mark.parametrize(
    ("query", "status", "field"),
    [
        ({}, 422, "connector"),
        ({"connector": id_of("a"), "space": id_of("a")}, 422, "connector"),
        ({"connector": "me"}, 422, "connector"),
        ({"connector": id_of("a")}, 404, "connector"),
        ({"space": id_of("a")}, 404, "space"),
    ],
)
def test_who_or_what_stops_is_one_and_is_here(
    bare_canal: Canal, query: dict[str, str], status: int, field: str
) -> None:
    answer = ask(bare_canal, **query)
    assert (answer.status_code, list(answer.json["fields"])) == (status, [field])
