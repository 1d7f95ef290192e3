"""Routes: making, listing and taking back links to reports; who took a report when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec
from flask import current_app

from api.core.acting import acting
from api.core.cursor import seal, unseal
from api.core.documentation import IDEMPOTENCY_KEY
from api.core.once import Asked, RepeatedError, enter, op_id_of, require_first
from api.core.web import Blueprint, answer
from api.reports import shelf
from api.reports.schema import PageQuery
from api.reports.story_page import public

from . import links, pulls, schema

if TYPE_CHECKING:
    from flask import Response

blueprint = Blueprint(
    "links",
    __name__,
    url_prefix="/api/v1/networks/<uuid:network_id>/reports",
    description="How people outside come by a report, and what the groups hear of it.",
)


@blueprint.post("/<uuid:report_id>/links")
@blueprint.arguments(schema.LinkOrderSchema, example=schema.ASKED)
@blueprint.response(201, schema.MadeLinkSchema, example=schema.MADE)
@blueprint.alt_response(404, description="No such report.")
@blueprint.alt_response(
    200, schema=schema.MadeLinkSchema, description="Made before, by a request of the same key."
)
@blueprint.alt_response(409, description="Not released, or that key was used for something else.")
@blueprint.alt_response(410, description="Withdrawn.")
@blueprint.doc(parameters=[IDEMPOTENCY_KEY])
def make_link(values: dict[str, Any], network_id: UUID, report_id: UUID) -> Response:
    """Make an address that opens this report, or its series, to whoever holds it.

    `token` and `url` are shown this once; only a hash of them is kept. So the same request with
    the same `Idempotency-Key` makes no second link, and cannot say the address again: both null.
    """
    wish = links.Wish(
        report_id, values["covers"], values["label"], schema.last_day(values["expires_on"])
    )
    content = msgspec.json.encode((report_id, values))
    try:
        with acting(network_id, writing=True) as (cx, actor):
            actor.require_role(*shelf.KEEPERS)
            op_id = op_id_of(actor)
            asked = Asked(op_id, "report-links", content) if op_id else None
            require_first(cx, actor, asked)
            made, token = links.add_link(cx, actor, wish)
            enter(cx, actor, asked, made["id"])
    except RepeatedError as earlier:
        with acting(network_id) as (cx, actor):
            actor.require_role(*shelf.KEEPERS)
            (made,) = links.links(cx, actor, link_id=earlier.made)
        return _made(made | {"token": None, "url": None}, 200)
    return _made(made | {"token": token, "url": public(f"/r/{token}")}, 201)


@blueprint.get("/<uuid:report_id>/links")
@blueprint.response(200, schema.LinksSchema, example={"items": [schema.LINK]})
def list_links_of_report(network_id: UUID, report_id: UUID) -> Response:
    """The links made for this report, newest first; for coordinators and admins."""
    return _listed(network_id, report_id)


@blueprint.get("/links")
@blueprint.response(200, schema.LinksSchema, example={"items": [schema.LINK]})
def list_links(network_id: UUID) -> Response:
    """All links to reports of this network, newest first; for coordinators and admins."""
    return _listed(network_id, None)


@blueprint.delete("/links/<uuid:link_id>")
@blueprint.response(204)
def revoke_link(network_id: UUID, link_id: UUID) -> None:
    """Take a link back: from now on it opens nothing."""
    with acting(network_id, writing=True) as (cx, actor):
        actor.require_role(*shelf.KEEPERS)
        links.revoke_link(cx, actor, link_id)


@blueprint.get("/<uuid:report_id>/pulls")
@blueprint.arguments(PageQuery, location="query")
@blueprint.response(200, schema.PullsSchema, example={"items": [schema.PULL], "next": None})
@blueprint.alt_response(404, description="No such report, or not yet for your eyes.")
def list_pulls(asked: dict[str, Any], network_id: UUID, report_id: UUID) -> Response:
    """Who outside took this report, when and in which form, newest first, in plain words.

    For everybody in the network but funders. A link is known by its label, a funder's account by
    its member id; nothing else is kept of them.
    """
    secret, limit = current_app.extensions["settings"].secret, asked["limit"]
    before = None
    if "cursor" in asked:
        before = unseal("pulls", asked["cursor"], secret, pulls.Place)
    with acting(network_id) as (cx, actor):
        actor.require_role("connector", *shelf.KEEPERS)
        language = shelf.entry_of(cx, actor, report_id)["language"]
        found = pulls.pulls(cx, actor, report_id, limit + 1, before)
    items = [pull | {"sentence": pulls.in_words(pull, language)} for pull in found[:limit]]
    last = items[-1] if len(found) > limit else None
    place = last and [last["pulled_at"], last["reader_id"], last["form"]]
    following = seal("pulls", place, secret) if place else None
    return answer(msgspec.json.encode({"items": items, "next": following}))


def _made(link: dict[str, Any], status: int) -> Response:
    said = answer(msgspec.json.encode(link), status)
    said.headers["Cache-Control"] = "no-store"
    return said


def _listed(network_id: UUID, report_id: UUID | None) -> Response:
    with acting(network_id) as (cx, actor):
        actor.require_role(*shelf.KEEPERS)
        if report_id:
            shelf.entry_of(cx, actor, report_id)
        found = links.links(cx, actor, report_id=report_id)
    return answer(msgspec.json.encode({"items": found}))
