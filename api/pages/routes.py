"""Routes of the pages: rendered here, whole without JavaScript, and the web client as built."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from flask import Blueprint, abort, current_app, make_response, render_template, request

from api.accounts.users import find_user
from api.core.db import database
from api.core.driver import FAULTS
from api.core.web import answer, require_changed
from api.reports.html import style

from .built import read_part
from .guides import read_example, read_guide, render_line
from .reading import read_chapters

if TYPE_CHECKING:
    from flask import Response

DEMONSTRATION = "coordinator@demo.example"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' {style}; img-src 'self'{images};"
    " connect-src 'self'{basemap}; worker-src 'self'; manifest-src 'self'; base-uri 'none';"
    " form-action 'none'; frame-ancestors 'none'"
)
FOR_EVER = "public, max-age=31536000, immutable"

blueprint = Blueprint(
    "pages",
    __name__,
    template_folder="templates",
    static_folder="static",
    static_url_path="/static",
)
blueprint.add_app_template_filter(render_line, "prose")


@blueprint.after_request
def restrict(response: Response) -> Response:
    """Only what is served from here may run, look or listen.

    A report opened from the client is shown under the client's policy, so its style is named too.
    """
    fingerprint = b64encode(sha256(style().encode()).digest()).decode()
    response.headers["Content-Security-Policy"] = POLICY.format(
        style=f"'sha256-{fingerprint}'", **_basemap_sources()
    )
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@blueprint.get("/")
def home() -> str:
    """What this is, and where to go."""
    return render_template("pages/home.html", has_demonstration=_has_demonstration())


@blueprint.get("/start")
def start() -> Response:
    """The web client; every screen of it is this one page."""
    return _part("index.html") or make_response(render_template("pages/unbuilt.html"), 503)


@blueprint.get("/start/basemap.json")
def basemap() -> dict[str, str]:
    """The style of the map under our maps; empty where the operator set none."""
    return {"style": current_app.extensions["settings"].basemap_style}


@blueprint.get("/start/<path:name>")
def part(name: str) -> Response:
    """One file of the web client; those whose names are made of their content never change."""
    found = _part(name)
    if found is None:
        abort(HTTPStatus.NOT_FOUND)
    if name.startswith("assets/"):
        found.headers["Cache-Control"] = FOR_EVER
    if name == "sw.js":
        found.headers["Service-Worker-Allowed"] = "/start"
    return found


@blueprint.get("/docs/api")
def api_overview() -> str:
    """The conventions of the API, and every operation by name."""
    chapters = read_chapters(_document()).values()
    return render_template("pages/api.html", guide=read_guide("api"), chapters=chapters)


@blueprint.get("/docs/api/<name>")
def api_chapter(name: str) -> str:
    """Every operation on one subject, in full."""
    chapters = read_chapters(_document())
    if name not in chapters:
        abort(HTTPStatus.NOT_FOUND)
    return render_template("pages/chapter.html", chapter=chapters[name])


@blueprint.get("/docs", defaults={"name": ""})
@blueprint.get("/docs/<path:name>")
def guide(name: str) -> str | Response:
    """One of the Markdown files under docs/, or an example that one of them links."""
    example = read_example(name)
    if example is not None:
        return answer(example, media="text/csv", Content_Disposition="attachment")
    found = read_guide(name)
    if found is None:
        abort(HTTPStatus.NOT_FOUND)
    return render_template("pages/guide.html", guide=found)


def _basemap_sources() -> dict[str, str]:
    """What a basemap's style may bring from where it lies; nothing where there is none."""
    style = current_app.extensions["settings"].basemap_style
    where = urlsplit(style)
    is_elsewhere = bool(where.netloc)
    origin = f" {where.scheme}://{where.netloc}" if is_elsewhere else ""
    return {"basemap": origin, "images": f" blob: data:{origin}" if style else ""}


def _part(name: str) -> Response | None:
    """A built file as an answer; the header tells it from a captive portal's page."""
    found = read_part(name, request.headers.get("Accept-Encoding", ""))
    if found is None:
        return None
    require_changed(found.etag)
    response = answer(found.body, etag=found.etag, media=found.media, Weft_Part=name)
    response.headers["Cache-Control"] = "no-cache"
    response.vary.add("Accept-Encoding")
    if found.encoding:
        response.headers["Content-Encoding"] = found.encoding
    return response


def _document() -> dict[str, Any]:
    """The OpenAPI document of the running application."""
    api = current_app.extensions["flask-smorest"]["apis"][""]["ext_obj"]
    document: dict[str, Any] = api.spec.to_dict()
    return document


def _has_demonstration() -> bool:
    """Whether the demonstration accounts exist; no while the database cannot be asked."""
    try:
        with database().snapshot() as cx:
            return find_user(cx, DEMONSTRATION) is not None
    except FAULTS:
        return False
