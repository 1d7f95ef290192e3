"""Rules: how strictly a network hides counts from readers outside; they only ever tighten."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from api.core.driver import raw
from api.core.problems import Problem

from .disclosure import OUTSIDE, Rule

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from sqlalchemy import Connection

    from api.core.actor import Actor


def rules_of(cx: Connection, network_id: UUID) -> dict[str, Rule]:
    """The rule for readers of each kind: the network's own or ours; the public's the strictest."""
    rows = raw(cx).execute(_RULES, {"network": network_id})
    found, strictest = dict(OUTSIDE) | {name: Rule(*own) for name, *own in rows}, None
    for audience in OUTSIDE:
        found[audience] = strictest = found[audience].at_least(strictest)
    return found


def tighten(cx: Connection, actor: Actor, audience: str, rule: Rule) -> None:
    """Make a rule stricter; `validation_failed` when either number would become smaller.

    Of two at once the larger numbers stand.
    """
    present = rules_of(cx, actor.network_id)[audience]
    sizes = {
        "threshold": (rule.threshold, present.threshold),
        "rounding": (rule.base, present.base),
    }
    wrong = {
        name: [f"Rules only ever tighten: {least} or more."]
        for name, (asked, least) in sizes.items()
        if asked < least
    }
    if wrong:
        raise Problem("validation_failed", fields=wrong)
    values = {"network": actor.network_id, "audience": audience, "member": actor.member_id}
    raw(cx).execute(_TIGHTEN, values | {"threshold": rule.threshold, "rounding": rule.base})


def require_rule(cx: Connection, actor: Actor, audience: str, report_id: UUID) -> None:
    """Raise `not_safe_outside` for a report frozen under a looser rule than that of today."""
    present = rules_of(cx, actor.network_id)[audience]
    asked = {"network": actor.network_id, "id": report_id}
    row = raw(cx).execute(_FROZEN_UNDER, asked).fetchone()
    if row and Rule(*row).at_least(present) != Rule(*row):
        raise Problem("not_safe_outside", "It was frozen under a looser rule; freeze it again.")


def said(rules: Mapping[str, Rule]) -> dict[str, Any]:
    """The rules as the wire has them."""
    return {
        audience: {"threshold": rule.threshold, "rounding": rule.base}
        for audience, rule in rules.items()
    }


_RULES = "SELECT audience, threshold, rounding FROM report_rule WHERE network_id = %(network)s"

_TIGHTEN = """
INSERT INTO report_rule AS r (network_id, audience, threshold, rounding, set_by)
VALUES (%(network)s, %(audience)s, %(threshold)s, %(rounding)s, %(member)s)
ON CONFLICT (network_id, audience) DO UPDATE SET set_at = now(), set_by = excluded.set_by,
    threshold = greatest(r.threshold, excluded.threshold),
    rounding = greatest(r.rounding, excluded.rounding)
"""

_FROZEN_UNDER = """
SELECT (body::json #>> '{disclosure,threshold}')::int,
    (body::json #>> '{disclosure,rounding}')::int
FROM report WHERE network_id = %(network)s AND id = %(id)s
"""
