"""Waiting: which betweenness is worked out, and whether a request may be held for all of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from api.analysis.measures.betweenness import BATCH, depth_of
from api.analysis.measures.crossing import find_too_little
from api.analysis.measures.paths import MOST_PATHS
from api.analysis.measures.roles import MOST_DEALT, size_of_deals
from api.analysis.measures.ties import keep_known

from .schema import EXACT, NONE
from .standing import arcs_of, list_groups, without_direction

if TYPE_CHECKING:
    from api.analysis.measures.paths import Links
    from api.analysis.measures.ties import Known

    from .load import Material

MOST_NODES = 20_000  # groups and persons with ties: up to so many betweenness need not be asked for
MOST_HELD = 4.0  # seconds that a request may take; what takes longer is left to a worker
WALK, STEP = 1e-8, 3e-4  # seconds for an arc from one beginning; for each step from `BATCH` of them
DEAL = 3e-8  # seconds for a way or an arc in one draw

TOO_BIG = (
    f"More than {MOST_NODES:,} groups and persons have ties. Ask with betweenness=exact: a worker"
    " does it, and the 202 says where the answer will be."
)
UNWANTED = "It was asked for without: betweenness=none."


def why_not_walked(asked: dict[str, Any], known: Known) -> str | None:
    """Why there is no betweenness; None where there is."""
    if asked["betweenness"] == NONE:
        return UNWANTED
    is_big = _walkers(known) > MOST_NODES and asked["betweenness"] != EXACT
    return TOO_BIG if is_big else None


def takes_long(asked: dict[str, Any], material: Material) -> bool:
    """Whether it is likely to take longer than a request may be held."""
    tied = material.tied
    known = keep_known(tied.ties, tied.shares)
    if find_too_little(known):
        return False
    arcs, seconds = arcs_of(tied, known), 0.0
    is_told = len(list_groups(asked, material, without_direction(tied)).told) > 0
    if is_told and not why_not_walked(asked, known):
        seconds = _walkers(known) * len(arcs.tail) * WALK
        if seconds <= MOST_HELD:
            seconds += _walkers(known) / BATCH * depth_of(arcs) * STEP
    return seconds > MOST_HELD or seconds + _dealing(asked, arcs, known) > MOST_HELD


def _walkers(known: Known) -> int:
    return int((known.degrees > 0).sum())


def _dealing(asked: dict[str, Any], arcs: Links, known: Known) -> float:
    """Seconds for dealing the sections out anew; none where that is not done."""
    if arcs.steps > MOST_PATHS:
        return 0.0
    size = size_of_deals(len(arcs.tail) + arcs.shortened, known.shares, asked["draws"])
    return size * DEAL if size <= MOST_DEALT else 0.0
