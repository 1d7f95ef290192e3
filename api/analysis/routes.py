"""Routes of analysis: figures for the people of the network; funders read reports."""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec

from api.core import documentation as docs
from api.core.acting import acting
from api.core.read import revision_of
from api.core.web import Blueprint, answer, require_changed

from . import schema
from .answer import present
from .crossing import measure
from .example import EXAMPLE
from .kept import Kept
from .load import Boundary, Window, load_boundary, load_introductions
from .nulls import Ask

if TYPE_CHECKING:
    from flask import Response

    from .ties import Graph

READERS = ("connector", "coordinator", "admin")
KEPT = Kept()

blueprint = Blueprint(
    "analysis",
    __name__,
    url_prefix="/api/v1/networks/<uuid:network_id>/analysis",
    description="What crosses a boundary, against what chance would give.",
)


@blueprint.route("/crossing")
@blueprint.arguments(schema.CrossingQuery, location="query")
@blueprint.response(
    200,
    schema.CrossingSchema,
    example=EXAMPLE,
    headers={"ETag": {"schema": {"type": "string"}, "description": "This state, so asked."}},
)
@blueprint.doc(
    operationId="read_crossing",
    parameters=[docs.IF_NONE_MATCH],
    responses={
        "304": {"description": "You hold the present state."},
        "404": docs.problem("There is no such boundary here."),
        "422": docs.problem("A parameter to mend, named."),
    }
    | {str(status): docs.problem(sentence) for status, sentence in docs.EVERYWHERE.items()},
)
def read_crossing(asked: dict[str, Any], network_id: UUID) -> Response:
    """How much crosses one boundary, and what chance would have given.

    The figures rest on ties whose both sides are known; `coverage` says how many those are. Where
    too little is known they are null and `reason` says why.
    """
    question = msgspec.json.encode(asked, order="sorted")
    with acting(network_id) as (cx, actor):
        actor.require_role(*READERS)
        revision = revision_of(cx, network_id)
        etag = f'W/"{revision}-{blake2b(question, digest_size=8).hexdigest()}"'
        require_changed(etag)
        key = (network_id, revision, question)
        body, window = KEPT.find(key), Window(asked["from"], asked["to"])
        if body is None:
            boundary = load_boundary(cx, network_id, asked["boundary"])
            graph = load_introductions(cx, network_id, boundary, window)
    if body is None:  # worked out when the connection has been given back
        body = KEPT.keep(key, _work_out(asked, window, boundary, graph))
    return answer(body, etag=etag)


def _work_out(asked: dict[str, Any], window: Window, boundary: Boundary, graph: Graph) -> bytes:
    ask = Ask(asked["null"], asked["draws"], asked["seed"])
    said = {
        "window": {"from": window.since, "to": window.until},
        "boundary": {
            "id": boundary.id,
            "name": boundary.name,
            "sections": [{"id": section, "name": name} for section, name in boundary.sections],
        },
        "layer": asked["layer"],
        **present(measure(graph, ask), ask),
    }
    for figures, (section, _) in zip(said["sections"], boundary.sections, strict=True):
        figures["section_id"] = section
    return msgspec.json.encode(said)
