"""Standing: between whom each node is, and what else there is to tell of it."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

import numpy as np

from api.analysis.measures.betweenness import betweenness, pairs_of_others
from api.analysis.measures.holes import Holes, find_holes
from api.analysis.measures.mixing import participation
from api.analysis.measures.paths import MOST_PATHS, Links, both_ways, shortened
from api.analysis.measures.roles import hold_roles, open_ways, roles_at_random, tabulate
from api.analysis.measures.ties import NOBODY, Ties, keep_known, pair_up
from api.core.kept import Kept

if TYPE_CHECKING:
    from api.analysis.measures.nulls import Ask, Chances
    from api.analysis.measures.ties import Floats, Ints, Known

    from .load import Material, Tied

WALKED: Kept[Floats] = Kept(8)  # betweenness of the graphs last walked through
MOST_GROUPS = 300  # of which every one is told at once

TOO_MANY = f"More than {MOST_GROUPS} groups have ties: name one of them as `group`."
QUIET = "This group has no tie in this window."
TOO_DENSE = "There are too many ways of two steps to go through: ask for a shorter window."
TOO_OFTEN = "So many ties are not dealt out so often: ask for fewer draws or a shorter window."
IN_SEVERAL = "Some are in several sections of this boundary, for which there is no formula."


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of the nodes of known side, (nodes, …); None where `reasons` says why.

    `table`: as from `tabulate`; `chances`: the same against chance; `at_random`: mean and standard
    deviation of roles; `through`: betweenness, of all it could be, not a number where that is
    nothing; `spread`: participation.
    """

    is_directed: bool
    table: Floats | None
    chances: Chances | None
    at_random: tuple[Floats, Floats] | None
    through: Floats | None
    spread: list[float | None]
    reasons: dict[str, str]


@dataclass(frozen=True, slots=True)
class Listed:
    """Nodes that are groups with a tie, in the order of ids; those `told` of; (nodes,) ties."""

    tied: Ints
    told: Ints
    degree: Ints


def without_direction(tied: Tied) -> Ties:
    """Each two nodes that are tied either way, once."""
    if not tied.is_directed:
        return tied.ties
    pairs = np.stack([tied.ties.a, tied.ties.b], axis=1)
    return pair_up([pairs], np.arange(tied.ties.n), tied.ties.n)


def arcs_of(tied: Tied, known: Known) -> Links:
    """The ties of known sides as arcs."""
    n = len(known.shares)
    if tied.is_directed:
        return Links(n, known.a, known.b, is_directed=True)
    return both_ways(n, known.a, known.b)


def stand(tied: Tied, known: Known, ask: Ask, *, is_walked: bool) -> Standing:
    """Roles and what else knows of the boundary; betweenness where `is_walked`."""
    arcs, reasons = arcs_of(tied, known), {}
    table, chances = None, None
    if arcs.steps > MOST_PATHS:
        reasons["together"] = TOO_DENSE
    else:
        ways = open_ways(arcs)
        table, chances = tabulate(ways, known.shares), hold_roles(ways, known, ask)
        if chances is None:
            reasons["together.expected"] = TOO_OFTEN
    through = _walk(arcs, known.shares) if is_walked else None
    at_random, spread = roles_at_random(arcs, known.shares), _spread(tied, known)
    if at_random is None:
        reasons["expected_at_random"] = reasons["z_at_random"] = IN_SEVERAL
    return Standing(tied.is_directed, table, chances, at_random, through, spread, reasons)


def _walk(arcs: Links, shares: Floats) -> Floats:
    """Betweenness, of all it could be; worked out once for who asks of group after group."""
    seen = (arcs.tail, arcs.head, shares)
    key = blake2b(b"".join(np.ascontiguousarray(each).tobytes() for each in seen)).digest()
    found = WALKED.find((arcs.is_directed, key))
    if found is None:
        found = WALKED.keep((arcs.is_directed, key), betweenness(arcs, shares))
    pairs = pairs_of_others(arcs.n, shares) * (2 if arcs.is_directed else 1)
    part: Floats = np.divide(found, pairs, out=np.full(arcs.n, np.nan), where=pairs > 0)
    return part


def _spread(tied: Tied, known: Known) -> list[float | None]:
    """Participation; of flows whoever gave or took is a contact, once."""
    if not tied.is_directed:
        return participation(known)
    return participation(keep_known(without_direction(tied), tied.shares))


def open_among(ties: Ties) -> Holes | None:
    """Constraint and effective size know no boundary: all ties count, whatever is known."""
    arcs = both_ways(ties.n, ties.a, ties.b)
    return None if arcs.steps > MOST_PATHS else find_holes(ties, shortened(arcs))


def list_groups(asked: dict[str, Any], material: Material, ties: Ties) -> Listed:
    """Groups with ties, and those of them to tell of: one, or all unless they are too many."""
    group = material.tied.group
    degree = np.bincount(np.concatenate([ties.a, ties.b]), minlength=ties.n)
    tied = np.flatnonzero((degree > 0) & (group != NOBODY))
    if asked["group"]:
        wanted = material.groups.ids.index(asked["group"])
        return Listed(tied, tied[group[tied] == wanted], degree)
    return Listed(tied, tied if len(tied) <= MOST_GROUPS else tied[:0], degree)
