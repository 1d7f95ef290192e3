"""Freeze: facts become the bytes of a report, the same for as long as anybody reads them."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields, is_dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from api.core.problems import Problem

from .chance import chance
from .chance_ties import chances_of
from .counts import tally
from .disclosure import Count, cells_of, protect
from .facts import merge_small
from .indicators import indicators
from .material import Material
from .order import METHOD_VERSION
from .summary import not_shown, summary
from .voice import Voice

if TYPE_CHECKING:
    from uuid import UUID

    from .chance import Chance
    from .facts import Boundary, Facts
    from .order import Moment, Order
    from .released import Cells
    from .sums import Tally


@dataclass(frozen=True, slots=True)
class Frozen:
    """A report that will not change: its canonical JSON and what it was made with."""

    id: UUID
    boundaries: tuple[UUID, ...]
    seed: int
    body: str
    digest: str
    cells: Cells | None = None  # what the audit of later reports needs; None inside


def freeze(id_: UUID, order: Order, facts: Facts, moment: Moment) -> Frozen:
    """Make the report: count, protect, compare with chance, say, and fix the bytes."""
    seed = seed_of(order, moment)
    rule = moment.rules.get(order.audience)
    facts = merge_small(facts) if rule else facts
    found = tally(facts)
    chances = _chances(facts, seed)
    span = order.from_on, order.to_on
    counts = _protected(found, order, moment)
    material = Material(facts, counts, chances, Voice(order.language, rule))
    made = indicators(material)
    content = _frame(order, facts, moment) | {
        "id": str(id_),
        "seed": seed,
        "disclosure": {
            "threshold": rule.threshold if rule else None,
            "rounding": rule.base if rule else None,
            "counts_not_shown": not_shown(counts),
        },
        "summary": summary(material, made),
        "indicators": [plain(indicator, material.voice) for indicator in made],
    }
    body = canonical(content)
    boundaries = tuple(boundary.id for boundary in facts.boundaries)
    cells = cells_of(found, counts, rule, span) if rule else None
    return Frozen(id_, boundaries, seed, body, sha256(body.encode()).hexdigest(), cells)


def _protected(found: Tally, order: Order, moment: Moment) -> dict[str, Count]:
    rule, span = moment.rules.get(order.audience), (order.from_on, order.to_on)
    try:
        return protect(found, rule, span, moment.earlier)
    except ValueError as error:
        raise Problem("not_safe_outside", str(error)) from error


def _chances(facts: Facts, seed: int) -> dict[str, Chance]:
    """What chance would give, by boundary (K2) and by the name of each section's counts (K4)."""
    found = {str(boundary.id): chance(facts, boundary, seed) for boundary in facts.boundaries}
    for boundary in facts.boundaries:
        found |= chances_of(facts, boundary, seed)
    return found


def seed_of(order: Order, moment: Moment) -> int:
    """The same network and period always draw the same lots, so that figures can be repeated."""
    named = f"{moment.network_id} {order.from_on} {order.to_on}"
    return int.from_bytes(sha256(named.encode()).digest()[:4])


def canonical(content: dict[str, Any]) -> str:
    """JSON with sorted keys, no spare space, no NaN: equal content gives equal bytes."""
    return json.dumps(
        content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )


def plain(value: Any, voice: Voice) -> Any:
    """Dataclasses as objects; every count with the words for it."""
    if isinstance(value, tuple):
        return [plain(inner, voice) for inner in value]
    if not is_dataclass(value):
        return value
    found = {field.name: plain(getattr(value, field.name), voice) for field in fields(value)}
    return found | {"text": voice.count(value)} if isinstance(value, Count) else found


def _frame(order: Order, facts: Facts, moment: Moment) -> dict[str, Any]:
    """What the report is about and how it was made."""
    return {
        "template": order.template,
        "method_version": METHOD_VERSION,
        "language": order.language,
        "audience": order.audience,
        "network": {"id": str(moment.network_id), "name": moment.name},
        "revision": moment.revision,
        "frozen_at": moment.at,
        "supersedes": str(order.supersedes) if order.supersedes else None,
        "period": {"from": str(order.from_on), "to": str(order.to_on)},
        "year_from": str(facts.year_from),
        "boundaries": [_boundary(boundary) for boundary in facts.boundaries],
    }


def _boundary(boundary: Boundary) -> dict[str, Any]:
    return {
        "id": str(boundary.id),
        "name": boundary.name,
        "question": boundary.question,
        "sections": [
            {"id": str(section.id), "name": section.name} for section in boundary.sections
        ],
    }
