"""Load: who brought which groups together, and the ties that makes; or who gave to whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from api.analysis.crossing.load import load_given
from api.analysis.loading.boundaries import Window, load_boundary, load_groups, load_names
from api.analysis.loading.introductions import (
    load_holders,
    load_parties,
    number_parties,
    parties_of,
)
from api.analysis.measures.brokers import Brought
from api.analysis.measures.ties import (
    NOBODY,
    Ties,
    fold,
    fold_numbered,
    number_nodes,
    pair_up,
    shares_of_nodes,
)
from api.core.problems import Problem

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy import Connection

    from api.analysis.loading.boundaries import Boundary, Groups
    from api.analysis.loading.introductions import Rows
    from api.analysis.measures.ties import Floats, Ints

NO_GROUP = "There is no such group in this network."


@dataclass(frozen=True, slots=True)
class Tied:
    """Ties among nodes with their `shares` (nodes, sections), arcs where `is_directed`.

    `group` (nodes,): the number of each group, `NOBODY` for a person.
    """

    ties: Ties
    shares: Floats
    group: Ints
    is_directed: bool


@dataclass(frozen=True, slots=True)
class Holding:
    """Introductions by the members who made them, and the `shares` of the groups in them."""

    brought: Brought
    shares: Floats
    members: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class Material:
    """What brokerage rests on; of flows nobody brought anything about."""

    boundary: Boundary
    groups: Groups
    names: tuple[str, ...]
    tied: Tied
    holding: Holding | None


def load(cx: Connection, network_id: UUID, asked: dict[str, Any]) -> Material:
    """What brokerage rests on; `not_found` for a boundary or group that is not here."""
    boundary, window = load_boundary(cx, network_id, asked["boundary"]), Window.of(asked)
    groups = load_groups(cx, network_id, boundary, window)
    names = load_names(cx, network_id)
    if asked["group"] and not dict(zip(groups.ids, names, strict=True)).get(asked["group"]):
        raise Problem("not_found", NO_GROUP, fields={"group": [NO_GROUP]})
    if asked["layer"] == "flows":
        arcs = load_given(cx, network_id, asked, groups).arcs
        here = np.union1d(groups.standing, np.concatenate([arcs.giver, arcs.taker]))
        giver, taker = (np.searchsorted(here, each) for each in (arcs.giver, arcs.taker))
        ties = Ties(len(here), giver, taker, np.ones(len(giver), np.int64))
        tied = Tied(ties, groups.shares[here], here, is_directed=True)
        return Material(boundary, groups, names, tied, None)
    rows = load_parties(cx, network_id, window)
    tied = _tie(rows, groups)
    held = load_holders(cx, network_id, window)
    return Material(boundary, groups, names, tied, _hold(rows, groups, *held))


def _tie(rows: Rows, groups: Groups) -> Tied:
    """Nodes and ties, as crossing has them."""
    parties, place = number_parties(rows.code)
    nodes = number_nodes(parties, groups.standing)
    group = np.full(nodes.n, NOBODY)
    group[nodes.node] = nodes.group
    group[nodes.n - nodes.persons :] = NOBODY
    return Tied(
        pair_up(fold(rows.introduction, place), nodes.of_party, nodes.n),
        shares_of_nodes(groups.shares, nodes.group, nodes.node, nodes.n),
        group,
        is_directed=False,
    )


def _hold(rows: Rows, groups: Groups, members: tuple[UUID, ...], holder: Ints) -> Holding:
    """Introductions by their groups alone; `holder` of each, in the order of their numbers."""
    group = parties_of(rows.code).group
    here = np.union1d(groups.standing, group)
    batches = fold_numbered(rows.introduction, np.searchsorted(here, group))
    brought = Brought(
        [batch for _, batch in batches], [holder[number] for number, _ in batches], len(members)
    )
    return Holding(brought, groups.shares[here], members)
