"""Load: who brought whom together in the window, and who was there to tell of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from api.analysis.loading.boundaries import Window, load_boundary, load_groups, load_names
from api.analysis.loading.holding import load_held, load_members
from api.core.problems import Problem

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy import Connection

    from api.analysis.loading.boundaries import Boundary, Groups
    from api.analysis.loading.holding import Held, Members

NO_GROUP = "There is no such group in this network."


@dataclass(frozen=True, slots=True)
class Material:
    """`names` (groups,): as groups are called. `until`: when the window ends, Unix time."""

    boundary: Boundary
    groups: Groups
    names: tuple[str, ...]
    held: Held
    members: Members
    until: int


def load(cx: Connection, network_id: UUID, asked: dict[str, Any]) -> Material:
    """What bridges rest on; `not_found` for a boundary or group that is not here."""
    boundary, window = load_boundary(cx, network_id, asked["boundary"]), Window.of(asked)
    groups = load_groups(cx, network_id, boundary, window)
    standing = set(np.asarray(groups.ids, dtype=object)[groups.standing].tolist())
    if asked["group"] and asked["group"] not in standing:
        raise Problem("not_found", NO_GROUP, fields={"group": [NO_GROUP]})
    return Material(
        boundary,
        groups,
        load_names(cx, network_id),
        load_held(cx, network_id, window, asked["layer"]),
        load_members(cx, network_id, window),
        _until(window),
    )


def _until(window: Window) -> int:
    now = dt.datetime.now(dt.UTC)
    end = dt.datetime.fromisoformat(window.until) if window.until else now
    return int(min(end, now).timestamp())
