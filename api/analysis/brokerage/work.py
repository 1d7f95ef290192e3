"""Work: what connectors realised, and between whom each group stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from api.analysis.analysis import VIEWER
from api.analysis.loading.boundaries import Window
from api.analysis.measures.crossing import find_too_little
from api.analysis.measures.nulls import Ask
from api.analysis.measures.ties import keep_known

from .answer import present_groups, present_realised, present_together
from .standing import QUIET, TOO_DENSE, TOO_MANY, list_groups, open_among, stand, without_direction
from .waiting import why_not_walked

if TYPE_CHECKING:
    from .load import Material


def work_out(asked: dict[str, Any], material: Material) -> dict[str, Any]:
    """All figures of the question."""
    ask = Ask(asked["null"], asked["draws"], asked["seed"])
    tied = material.tied
    known, ties = keep_known(tied.ties, tied.shares), without_direction(tied)
    too_little = find_too_little(known)
    listed, holes = list_groups(asked, material, ties), open_among(ties)
    is_told, why_not = len(listed.told) > 0, why_not_walked(asked, known)
    is_walked = is_told and not why_not
    standing = None if too_little else stand(tied, known, ask, is_walked=is_walked)
    realised = present_realised(material, ask, asked[VIEWER])
    reasons = {**realised.pop("reasons"), **(standing.reasons if standing else {})}
    if standing and why_not:
        reasons["betweenness"] = why_not
    if too_little:
        reasons |= dict.fromkeys(("together", "groups"), too_little)
    if holes is None:
        reasons["constraint"] = reasons["effective_size"] = TOO_DENSE
    if not asked["group"] and len(listed.told) < len(listed.tied):
        reasons["groups"] = TOO_MANY
    if asked["group"] and not is_told:
        reasons["groups"] = QUIET
    chances = realised.pop("chances") or (standing and standing.chances)
    return {
        "window": Window.of(asked).named,
        "boundary": material.boundary.named,
        **{name: asked[name] for name in ("layer", "resource", "null", "seed")},
        "draws": chances.draws if chances else 0,
        "is_exact": bool(chances and chances.is_exact),
        "coverage": {"known": len(known.a), "total": known.total},
        **realised,
        "together": present_together(standing),
        "groups": present_groups(material, listed, standing, holes),
        "reason": reasons.get("share"),
        "reasons": reasons,
    }
