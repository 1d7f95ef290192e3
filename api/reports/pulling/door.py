"""Door: the addresses that a link opens, for people and for machines, without signing in."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec
from flask import request, url_for

from api.core.problems import Problem
from api.core.web import JSON, PROBLEM_JSON, Blueprint, answer, of_problem
from api.reports import html
from api.reports.formats import FORMATS, described, require_format, serve
from api.reports.schema import EntrySchema, StorySchema
from api.reports.story import DOCS, tell
from api.reports.story_page import Ways, asked_for, public, say
from api.words import LANGUAGES

from . import links, pulls

if TYPE_CHECKING:
    from flask import Response

    from api.reports.shelved import Shelved

CLOSED = ("link_closed", "too_many_requests")

blueprint = Blueprint(
    "door", __name__, url_prefix="/r", description="Reports opened by a link, without signing in."
)


@blueprint.after_request
def tell_nobody(response: Response) -> Response:
    """Whoever holds the address can read: no cache, no search engine, no other site hears of it."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


@blueprint.errorhandler(Problem)
def say_closed(problem: Problem) -> Response:
    """A closed link is a page for people and a problem for machines."""
    wanted = request.accept_mimetypes.best_match([PROBLEM_JSON, html.MEDIA])
    if problem.code not in CLOSED or wanted != html.MEDIA:
        return of_problem(problem)
    language = request.accept_languages.best_match(LANGUAGES) or "en"
    page = html.render_closed(language, problem.code).encode()
    response = answer(page, problem.status, media=html.MEDIA)
    response.headers.update(html.headers())
    if wait := problem.more.get("retry_after"):
        response.headers["Retry-After"] = str(wait)
    return response


@blueprint.get("/<name>")
@blueprint.doc(security=[], responses=described("The report, or the newest of its series."))
def open_link(name: str) -> Response:
    """What a link opens, as a page; with an ending such as `.json` or `.pdf` in that form.

    A link to a series opens the newest report of it. Who accepts JSON alone gets JSON.
    """
    token, _, form = name.partition(".")
    preferred = request.accept_mimetypes.best_match([html.MEDIA, JSON])
    return _opened(token, form or ("json" if preferred == JSON else "html"), None)


@blueprint.get("/<token>/reports")
@blueprint.response(200, EntrySchema(many=True), description="The newest period first.")
@blueprint.doc(security=[])
def list_reports(token: str) -> Response:
    """The reports that a link opens."""
    with links.opening(token) as (cx, link):
        return answer(msgspec.json.encode(links.opened(cx, link)))


@blueprint.get("/<token>/<uuid:report_id>.<form>")
@blueprint.doc(security=[], responses=described("One report that the link opens."))
def open_one(token: str, report_id: UUID, form: str) -> Response:
    """One report of those that a link opens, in one form."""
    return _opened(token, form, report_id)


@blueprint.get("/<token>/<uuid:report_id>/figures/<figure_id>")
@blueprint.response(
    200, StorySchema, description="A page for browsers, or with `.html` at the end."
)
@blueprint.doc(security=[])
def tell_figure(token: str, report_id: UUID, figure_id: str) -> Response:
    """How one figure was made: definition, counts as the report shows them, chance, version."""
    key, is_page = asked_for(figure_id)
    with links.opening(token) as (cx, link):
        found = links.newest(cx, link, report_id)
        story = tell(found, key)
    pulls.note(pulls.through(link), [report_id], "figure")
    back = public(_address(token, report_id, "html"))
    return say(found, story, Ways(back, public(DOCS)) if is_page else None)


def _opened(token: str, form: str, report_id: UUID | None) -> Response:
    with links.opening(token) as (cx, link):
        require_format(form)
        found = links.newest(cx, link, report_id)
        entries = links.opened(cx, link)
    pulls.note(pulls.through(link), [found.id], form)
    return serve(_with_ways(found, token, entries), form)


def _with_ways(found: Shelved, token: str, entries: list[dict[str, Any]]) -> Shelved:
    """The report with the ways to its other forms and to the others of its series."""
    forms = tuple((form, _address(token, found.id, form)) for form in FORMATS if form != "html")
    others = tuple(
        (entry["period"], _address(token, entry["id"], "html"))
        for entry in entries
        if entry["id"] != found.id
    )
    stories = public(url_for("door.tell_figure", token=token, report_id=found.id, figure_id=""))
    return replace(found, around=replace(found.around, forms=forms, others=others, stories=stories))


def _address(token: str, report_id: UUID, form: str) -> str:
    return url_for("door.open_one", token=token, report_id=report_id, form=form)
