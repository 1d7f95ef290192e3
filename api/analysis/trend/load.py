"""Load: what a layer holds of each window, nodes numbered alike in all of them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from api.analysis.crossing.load import load_given
from api.analysis.loading.boundaries import Window, instant, load_boundary, load_groups
from api.analysis.loading.introductions import load_parties, number_parties
from api.analysis.loading.meetings import load_meetings
from api.analysis.measures.ties import (
    build_graph,
    fold,
    number_nodes,
    pair_up,
    shares_of_nodes,
)

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy import Connection

    from api.analysis.crossing.load import Given
    from api.analysis.loading.boundaries import Boundary
    from api.analysis.loading.introductions import Rows
    from api.analysis.measures.meetings import Attendance
    from api.analysis.measures.ties import Floats, Graph, Ints, Ties

WEEKS = {"month": 4, "quarter": 13, "half": 26, "year": 52}


@dataclass(frozen=True, slots=True)
class Introductions:
    """A window's own graph, and its ties among the nodes of all windows, with their `shares`."""

    graph: Graph
    ties: Ties
    shares: Floats


@dataclass(frozen=True, slots=True)
class Material:
    """The boundary, the windows in order, and what each holds."""

    boundary: Boundary
    windows: list[Window]
    layers: list[Introductions] | list[Attendance] | list[Given]


def load(cx: Connection, network_id: UUID, asked: dict[str, Any]) -> Material:
    """What a trend rests on; `not_found` for a boundary that is not here."""
    boundary, windows = load_boundary(cx, network_id, asked["boundary"]), windows_of(asked)
    if asked["layer"] == "introductions":
        return Material(boundary, windows, _load_ties(cx, network_id, boundary, windows))
    groups = [load_groups(cx, network_id, boundary, window) for window in windows]
    if asked["layer"] == "flows":
        given = [
            load_given(cx, network_id, asked | window.named, here)
            for window, here in zip(windows, groups, strict=True)
        ]
        return Material(boundary, windows, given)
    came = [load_meetings(cx, network_id, groups[0].shares, window) for window in windows]
    return Material(boundary, windows, [each.attendance for each in came])


def windows_of(asked: dict[str, Any]) -> list[Window]:
    """So many windows of whole weeks, each ending where the next begins, the last at `to`."""
    until, length = instant(asked["to"]), dt.timedelta(weeks=WEEKS[asked["every"]])
    edges = [(until - length * back).isoformat() for back in range(asked["windows"], -1, -1)]
    return [Window(since, until) for since, until in pairwise(edges)]


def _load_ties(
    cx: Connection, network_id: UUID, boundary: Boundary, windows: list[Window]
) -> list[Introductions]:
    """All windows in one go, then cut."""
    whole = Window(windows[0].since, windows[-1].until)
    edges = [instant(each.since) for each in windows if each.since]
    rows = load_parties(cx, network_id, whole, edges)
    groups = load_groups(cx, network_id, boundary, whole)
    parties, place = number_parties(rows.code)
    nodes = number_nodes(parties, groups.standing)
    shares = shares_of_nodes(groups.shares, nodes.group, nodes.node, nodes.n)
    found = []
    for number, window in enumerate(windows):
        is_in = rows.period[rows.introduction] == number + 1
        here = load_groups(cx, network_id, boundary, window)
        graph = _graph(rows, is_in, here.shares, here.standing)
        batches = fold(rows.introduction[is_in], place[is_in])
        found.append(Introductions(graph, pair_up(batches, nodes.of_party, nodes.n), shares))
    return found


def _graph(rows: Rows, is_in: Ints, shares: Floats, standing: Ints) -> Graph:
    """The graph of one window alone, as crossing has it."""
    parties, place = number_parties(rows.code[is_in])
    batches = fold(rows.introduction[is_in], place)
    return build_graph(batches, parties, shares, standing)
