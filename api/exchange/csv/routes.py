"""Routes of CSV: a network's frame from a spreadsheet, and back into one, for coordinators."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec
from flask import request

from api.core import documentation as docs
from api.core.acting import acting
from api.core.problems import Problem
from api.core.web import Blueprint, answer, read_whole

from . import schema
from .carrying import Told, carry_out
from .exporting import export
from .forms import PLAIN
from .present import read_present
from .reading import Sheet, at, read_sheet

if TYPE_CHECKING:
    from flask import Response

CSV = "text/csv"
STEWARDS = ("coordinator", "admin")
NO_KIND = f"A file is of one of these kinds: {', '.join(PLAIN)}."
KIND = {"schema": {"type": "string", "enum": list(PLAIN)}}
REFUSED = "Lines are named with what to mend; nothing was written."
FILE = {"required": True, "content": {CSV: {"schema": {"type": "string"}}}}
EVERYWHERE = {str(s): docs.problem(sentence) for s, sentence in docs.EVERYWHERE.items()}

blueprint = Blueprint(
    "exchange",
    __name__,
    url_prefix="/api/v1/networks/<uuid:network_id>",
    description="Boundaries, spaces and groups out of a spreadsheet, and into one.",
)


class RehearsedError(Exception):
    """A dry run got to its end: what it did is undone."""


@blueprint.route("/imports/<kind>", methods=["POST"])
@blueprint.arguments(schema.ImportQuery, location="query")
@blueprint.response(200, schema.ImportSchema, example=schema.EXAMPLE)
@blueprint.doc(
    operationId="import_records",
    requestBody=FILE,
    responses={
        "404": docs.problem(NO_KIND),
        "413": docs.problem("Too large."),
        "415": docs.problem("Send text/csv."),
        "422": docs.problem(REFUSED),
    }
    | EVERYWHERE,
)
def import_records(asked: dict[str, Any], network_id: UUID, kind: str) -> Response:
    """Make and alter what a CSV file names: all of it, or nothing where a line is refused.

    Records are found by name; the same file sent twice changes nothing the second time. A dry run
    does everything but keep it, so what it says is what will happen.
    """
    require_kind(kind)
    sheet, told = read_sheet(read_csv()), list[Told]()
    with suppress(RehearsedError), acting(network_id, locking=True) as (cx, actor):
        actor.require_role(*STEWARDS)
        told = carry_out(cx, actor, kind, sheet)
        if asked["dry_run"]:
            raise RehearsedError
        require_all_done(told)
    return answer(msgspec.json.encode(_say(kind, sheet, told, is_dry_run=asked["dry_run"])))


@blueprint.route("/exports/<kind>.csv")
@blueprint.response(200, {"type": "string"}, content_type=CSV)
@blueprint.doc(operationId="export_records", responses={"404": docs.problem(NO_KIND)} | EVERYWHERE)
def export_records(network_id: UUID, kind: str) -> Response:
    """What the network shares of a kind as CSV, in the columns that an import reads.

    Of an empty network it is the form to fill in. Spaces that must not be mapped are left out.
    """
    require_kind(kind)
    with acting(network_id) as (cx, actor):
        actor.require_role(*STEWARDS)
        present = read_present(cx, network_id)
    name = f'attachment; filename="{kind}.csv"'
    return answer(export(kind, present), media=CSV, Content_Disposition=name)


def require_kind(kind: str) -> None:
    """Stop with `not_found` for what has no file."""
    if kind not in PLAIN:
        raise Problem("not_found", NO_KIND)


def read_csv() -> bytes:
    """The file that was sent."""
    sent = read_whole()
    if request.mimetype != CSV:
        raise Problem("not_json", "Send the file itself, with Content-Type: text/csv.")
    return sent


def require_all_done(told: list[Told]) -> None:
    """Stop, so that nothing is kept, when a line was refused; each is named with its column."""
    fields: dict[str, list[str]] = {}
    for each in told:
        for column, sentence in each.wish.problems:
            fields.setdefault(at(each.wish.line, column), []).append(sentence)
    if fields:
        raise Problem("validation_failed", REFUSED, fields=fields)


def _say(kind: str, sheet: Sheet, told: list[Told], *, is_dry_run: bool) -> dict[str, Any]:
    counts = Counter(each.what for each in told)
    return {
        "kind": kind,
        "is_dry_run": is_dry_run,
        "encoding": sheet.encoding,
        "delimiter": sheet.delimiter,
        "counts": {what: counts[what] for what in schema.OUTCOMES},
        "lines": [_say_line(each) for each in sorted(told, key=lambda each: each.wish.line)],
    }


def _say_line(told: Told) -> dict[str, Any]:
    wish = told.wish
    problems = [{"column": column, "sentence": sentence} for column, sentence in wish.problems]
    return {
        "line": wish.line,
        "kind": wish.kind,
        "name": wish.name,
        "what": told.what,
        "fields": told.fields,
        "problems": problems,
    }
