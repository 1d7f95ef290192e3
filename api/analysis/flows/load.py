"""Load: what was delivered, kind by kind, and which side every group is on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from api.analysis.loading.boundaries import Groups, Window, load_boundary, load_groups
from api.analysis.loading.flows import load_flows

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy import Connection

    from api.analysis.loading.boundaries import Boundary
    from api.analysis.loading.flows import Flows


@dataclass(frozen=True, slots=True)
class Material:
    """What was delivered of each resource in each unit, between the groups that are here."""

    boundary: Boundary
    groups: Groups
    flows: list[Flows]


def load(cx: Connection, network_id: UUID, asked: dict[str, Any]) -> Material:
    """What flows rest on; `not_found` for a boundary that is not here."""
    boundary, window = load_boundary(cx, network_id, asked["boundary"]), Window.of(asked)
    groups = load_groups(cx, network_id, boundary, window)
    return _keep_present(
        Material(boundary, groups, load_flows(cx, network_id, window, asked["resource"]))
    )


def _keep_present(material: Material) -> Material:
    """Leave out groups that are not here and gave and took nothing: nobody could give to them."""
    groups = material.groups
    ends = [np.concatenate([each.giver, each.taker]) for each in material.flows]
    here = np.unique(np.concatenate([groups.standing, *ends]).astype(np.int64))
    ids, numbers = tuple(groups.ids[n] for n in here), np.arange(len(here))
    return Material(
        material.boundary,
        Groups(ids, groups.shares[here], numbers),
        [
            replace(
                each,
                giver=np.searchsorted(here, each.giver),
                taker=np.searchsorted(here, each.taker),
            )
            for each in material.flows
        ],
    )
