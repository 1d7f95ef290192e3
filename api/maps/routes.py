"""Routes of maps: for the people of the network; funders read reports."""

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
from .geojson import Asked, read_spaces

if TYPE_CHECKING:
    from flask import Response

READERS = ("connector", "coordinator", "admin")
GEOJSON = "application/geo+json"

blueprint = Blueprint(
    "maps",
    __name__,
    url_prefix="/api/v1/networks/<uuid:network_id>/maps",
    description="Spaces on a map. A space marked `never_map` is in none.",
)


@blueprint.route("/spaces.geojson")
@blueprint.arguments(schema.SpacesQuery, location="query")
@blueprint.response(
    200,
    schema.SpaceMapSchema,
    content_type=GEOJSON,
    example=schema.EXAMPLE,
    headers={"ETag": {"schema": {"type": "string"}, "description": "This state, so asked."}},
)
@blueprint.doc(
    operationId="map_spaces",
    parameters=[docs.IF_NONE_MATCH],
    responses={
        "304": {"description": "You hold the present state."},
        "404": docs.problem("There is no such boundary here."),
        "422": docs.problem("A parameter to mend, named."),
    }
    | {str(status): docs.problem(sentence) for status, sentence in docs.EVERYWHERE.items()},
)
def map_spaces(asked: dict[str, Any], network_id: UUID) -> Response:
    """Active spaces as GeoJSON, each with what happened there."""
    question = msgspec.json.encode(asked, order="sorted")
    with acting(network_id) as (cx, actor):
        actor.require_role(*READERS)
        digest = blake2b(question, digest_size=8).hexdigest()
        etag = f'W/"{revision_of(cx, network_id)}-{digest}"'
        require_changed(etag)
        which = Asked(asked["bbox"], asked["from"], asked["to"], asked["boundary"])
        body = read_spaces(cx, network_id, which)
    return answer(body, etag=etag, media=GEOJSON)
