"""Answer: brokerage as the wire says it: rounded, and null where there is no figure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from api.analysis.crossing.answer import present_chance
from api.analysis.measures import brokers
from api.analysis.measures.change import adjust
from api.analysis.measures.nulls import SLACK
from api.analysis.measures.roles import ACROSS, ROLES
from api.analysis.rounding import chance, figure, read

if TYPE_CHECKING:
    from uuid import UUID

    from api.analysis.measures.brokers import Realised
    from api.analysis.measures.holes import Holes
    from api.analysis.measures.nulls import Ask, Chance, Chances
    from api.analysis.measures.ties import Ints

    from .load import Holding, Material
    from .standing import Listed, Standing

UNPLACED = -1
LEAST_KNOWN = 10  # introductions of known sides before their share says anything
LEAST_TOLD = 6  # connectors below which how even the parts are tells one of another's

UNKNOWN_SIDE = "On which side this group is, is not known."
NO_CONNECTOR = "Nobody brings a flow about: this is told of introductions alone."
NOTHING_MADE = "There are no introductions in this window."
TOO_FEW_KNOWN = f"Of fewer than {LEAST_KNOWN} introductions all sides are known."
NOTHING_CROSSES = "No introduction of known sides crosses."
TOO_TELLING = f"With fewer than {LEAST_TOLD} connectors this would tell of another's figures."
TOO_FEW_CONNECTORS = (
    f"Fewer than {brokers.LEAST_BROKERS} connectors, or 20 introductions of known sides."
)
NO_SPREAD = "Dealing the sections out anew changes nothing."
NAMES = ("expected", "excess", "z", "p")


def present_realised(material: Material, ask: Ask, viewer: UUID | None) -> dict[str, Any]:
    """What introductions crossed, of all and of each connector; with `chances` and `reasons`."""
    holding = material.holding
    if holding is None:
        named = dict.fromkeys(("introductions", "share", *NAMES, "interval", "concentration"))
        return {**named, "connectors": [], "chances": None, "reasons": {"share": NO_CONNECTOR}}
    found = brokers.realise(holding.brought, holding.shares)
    chances = brokers.hold_realised(holding.brought, holding.shares, ask)
    reason = _too_little(found, -1)
    whole = None if reason or chances is None else _part_of(chances, -1, int(found.known[-1]))
    each = None if reason else brokers.interval(found)
    reasons = {"share": reason} if reason else {}
    if whole and whole.z is None:
        reasons["z"] = NO_SPREAD
    if each is None and not reason:
        reasons["interval"] = TOO_FEW_CONNECTORS
    said = {name: read(each, name) for name in ("low", "high", "error")}
    return {
        "introductions": _tally(found, -1),
        "share": None if reason else figure(found.share),
        **{name: read(whole, name) for name in NAMES},
        "interval": each and {**said, "method": each.method},
        "concentration": _concentration(found, viewer),
        "connectors": _connectors(holding, found, chances, viewer),
        "chances": chances,
        "reasons": reasons,
    }


def _too_little(found: Realised, place: int) -> str | None:
    if not found.total[place]:
        return NOTHING_MADE
    return TOO_FEW_KNOWN if found.known[place] < LEAST_KNOWN else None


def _tally(found: Realised, place: int) -> dict[str, int]:
    return {name: int(getattr(found, name)[place]) for name in ("total", "known", "crossing")}


def _part_of(chances: Chances, place: int, known: int) -> Chance:
    """A share, of how many cross."""
    return chances.at(place).over(known)


def _concentration(found: Realised, viewer: UUID | None) -> dict[str, Any]:
    each = brokers.concentrate(found.crossing[:-1])
    reason = None if each.brokers else NOTHING_CROSSES
    if viewer and 0 < each.brokers < LEAST_TOLD:
        reason, each = TOO_TELLING, brokers.Concentration(each.brokers)
    return {
        "connectors": each.brokers,
        "hhi": figure(each.hhi),
        "effective": figure(each.effective),
        "top_share": None if viewer else figure(each.top),
        "reason": reason,
    }


def _connectors(
    holding: Holding, found: Realised, chances: Chances | None, viewer: UUID | None
) -> list[dict[str, Any]]:
    places = np.flatnonzero(found.total[:-1]).tolist()
    reasons = [_too_little(found, place) for place in places]
    held = [
        _part_of(chances, place, int(found.known[place])) if chances and not reason else None
        for place, reason in zip(places, reasons, strict=True)
    ]
    adjusted = adjust([read(each, "p") for each in held])
    return [
        {
            "connector_id": holding.members[place],
            "introductions": _tally(found, place),
            **present_chance(each),
            "p_adjusted": chance(p),
            "reason": reason,
        }
        for place, reason, each, p in zip(places, reasons, held, adjusted, strict=True)
        if viewer in (None, holding.members[place])
    ]


def present_together(standing: Standing | None) -> dict[str, Any] | None:
    """All nodes together."""
    if standing is None or standing.table is None:
        return None
    chances = standing.chances
    return {
        "draws": chances.draws if chances else 0,
        "is_exact": bool(chances and chances.is_exact),
        "between": _between(standing, -1),
        "across": _chance(standing, (-1, ACROSS)),
        "roles": {name: _chance(standing, (-1, at)) for at, name in enumerate(ROLES)},
    }


def present_groups(
    material: Material, listed: Listed, standing: Standing | None, holes: Holes | None
) -> list[dict[str, Any]]:
    """Each group to be told of, in the order of ids; p adjusted for all that have ties."""
    shares, group = material.tied.shares, material.tied.group
    is_known = np.asarray(shares.any(axis=1))
    place = np.where(is_known, np.cumsum(is_known) - 1, UNPLACED)
    adjusted = _adjust(standing, place[listed.tied])
    return [
        {
            "group_id": material.groups.ids[group[node]],
            "name": material.names[group[node]],
            "ties": int(listed.degree[node]),
            **_of_boundary(standing, int(place[node]), adjusted.get(int(place[node]))),
            "constraint": figure(float(holes.constraint[node])) if holes else None,
            "effective_size": figure(float(holes.effective[node])) if holes else None,
            "reason": None if is_known[node] else UNKNOWN_SIDE,
        }
        for node in listed.told.tolist()
    ]


def _adjust(standing: Standing | None, places: Ints) -> dict[int, float | None]:
    """What p of pairs across is for as many groups as have ties, by place among the known."""
    if standing is None or standing.chances is None:
        return {}
    known = [each for each in places.tolist() if each != UNPLACED]
    return dict(
        zip(known, adjust([standing.chances.p[each, ACROSS] for each in known]), strict=True)
    )


def _of_boundary(standing: Standing | None, place: int, adjusted: float | None) -> dict[str, Any]:
    """What knows of the boundary; nothing of a node whose side is not known."""
    if standing is None or place == UNPLACED:
        return dict.fromkeys(("between", "across", "roles", "betweenness", "participation"))
    across = {**_chance(standing, (place, ACROSS)), "p_adjusted": chance(adjusted)}
    through = np.nan if standing.through is None else float(standing.through[place])
    is_told = standing.table is not None
    return {
        "between": _between(standing, place),
        "across": across if is_told else None,
        "roles": _roles(standing, place) if is_told else None,
        "betweenness": None if np.isnan(through) else figure(through),
        "participation": figure(standing.spread[place]),
    }


def _between(standing: Standing, place: int) -> float | None:
    """Pairs that a node stands between; in the last place, that all do."""
    if standing.table is None:
        return None
    roles = standing.table[place, : len(ROLES)]
    # without direction a representative is the gatekeeper of the same pair
    twice = 0.0 if standing.is_directed else float(roles[ROLES.index("gatekeeper")])
    return figure(float(roles.sum()) - twice)


def _chance(standing: Standing, at: tuple[int, int]) -> dict[str, Any]:
    said = present_chance(standing.chances.at(at) if standing.chances else None)
    value = None if standing.table is None else float(standing.table[at])
    return said | {"value": figure(value)}


def _roles(standing: Standing, place: int) -> dict[str, Any]:
    """Each role beside both chances."""
    return {
        name: _chance(standing, (place, at)) | _at_random(standing, (place, at))
        for at, name in enumerate(ROLES)
    }


def _at_random(standing: Standing, at: tuple[int, int]) -> dict[str, Any]:
    if standing.at_random is None or standing.table is None:
        return {"expected_at_random": None, "z_at_random": None}
    mean, spread = (float(each[at]) for each in standing.at_random)
    z = (float(standing.table[at]) - mean) / spread if spread > SLACK else None
    return {"expected_at_random": figure(mean), "z_at_random": figure(z)}
