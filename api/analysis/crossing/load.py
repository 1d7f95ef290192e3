"""Load: the boundary asked for and what a layer holds of its window."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from api.analysis.loading.boundaries import Window, load_boundary, load_groups, load_named
from api.analysis.loading.flows import load_flows
from api.analysis.loading.introductions import fetch_parties, number_parties, put_together
from api.analysis.loading.meetings import load_belonging, load_meetings
from api.analysis.measures.arcs import gather
from api.analysis.measures.connectedness import Made
from api.analysis.measures.nulls import strata_of
from api.analysis.measures.ties import (
    belong,
    build_graph,
    fold,
    number_nodes,
    place_ties,
    shares_of_nodes,
)

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy import Connection

    from api.analysis.loading.boundaries import Boundary, Groups
    from api.analysis.loading.introductions import Sent
    from api.analysis.measures.arcs import Arcs
    from api.analysis.measures.meetings import Attendance
    from api.analysis.measures.ties import Graph, Ints, Nodes


@dataclass(frozen=True, slots=True)
class Introduced:
    """Introductions as a graph, and where they were made; `strata` (nodes,) for N3."""

    graph: Graph
    made: Made
    strata: Ints | None = None


@dataclass(frozen=True, slots=True)
class Given:
    """Flows of one resource as arcs between numbered groups, and how many flows they are."""

    arcs: Arcs
    flows: int
    groups: Groups


@dataclass(frozen=True, slots=True)
class Material:
    """What crossing rests on: the boundary, the other one of N3, and one of the three layers."""

    boundary: Boundary
    within: Boundary | None
    layer: Introduced | Attendance | Given


def load(cx: Connection, network_id: UUID, asked: dict[str, Any]) -> Material:
    """What crossing rests on; `not_found` for a boundary that is not here."""
    boundary, window = load_boundary(cx, network_id, asked["boundary"]), Window.of(asked)
    named = asked["within"]
    within = load_named(cx, network_id, "within", named) if named else None
    groups = load_groups(cx, network_id, boundary, window)
    if asked["layer"] == "meetings":
        came = load_meetings(cx, network_id, groups.shares, window).attendance
        return Material(boundary, None, came)
    if asked["layer"] == "flows":
        return Material(boundary, None, load_given(cx, network_id, asked, groups))
    introduced = _load_introduced(cx, network_id, window, groups)
    if not within:
        return Material(boundary, None, introduced[0])
    other = load_groups(cx, network_id, within, window)
    nodes = introduced[1]
    shares = shares_of_nodes(other.shares, nodes.group, nodes.node, nodes.n)
    return Material(boundary, within, replace(introduced[0], strata=strata_of(shares)))


def _load_introduced(
    cx: Connection, network_id: UUID, window: Window, groups: Groups
) -> tuple[Introduced, Nodes]:
    """Introductions are put together while the database looks for who belongs where."""
    sent = fetch_parties(cx, network_id, window)
    with ThreadPoolExecutor(1) as aside:
        put = aside.submit(_put_together, sent, groups)
        found = load_belonging(cx, network_id, groups.shares, window)
    graph, placed, nodes = put.result()
    return Introduced(graph, Made(*placed, *belong(nodes, *found), graph.shares)), nodes


def _put_together(sent: Sent, groups: Groups) -> tuple[Graph, tuple[Ints, Ints, Ints], Nodes]:
    """The graph, its ties with where they were made, and its nodes."""
    rows = put_together(sent)
    parties, place = number_parties(rows.code)
    nodes = number_nodes(parties, groups.standing)
    graph = build_graph(fold(rows.introduction, place), parties, groups.shares, groups.standing)
    return graph, place_ties(rows.introduction, nodes.of_party[place], rows.space), nodes


def load_given(cx: Connection, network_id: UUID, asked: dict[str, Any], groups: Groups) -> Given:
    """All flows of the resource in the window, whatever their unit: a direction counts once."""
    found = load_flows(cx, network_id, Window.of(asked), asked["resource"])
    giver, taker, times = (
        np.concatenate([np.empty(0, np.int64), *(getattr(one, name) for one in found)])
        for name in ("giver", "taker", "times")
    )
    arcs = gather(len(groups.shares), giver, taker, np.ones(len(giver)))
    return Given(arcs, int(times.sum()), groups)
