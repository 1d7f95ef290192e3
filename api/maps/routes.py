"""Routes of maps: for the people of the network; funders read reports."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec

from api.core import documentation as docs
from api.core.acting import acting
from api.core.actor import LOGGERS
from api.core.head import head_of
from api.core.kept import Kept
from api.core.web import Blueprint, answer, require_changed

from . import example, schema
from .asked import Asked
from .drawing import draw_ties
from .geojson import read_spaces
from .graph import draw_graph
from .load import find_ties
from .tiles import read_tile, require_tile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask import Response
    from sqlalchemy import Connection

    from .ties import Ties

GEOJSON, TILE = "application/geo+json", "application/vnd.mapbox-vector-tile"
ETAG = {"ETag": {"schema": {"type": "string"}, "description": "This state, so asked."}}

GRAPHS: Kept[bytes] = Kept(64)

blueprint = Blueprint(
    "maps",
    __name__,
    url_prefix="/api/v1/networks/<uuid:network_id>/maps",
    description="Spaces and crossing ties on a map. A space marked `never_map` is in none.",
)


def documented(operation: str, **more: Any) -> Callable[..., Any]:
    """What OpenAPI says of every map besides what it shows."""
    responses = {
        "304": {"description": "You hold the present state."},
        "404": docs.problem("There is no such boundary here."),
        "422": docs.problem("A parameter to mend, named."),
    } | {str(status): docs.problem(sentence) for status, sentence in docs.EVERYWHERE.items()}
    made: Callable[..., Any] = blueprint.doc(
        operationId=operation,
        parameters=[docs.IF_NONE_MATCH],
        responses=responses | more.pop("responses", {}),
        **more,
    )
    return made


@dataclass(frozen=True, slots=True)
class Look:
    """A snapshot of a network, where it stands, and the ETag of what is asked of it."""

    cx: Connection
    network_id: UUID
    mark: str
    etag: str

    def ties(self, asked: Asked) -> Ties:
        """The ties asked for; `not_found` for a boundary that is not here."""
        return find_ties(self.cx, self.network_id, self.mark, asked)


@contextmanager
def looking(network_id: UUID, asked: Asked) -> Iterator[Look]:
    """A snapshot for whoever may see maps, and the ETag of what is asked; 304 when they hold it.

    The ETag knows the day as well as the revision: ties lapse without anybody doing anything.
    """
    question = msgspec.json.encode((asked, asked.as_of))
    with acting(network_id) as (cx, actor):
        actor.require_role(*LOGGERS)
        mark = head_of(cx).mark
        etag = f'W/"{mark}-{blake2b(question, digest_size=8).hexdigest()}"'
        require_changed(etag)
        yield Look(cx, network_id, mark, etag)


@blueprint.route("/spaces.geojson")
@blueprint.arguments(schema.SpacesQuery, location="query")
@blueprint.response(
    200, schema.SpaceMapSchema, content_type=GEOJSON, example=example.SPACES, headers=ETAG
)
@documented("map_spaces")
def map_spaces(query: dict[str, Any], network_id: UUID) -> Response:
    """Active spaces as GeoJSON, each with what happened there."""
    asked = Asked.of(query)
    with looking(network_id, asked) as look:
        body = read_spaces(look.cx, network_id, asked)
    return answer(body, etag=look.etag, media=GEOJSON)


@blueprint.route("/ties.geojson")
@blueprint.arguments(schema.TiesQuery, location="query")
@blueprint.response(
    200, schema.TieMapSchema, content_type=GEOJSON, example=example.TIES, headers=ETAG
)
@documented("map_ties")
def map_ties(query: dict[str, Any], network_id: UUID) -> Response:
    """Ties that cross a boundary as GeoJSON: lines between the home spaces of two groups.

    Only ties whose two sides are known can be said to cross; `ties` says how many those are.
    """
    asked = Asked.of(query)
    with looking(network_id, asked) as look:
        ties = look.ties(asked)
    return answer(draw_ties(ties, asked), etag=look.etag, media=GEOJSON)


@blueprint.route("/tiles/<int:z>/<int:x>/<int:y>.mvt")
@blueprint.arguments(schema.TiesQuery, location="query")
@blueprint.response(200, {"type": "string", "format": "binary"}, content_type=TILE, headers=ETAG)
@documented(
    "map_tile",
    responses={
        "204": {"description": "Nothing is on this tile."},
        "404": docs.problem("There is no such boundary here, or no such tile."),
    },
)
def map_tile(query: dict[str, Any], network_id: UUID, z: int, x: int, y: int) -> Response:
    """A Mapbox vector tile with the layers `spaces` and `ties`.

    Both have the properties of the GeoJSON maps, lists and names of groups left out.
    """
    tile = (z, x, y)
    require_tile(tile)
    asked = Asked.of(query)
    with looking(network_id, asked) as look:
        body = read_tile(look.cx, network_id, asked, look.ties(asked), tile)
    return answer(body, 200 if body else 204, etag=look.etag, media=TILE)


@blueprint.route("/graph")
@blueprint.arguments(schema.TiesQuery, location="query")
@blueprint.response(200, schema.GraphSchema, example=example.GRAPH, headers=ETAG)
@documented("map_graph")
def map_graph(query: dict[str, Any], network_id: UUID) -> Response:
    """Groups and their ties as a picture: sections are regions, so that what crosses is seen.

    Places come from all ties of the layer, whatever the window: nobody moves when it does.
    """
    asked = Asked.of(query)
    with looking(network_id, asked) as look:
        key = (look.etag, network_id)
        body = GRAPHS.find(key)
        if body is None:
            ever, ties = look.ties(replace(asked, since=None, until=None)), look.ties(asked)
    if body is None:  # laid out when the connection has been given back
        body = GRAPHS.keep(key, draw_graph(ever, ties, asked))
    return answer(body, etag=look.etag)
