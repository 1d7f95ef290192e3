"""Work: each pair, what holds it, and how little would cut it."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np

from api.analysis.crossing.answer import present_chance
from api.analysis.loading.boundaries import Window
from api.analysis.measures.bridges import Web, bridges_of_pairs, independent_bridges
from api.analysis.measures.gaps import Gaps, find_gaps
from api.analysis.measures.nulls import Ask
from api.analysis.measures.pairs import (
    STATES,
    Events,
    Watch,
    between,
    pairs_of_groups,
    pairs_of_sections,
)
from api.analysis.measures.ties import fold, keep_known, pair_up
from api.analysis.rounding import chance, figure

if TYPE_CHECKING:
    from uuid import UUID

    from api.analysis.measures.connectedness import Flags
    from api.analysis.measures.gaps import Beside
    from api.analysis.measures.pairs import Between
    from api.analysis.measures.ties import Ints

    from .load import Material

MOST_GROUPS = 300  # whose every pair is told at once
TOO_MANY = f"More than {MOST_GROUPS} groups make too many pairs: name one of them as `group`."
OF_GROUPS = "Of two groups there is no chance to hold a tie against: ask between=sections."
OF_MEETINGS = "What chance would give of meetings is told by crossing and spaces."
TOO_FEW_SECTIONS = "The boundary has fewer than two sections."


def work_out(asked: dict[str, Any], material: Material) -> dict[str, Any]:
    """All pairs of the question."""
    of_groups = asked["between"] == "groups"
    sides = _sides(material, of_groups=of_groups)
    reason = _too_much(asked, material, len(sides))
    found = [] if reason else _find(asked, material, of_groups=of_groups)
    kept = [each for each in found if asked["state"] in (None, each.state)]
    independent = _independent(asked, material, kept)
    gaps = _gaps(asked, material)
    states = Counter(each.state for each in found)
    return {
        "window": Window.of(asked).named,
        "boundary": material.boundary.named,
        "layer": asked["layer"],
        "between": asked["between"],
        **{name: asked[name] for name in ("null", "seed")},
        "draws": gaps.draws,
        "is_exact": gaps.is_exact,
        "coverage": _overall(material),
        "states": {state: states[state] for state in STATES},
        "held_alone": sum(each.holders == 1 for each in found),
        "pairs": [
            _present(each, sides, count, (asked, material))
            | {"chance": _present_chance(gaps.pairs.get((each.one, each.other)))}
            for each, count in zip(kept, independent.tolist(), strict=True)
        ],
        "reason": reason,
        "reasons": {"chance": gaps.reason} if gaps.reason else {},
    }


def _sides(material: Material, *, of_groups: bool) -> list[tuple[UUID, str]]:
    if of_groups:
        return list(zip(material.groups.ids, material.names, strict=True))
    return list(material.boundary.sections)


def _too_much(asked: dict[str, Any], material: Material, sections: int) -> str | None:
    if asked["between"] == "sections":
        return TOO_FEW_SECTIONS if sections < 2 else None  # noqa: PLR2004
    too_many = len(material.groups.standing) > MOST_GROUPS and not asked["group"]
    return TOO_MANY if too_many else None


def _find(asked: dict[str, Any], material: Material, *, of_groups: bool) -> list[Between]:
    """Every pair of groups that stand in the window, or of sections."""
    held, shares = material.held, material.groups.shares
    events = Events(held.event, held.group, held.holder, held.space, held.at)
    if of_groups:
        number = len(material.groups.ids)
        rows, seen = pairs_of_groups(events), np.bincount(events.group, minlength=number)
        watch, standing = _watch(material, np.eye(number, dtype=bool)), material.groups.standing
    else:
        declares = np.asarray(shares > 0, dtype=bool)
        rows, seen = pairs_of_sections(events, shares), declares[events.group].sum(axis=0)
        watch, standing = _watch(material, declares), np.arange(shares.shape[1])
    only = material.groups.ids.index(asked["group"]) if asked["group"] else None
    return between(events, rows, (seen, standing, only), watch, material.until)


def _watch(material: Material, belongs: Flags) -> Watch:
    """`belongs` (groups, sides): of which side a group is."""
    members = material.members
    sees = np.zeros((len(members.ids), len(material.groups.ids)), dtype=bool)
    sees[members.reach[:, 0], members.reach[:, 1]] = True
    is_watching = (members.is_connector > 0) | sees.any(axis=1)
    return Watch(members.weeks, members.logged, sees @ belongs, is_watching)


def _gaps(asked: dict[str, Any], material: Material) -> Gaps:
    """Ties between sections beside chance; groups that are here and had none are among them."""
    if asked["between"] == "groups" or asked["layer"] == "meetings":
        return Gaps(reason=OF_GROUPS if asked["between"] == "groups" else OF_MEETINGS)
    held, groups = material.held, material.groups
    here = np.union1d(groups.standing, held.group)
    batches = fold(held.event, np.searchsorted(here, held.group))
    ties = pair_up(batches, np.arange(len(here)), len(here))
    ask = Ask(asked["null"], asked["draws"], asked["seed"])
    return find_gaps(keep_known(ties, groups.shares[here]), ask)


def _present_chance(found: Beside | None) -> dict[str, Any] | None:
    if found is None:
        return None
    said = {**present_chance(found.chance), "p_adjusted": chance(found.p_adjusted)}
    return said | {"reason": found.reason}


def _independent(asked: dict[str, Any], material: Material, kept: list[Between]) -> Ints:
    """Kappa of each pair, through connectors and persons, and spaces where these count."""
    if asked["between"] == "groups":
        pairs = np.array([[each.one, each.other] for each in kept]).reshape(-1, 2)
        return bridges_of_pairs(_web(asked, material), pairs)
    declares = material.groups.shares > 0
    web = _web(asked, material, np.asarray(declares.sum(axis=1) > 1))
    of = [np.flatnonzero(declares[:, side]).tolist() for side in range(declares.shape[1])]
    return np.array([independent_bridges(web, of[p.one], of[p.other]) for p in kept], dtype=int)


def _web(asked: dict[str, Any], material: Material, loose: Flags | None = None) -> Web:
    """Groups stand firm, but `loose` ones, which are on both sides; connectors may stop."""
    held, groups = material.held, len(material.groups.ids)
    members = len(material.members.ids)
    known = held.holder[held.event] >= 0
    one, other = [held.group[known]], [groups + held.holder[held.event][known]]
    if asked["spaces"]:
        space = held.space[held.event]
        one.append(held.group[space >= 0])
        other.append(groups + members + space[space >= 0])
    size = groups + members + int(held.space.max(initial=-1)) + 1
    is_firm = np.arange(size) < groups
    if loose is not None:
        is_firm[:groups] &= ~loose
    return Web(size, np.concatenate(one), np.concatenate(other), is_firm)


def _overall(material: Material) -> float | None:
    members = material.members
    is_connector = (members.is_connector > 0) & (members.weeks > 0)
    weeks = members.weeks[is_connector]
    logged = np.minimum(members.logged[is_connector], weeks)
    return figure(float(logged.sum() / weeks.sum())) if weeks.sum() else None


def _present(
    found: Between,
    sides: list[tuple[UUID, str]],
    independent: int,
    context: tuple[dict[str, Any], Material],
) -> dict[str, Any]:
    asked, material = context
    holder = material.members.ids[found.holder] if found.holder >= 0 else None
    return {
        "sides": [{"id": sides[n][0], "name": sides[n][1]} for n in (found.one, found.other)],
        "ties": found.ties,
        "last_at": _instant(found.last),
        "connectors": found.holders,
        "connector_id": holder if asked["viewer"] in (None, holder) else None,
        "spaces": found.spaces,
        "independent": independent,
        "coverage": figure(found.coverage),
        "state": found.state,
    }


def _instant(at: int | None) -> str | None:
    return None if at is None else dt.datetime.fromtimestamp(at, dt.UTC).isoformat()
