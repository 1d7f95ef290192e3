"""Routes: the addresses below the one that a phone was given, `/key/<key>`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, request

from api.accounts.collect_keys import acting_by_key
from api.core.problems import Problem

from .address import address, here
from .answers import XML, refuse, say
from .choices import file_of, write_choices
from .collected import COLLECTED
from .forms import Form, form_of, forms
from .listing import write_list, write_manifest
from .posting import POST_BYTES, posted
from .reading import read
from .receiving import read_change, receive

if TYPE_CHECKING:
    from uuid import UUID

PHONES = "/key/"
OPENROSA = {"X-OpenRosa-Version": "1.0", "Cache-Control": "no-store"}

blueprint = Blueprint("openrosa", __name__, url_prefix=f"{PHONES}<key>")
blueprint.register_error_handler(Exception, refuse)


@blueprint.after_app_request
def speak_openrosa(response: Response) -> Response:
    """Say which version is spoken, wherever a phone may ask; what it is told is for it alone."""
    if request.path.startswith(PHONES):
        response.headers.update(OPENROSA)
    return response


@blueprint.get("/formList")
def list_forms(key: str) -> Response:
    """The forms there are, each with the hash of its bytes."""
    with acting_by_key(key):
        return Response(write_list(forms(), address(here(), key)), content_type=XML)


@blueprint.get("/forms/<form_id>.xml")
def download_form(key: str, form_id: str) -> Response:
    """One form, the very bytes its hash was made of."""
    with acting_by_key(key):
        return Response(require_form(form_id).xml, content_type=XML)


@blueprint.get("/forms/<form_id>/manifest")
def list_files(key: str, form_id: str) -> Response:
    """The files of one form, as this member may see them."""
    with acting_by_key(key) as (cx, actor):
        form = require_form(form_id)
        files = {kind: write_choices(cx, actor, kind) for kind in form.files}
    return Response(write_manifest(files, address(here(), key)), content_type=XML)


@blueprint.get("/media/<file>")
def download_file(key: str, file: str) -> Response:
    """One file of choices, as this member may see it."""
    with acting_by_key(key) as (cx, actor):
        kinds = [kind for form in forms() for kind in form.files if file_of(kind) == file]
        if not kinds:
            raise Problem("not_found")
        body = write_choices(cx, actor, kinds[0])
    return Response(body, content_type="text/csv; charset=utf-8")


@blueprint.route("/submission", methods=["HEAD"])
def announce(key: str) -> Response:
    """How much may be posted at once; exactly 204, or the phone takes it for something else."""
    with acting_by_key(key):
        return Response(status=204, headers={"X-OpenRosa-Accept-Content-Length": str(POST_BYTES)})


@blueprint.post("/submission")
def take_submission(key: str) -> Response:
    """Take a filled form; safe to send again, in several posts and side by side.

    Only 201 and 202 make a phone stop sending, so all that it could not mend is kept and thanked
    for.
    """
    with acting_by_key(key) as (_, actor):
        network_id: UUID = actor.network_id
    filled = read(posted())
    change = read_change(filled, network_id)
    with acting_by_key(key, writing=True) as (cx, actor):
        message = receive(cx, actor, filled, change)
    return say(message, 201)


def require_form(form_id: str) -> Form:
    """The form of this id, or `not_found`."""
    if form_id not in COLLECTED:
        raise Problem("not_found")
    return form_of(form_id)
