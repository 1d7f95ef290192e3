"""Published and exactly enumerated cases: every figure at its case's tolerance."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from api.analysis.measures import mixing
from api.analysis.measures.arcs import gather
from api.analysis.measures.betweenness import (
    betweenness,
    pairs_of_others,
    two_mode_betweenness,
)
from api.analysis.measures.connectedness import decompose
from api.analysis.measures.curveball import deal
from api.analysis.measures.flows import reciprocate
from api.analysis.measures.holes import find_holes
from api.analysis.measures.meetings import Attendance, blau, contact_mass, iqv, unbiased_blau
from api.analysis.measures.nulls import Ask, moments
from api.analysis.measures.odds import log_odds
from api.analysis.measures.paths import both_ways, shortened
from api.analysis.measures.ties import keep_known

from .graphs import graph_of, shares_of, ties_of

CASES = {c["id"]: c for c in json.loads((Path(__file__).parent / "cases.json").read_text())}


def _expect(case: str, **figures: Any) -> None:
    """Each figure is the case's, within its tolerance."""
    expected, tolerance = CASES[case]["expected"], CASES[case]["tolerance"]
    for name, figure in figures.items():
        slack = tolerance
        if isinstance(tolerance, dict):
            slack = tolerance.get(name, tolerance["default"])
        assert figure == pytest.approx(expected[name], abs=slack), name


def _given(case: str) -> Any:
    return CASES[case]["input"]


def test_newman_r_is_that_of_the_counts_and_not_of_the_symmetrised_matrix() -> None:
    matrix = np.array(_given("C01")["mixing"], float)
    symmetrised = mixing.newman_r(matrix + matrix.T)
    _expect("C01", r=mixing.newman_r(matrix), r_symmetrised=symmetrised, delta=log_odds(matrix))


def test_coleman_of_a_paper_and_exactly() -> None:
    matrix, sizes = np.array(_given("C04")["mixing"], float), _given("C04")["sizes"]
    shares = np.repeat(np.eye(2), sizes, axis=0)
    printed = mixing.inbreeding(matrix, np.array(sizes) / sum(sizes))
    exact = mixing.inbreeding(matrix, mixing.finite_baseline(shares))
    _expect("C04", ih_0=printed[0], ih_1=printed[1], coleman_0=exact[0], coleman_1=exact[1])
    _expect("C04", coleman1958_0=printed[0], coleman1958_1=printed[1])


def test_homophily_of_a_directed_ring() -> None:
    given = _given("C05")
    shares = shares_of(given["category"])
    matrix = mixing.count_arcs(np.array(given["from"]), np.array(given["to"]), shares)
    found = mixing.inbreeding(matrix, mixing.finite_baseline(shares))
    _expect("C05", coleman_0=found[0], coleman_1=found[1], coleman_2=found[2])


def test_karate_club_mixes_as_two_libraries_say() -> None:
    known = graph_of(_given("C10"))
    matrix = mixing.mixing_matrix(known)
    _expect(
        "C10",
        internal=np.trace(matrix) / 2,
        external=(matrix.sum() - np.trace(matrix)) / 2,
        ei=mixing.ei_index(matrix),
        r=mixing.newman_r(matrix),
        freeman=mixing.freeman(matrix, known.shares),
    )


def test_the_error_of_r_by_cells_is_the_one_by_leaving_out_each_tie() -> None:
    matrix = mixing.mixing_matrix(graph_of(_given("C11")))
    _expect("C11", r=mixing.newman_r(matrix), sigma_cells=mixing.newman_r_error(matrix))


def test_moments_of_chance_are_those_of_all_5040_relabellings() -> None:
    known = graph_of(_given("C36"))
    mean, spread = moments(known)
    ties = len(known.a)
    _expect("C36", formula_mean=mean * ties, formula_var=(spread * ties) ** 2)


def test_shares_in_several_sections_spread_a_tie_and_the_strict_rule_does_not() -> None:
    given = _given("C45")
    known = keep_known(ties_of(given["n"], given["from"], given["to"]), np.array(given["shares"]))
    matrix = mixing.mixing_matrix(known)
    strict = mixing.count_strict(known)
    _expect(
        "C45",
        internal=np.trace(matrix) / 2,
        external=(matrix.sum() - np.trace(matrix)) / 2,
        ei=mixing.ei_index(matrix),
        strict_external=strict,
        strict_ei=(2 * strict - len(known.a)) / len(known.a),
    )


def test_unknown_sides_widen_the_bounds_and_are_never_a_side_of_their_own() -> None:
    known = graph_of(_given("C46"))
    matrix = mixing.mixing_matrix(known)
    bounds = mixing.worst_case_share(matrix, known.total)
    assert bounds
    _expect(
        "C46",
        external=(matrix.sum() - np.trace(matrix)) / 2,
        internal=np.trace(matrix) / 2,
        unknown=known.total - len(known.a),
        ei=mixing.ei_index(matrix),
        ei_low=2 * bounds.low - 1,
        ei_high=2 * bounds.high - 1,
        coverage=len(known.a) / known.total,
    )


