"""Follow-up routes: an answer in one call, as a phone gives it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import marshmallow as ma

from api.core import documentation as docs
from api.core import wire
from api.core.acting import acting
from api.core.problems import Problem
from api.core.read import get
from api.core.routes import URL, alteration, answer_outcome, require_done
from api.core.web import Blueprint
from api.core.write import apply

from . import FOLLOW_UPS
from .schema import FollowUpSchema

if TYPE_CHECKING:
    from uuid import UUID

    from flask import Response

ANSWER = (
    "outcome",
    "answered_by",
    "without_connector",
    "would_turn_to_again",
    "anyway",
    "asked_on",
)
EXAMPLE = {"outcome": "ongoing", "answered_by": "connector", "without_connector": True}

blueprint = Blueprint(
    "follow-up-answers",
    __name__,
    url_prefix=URL + FOLLOW_UPS.name,
    description="What became of an introduction, answered in one call.",
)


class AnswerSchema(FollowUpSchema):
    """What became of it; whatever is left out is emptied."""

    class Meta:
        """The question itself stays as it is."""

        fields = ANSWER
        unknown = ma.RAISE


@blueprint.route("/<uuid:record_id>/answer", methods=["POST"])
@blueprint.doc(
    summary="Answer a follow-up in one call",
    parameters=[docs.IDEMPOTENCY_KEY],
    responses={"404": docs.problem("Not here."), "409": docs.problem("Changed just now.")},
)
@blueprint.arguments(AnswerSchema, example=EXAMPLE)
@blueprint.response(200, wire.answered(FOLLOW_UPS))
def answer_follow_up(given: dict[str, Any], network_id: UUID, record_id: UUID) -> Response:
    """Answer, or answer anew: needs no version, because one's own latest word counts."""
    if given.get("outcome") is None:
        raise Problem("validation_failed", fields={"outcome": ["Say what became of it."]})
    with acting(network_id, locking=True) as (cx, actor):
        version, present = get(cx, actor, FOLLOW_UPS, record_id)
        change = alteration(FOLLOW_UPS, actor, present, given, base=version)
        (outcome,) = apply(cx, actor, [change])
        require_done(outcome, "conflict")
    return answer_outcome(outcome, 200)
