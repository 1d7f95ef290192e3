"""Telling: the address of each figure's own story, for members of the network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from flask import current_app

from api.core.acting import acting
from api.core.cursor import seal, unseal
from api.core.kept import Kept
from api.core.web import Blueprint, next_link

from . import schema, shelf
from .inputs import inputs_of
from .pulling.pulls import note_account
from .story import DOCS, Behind, Shown, behind_of, find_figure, tell
from .story_page import Ways, asked_for, public, say

if TYPE_CHECKING:
    from flask import Response
    from sqlalchemy import Connection

    from api.core.actor import Actor

    from .shelved import Shelved

_BEHIND: Kept[Behind] = Kept(most=4)  # of a million records each takes up to 32 MB

LIST = "/start#report"  # the screen of reports: a browser has no token but there

blueprint = Blueprint(
    "figures",
    __name__,
    url_prefix="/api/v1/networks/<uuid:network_id>/reports",
    description="How each figure of a report was made.",
)


@blueprint.get("/<uuid:report_id>/figures/<figure_id>")
@blueprint.arguments(schema.StoryQuery, location="query")
@blueprint.response(200, schema.StorySchema, example=schema.STORY)
@blueprint.alt_response(400, description="A cursor that was not made here.")
@blueprint.alt_response(404, description="No such report or figure, or not yet for your eyes.")
def read_figure(
    asked: dict[str, Any], network_id: UUID, report_id: UUID, figure_id: str
) -> Response:
    """How one figure was made: its definition, what was counted, chance, seed and version.

    Coordinators and admins get the ids of the records behind it, as they were when it was frozen;
    others the counts as the report shows them. With `.html` at the end, or to whoever prefers
    HTML, it is a page.
    """
    key, is_page = asked_for(figure_id)
    secret = current_app.extensions["settings"].secret
    after = unseal("figure", asked["cursor"], secret, UUID) if "cursor" in asked else None
    with acting(network_id) as (cx, actor):
        found = shelf.take(cx, actor, report_id)
        behind = _behind(cx, actor, found, key) if actor.role in shelf.KEEPERS else None
    story = tell(found, key, Shown(behind, asked["limit"], after) if behind else None)
    note_account(actor, report_id, "figure")
    cursor = _sealed(story, secret)
    here = stories_of(report_id) + key
    more = cursor and f"{here}/{cursor}"
    ways = Ways(public(LIST), public(DOCS), more, came=after is not None, to="reports")
    response = say(found, story, ways if is_page else None)
    if cursor:
        response.headers["Link"] = next_link(cursor)
    return response


def stories_of(report_id: UUID) -> str:
    """What the addresses of a report's stories begin with, for who signs in: in the client."""
    return public(f"{LIST}/{report_id}/")


def _sealed(story: dict[str, Any], secret: str) -> str:
    """The cursor of the page after this one, which the story then has; empty at the end."""
    records = story["records"]
    if records is None or records["next"] is None:
        return ""
    cursor = records["next"] = seal("figure", records["next"], secret)
    return cursor


def _behind(cx: Connection, actor: Actor, found: Shelved, figure_id: str) -> Behind | None:
    """The records behind a figure; page after page is read of what was looked up once."""
    key = actor.network_id, found.id, figure_id
    if kept := _BEHIND.find(key):
        return kept
    find_figure(found.content(), figure_id)  # or nothing is unpacked for it
    inputs = inputs_of(cx, actor, found.id)
    return _BEHIND.keep(key, behind_of(found, figure_id, inputs)) if inputs else None