def test_log_odds_of_two_sections_have_a_closed_form() -> None:
    _expect("C54", delta=log_odds(np.array(_given("C54")["mixing"], float)))


def test_authors_of_three_papers_are_tied_as_newman_draws_them() -> None:
    """Everybody is a section of their own: then the mass from section to section is the tie."""
    given = _given("C30")
    person, event = np.array(given["attend"]).T
    came = Attendance(given["n_events"], event, person, np.ones(len(event), int), np.eye(5))
    mass = contact_mass(came).matrix
    for pair in CASES["C30"]["expected"]:
        i, j = (given["names"].index(name) for name in pair.split("-"))
        _expect("C30", **{pair: mass[i, j]})


def test_blau_simpson_and_the_index_of_qualitative_variation() -> None:
    counts = np.array(_given("C38")["counts"], float)
    _expect("C38", blau=blau(counts), iqv=iqv(counts), unbiased=unbiased_blau(counts))


def test_mass_of_southern_meetings_is_that_of_the_network_of_pairs() -> None:
    given = _given("C51")
    incidence, shares = np.array(given["incidence"]), shares_of(given["category"])
    person, event = np.nonzero(incidence)
    came = Attendance(incidence.shape[1], event, person, np.ones(len(event), int), shares)
    sizes = incidence.sum(axis=0)
    pairs = (incidence / np.maximum(sizes - 1, 1)) @ incidence.T
    np.fill_diagonal(pairs, 0)
    found = contact_mass(came)
    worst = np.abs(found.matrix - shares.T @ pairs @ shares).max()
    _expect("C51", worst_diff=worst, total_mass=found.total)


def test_connectedness_is_exposure_times_one_less_bias() -> None:
    given = _given("C47")
    rows = [tuple(place.values()) for place in given["settings"]]
    members, others, reaching, rest = np.array(rows, float).T
    share = members / (members + others)
    found = decompose(share, reaching, reaching + rest, given["target_share"])
    assert found.connectedness
    assert found.exposure
    assert found.bias
    _expect(
        "C47",
        share=found.connectedness * given["target_share"],
        connectedness=found.connectedness,
        exposure=found.exposure,
        bias=found.bias,
        residual=found.connectedness - found.exposure * (1 - found.bias),
    )


def test_what_three_groups_give_one_another_comes_back_by_two_fifths() -> None:
    table = np.array(_given("C29")["matrix"], float)
    giver, taker = np.nonzero(table)
    found = reciprocate(gather(3, giver, taker, table[giver, taker]), Ask())
    _expect("C29", r=found.r, a_bar=found.density, rho=found.rho, r_w=found.r_w)


def test_curveball_deals_every_table_of_these_margins_alike() -> None:
    given = _given("C33")
    row, column = np.nonzero(given["incidence"])
    dealt = deal(
        row, column, np.zeros(3, int), given["draws"], np.random.default_rng(given["seed"])
    )
    tables = Counter(frozenset(zip(row.tolist(), table, strict=True)) for table in dealt.tolist())
    even = given["draws"] / CASES["C33"]["expected"]["tables"]
    chi2 = sum((count - even) ** 2 / even for count in tables.values())
    _expect("C33", visited=len(tables), chi2_over_df=chi2 / 4)


def test_openings_among_the_contacts_of_a_group_are_those_borgatti_works_out() -> None:
    given = _given("C13")
    ties = ties_of(given["n"], given["from"], given["to"])
    found = find_holes(ties, shortened(both_ways(ties.n, ties.a, ties.b)))
    for name in "GAC":
        place = given["names"].index(name)
        _expect("C13", **{f"effsize_{name}": found.effective[place]})
        _expect("C13", **{f"constraint_{name}": found.constraint[place]})


@pytest.mark.parametrize("case", ["C17", "C18"])
def test_families_and_a_kite_lie_between_others_as_printed(case: str) -> None:
    given = _given(case)
    n = given["n"]
    arcs = both_ways(n, np.array(given["from"]), np.array(given["to"]))
    part = betweenness(arcs) / pairs_of_others(n)
    names = given.get("names", [str(place) for place in range(n)])
    told = CASES[case]["expected"]
    _expect(case, **{name: part[place] for place, name in enumerate(names) if name in told})


def test_southern_women_and_meetings_lie_between_each_other_as_printed() -> None:
    given = _given("C21")
    women, meetings = two_mode_betweenness(np.array(given["incidence"]))
    found = dict(zip(given["row_names"] + given["col_names"], [*women, *meetings], strict=True))
    _expect("C21", **{name: found[name] for name in CASES["C21"]["expected"]})


def test_every_case_there_is_is_run() -> None:
    told = "".join(each.read_text() for each in Path(__file__).parent.glob("test_*.py"))
    assert [case for case in CASES if f'"{case}"' not in told] == []
