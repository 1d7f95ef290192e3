"""Routes: freezing reports, reading them, sharing them with groups, releasing them to funders."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec
from flask import current_app, url_for

from api.core.acting import acting
from api.core.cursor import seal, unseal
from api.core.db import database
from api.core.documentation import IDEMPOTENCY_KEY
from api.core.later import PREFER, defer, is_for_later, promise
from api.core.once import RepeatedError, op_id_of, require_first
from api.core.problems import Problem
from api.core.web import Blueprint, answer, next_link, require_changed

from . import orders, schema, series, shelf
from .changes import changes_since
from .desk import asked_of, fulfil
from .disclosure import OUTSIDE, Rule
from .formats import described, etag_of, require_format, serve
from .inputs import inputs_of
from .load import load
from .order import Order, order_of
from .pulling.pulls import note_account
from .rules import rules_of, said, tighten
from .telling import stories_of

if TYPE_CHECKING:
    from flask import Response

    from api.core.actor import Actor

    from .shelved import Shelved

blueprint = Blueprint(
    "reports",
    __name__,
    url_prefix="/api/v1/networks/<uuid:network_id>/reports",
    description="Frozen accounts of what crossed which boundary, against what chance would give.",
)


@blueprint.post("")
@blueprint.arguments(schema.OrderSchema, example=schema.ORDER)
@blueprint.response(201, schema.ReportSchema, description="Frozen; Location says where.")
@blueprint.alt_response(
    202, schema=schema.OrderStatusSchema, description="A worker freezes it; Location says how far."
)
@blueprint.alt_response(
    200, schema=schema.ReportSchema, description="Frozen before, by a request of the same key."
)
@blueprint.alt_response(409, description="That key was used for something else.")
@blueprint.alt_response(422, description="A period, boundary, language or template that is not.")
@blueprint.doc(parameters=[PREFER, IDEMPOTENCY_KEY])
def freeze_report(values: dict[str, Any], network_id: UUID) -> Response:
    """Freeze a report of one period at the present revision; coordinators and admins.

    Its figures never change afterwards. For `funder` and `public`, small counts are hidden and
    the others rounded before anything is kept.
    """
    try:
        if is_for_later():
            return _promise(network_id, values)
        with acting(network_id) as (cx, actor):
            order = _order(actor, values)
            require_first(cx, actor, asked_of(order))
        frozen = fulfil(database(), actor, order)
    except RepeatedError as earlier:
        return _again(network_id, earlier.made)
    where = url_for("reports.read_report", network_id=network_id, report_id=frozen.id)
    return answer(frozen.body.encode(), 201, etag=f'"{frozen.digest}"', Location=where)


@blueprint.get("/orders/<uuid:order_id>")
@blueprint.response(200, schema.OrderStatusSchema, example=schema.STATUS)
@blueprint.alt_response(404, description="No such order, or it is forgotten.")
def read_order(network_id: UUID, order_id: UUID) -> Response:
    """How far a report has come that was ordered with `Prefer: respond-async`; kept for a day."""
    with acting(network_id) as (cx, actor):
        actor.require_role(*shelf.KEEPERS)
        found = orders.status_of(cx, network_id, order_id)
    response = _said(found)
    if found["status"] in ("waiting", "working"):
        response.headers["Retry-After"] = "1"
    return response


@blueprint.get("")
@blueprint.arguments(schema.ListQuery, location="query")
@blueprint.response(200, schema.EntriesSchema)
def list_reports(asked: dict[str, Any], network_id: UUID) -> Response:
    """The reports you may read, newest first; with `since`, those released since, earliest first.

    Connectors see those shared with the groups, funders those released.
    """
    secret, limit, since = _secret(), asked["limit"], asked.get("since")
    of, shape = ("released", series.Place) if since else ("reports", UUID)
    place = unseal(of, asked["cursor"], secret, shape) if "cursor" in asked else None
    with acting(network_id) as (cx, actor):
        found = (
            series.released_since(cx, actor, since, limit + 1, place)
            if since
            else shelf.entries(cx, actor, limit + 1, place)
        )
    following = None
    if len(found) > limit:
        last = found[limit - 1]
        following = seal(of, series.place_of(last) if since else last["id"], secret)
    response = _said({"items": found[:limit], "next": following})
    if following:
        response.headers["Link"] = next_link(following)
    return response


@blueprint.get("/rules")
@blueprint.response(200, schema.RulesSchema, example=schema.RULES)
def read_rules(network_id: UUID) -> Response:
    """How strictly counts are hidden from readers outside; for coordinators and admins."""
    with acting(network_id) as (cx, actor):
        actor.require_role(*shelf.KEEPERS)
        return _said(said(rules_of(cx, network_id)))


@blueprint.put("/rules/<audience>")
@blueprint.arguments(schema.RuleSchema, example=schema.RULE)
@blueprint.response(200, schema.RulesSchema, example=schema.RULES)
@blueprint.alt_response(422, description="Looser than it is, or rounding to 0.")
def tighten_rule(values: dict[str, int], network_id: UUID, audience: str) -> Response:
    """Hide more from readers outside, in reports frozen from now on; admins, and for good.

    Rules only ever tighten; the public's is never looser than the funders'. A report frozen under
    a looser rule is released no more.
    """
    with acting(network_id, writing=True) as (cx, actor):
        actor.require_role("admin")
        if audience not in OUTSIDE:
            raise Problem("not_found")
        tighten(cx, actor, audience, Rule(values["threshold"], values["rounding"]))
        return _said(said(rules_of(cx, network_id)))


@blueprint.get("/latest")
@blueprint.arguments(schema.LatestQuery, location="query")
@blueprint.response(200, schema.ReportSchema, description="Content-Location says which one it is.")
@blueprint.alt_response(304, description="You have it already.")
@blueprint.alt_response(404, description="None of this series for your eyes.")
def read_latest(asked: dict[str, Any], network_id: UUID) -> Response:
    """The report of the latest period in a series: an address that stays while reports come."""
    return _read_latest(asked, network_id, "json")


@blueprint.get("/latest.<form>")
@blueprint.arguments(schema.LatestQuery, location="query")
@blueprint.doc(responses=described("The latest report in this form."))
@blueprint.alt_response(404, description="None of this series for your eyes, or no such form.")
def read_latest_as(asked: dict[str, Any], network_id: UUID, form: str) -> Response:
    """The report of the latest period in a series, in another form."""
    return _read_latest(asked, network_id, form)


@blueprint.get("/<uuid:report_id>")
@blueprint.response(200, schema.ReportSchema, description="The same bytes at every reading.")
@blueprint.alt_response(304, description="You have it already.")
@blueprint.alt_response(404, description="No such report, or not yet for your eyes.")
@blueprint.alt_response(410, description="Withdrawn; `detail` says why.")
def read_report(network_id: UUID, report_id: UUID) -> Response:
    """One frozen report as JSON; its ETag is the SHA-256 of these bytes."""
    with acting(network_id) as (cx, actor):
        found = shelf.take(cx, actor, report_id)
    return _handed(actor, found, "json")


@blueprint.get("/<uuid:report_id>.<form>")
@blueprint.doc(responses=described("The report in this form."))
@blueprint.alt_response(304, description="You have it already.")
@blueprint.alt_response(404, description="No such report, or not yet for your eyes.")
def read_report_as(network_id: UUID, report_id: UUID, form: str) -> Response:
    """The same report in another form: a page, a PDF, a workbook, or tables as CSV in a zip.

    `html` is self-contained; `pdf` is tagged (PDF/UA-1); `xlsx` has a sheet a table; `zip` is a
    Tabular Data Package. Each has an ETag.
    """
    with acting(network_id) as (cx, actor):
        found = shelf.take(cx, actor, report_id)
    return _handed(actor, found, form)


@blueprint.post("/<uuid:report_id>/withdraw")
@blueprint.arguments(schema.WithdrawalSchema, example={"because": schema.BECAUSE})
@blueprint.response(200, schema.EntrySchema, example=schema.ENTRY)
@blueprint.alt_response(404, description="No such report.")
def withdraw_report(values: dict[str, Any], network_id: UUID, report_id: UUID) -> Response:
    """Take a report back from everybody outside, and say why.

    Funders are told so in its place, links to it open nothing, series and `latest` go on without
    it. Inside the network it can still be read. The first reason stands.
    """
    with acting(network_id, writing=True) as (cx, actor):
        actor.require_role(*shelf.KEEPERS)
        return _said(shelf.withdraw(cx, actor, report_id, values["because"]))


@blueprint.get("/<uuid:report_id>/about")
@blueprint.response(200, schema.EntrySchema, example=schema.ENTRY)
@blueprint.alt_response(404, description="No such report, or not yet for your eyes.")
def read_about(network_id: UUID, report_id: UUID) -> Response:
    """What the list says of one report: all that may still change, and no figure."""
    with acting(network_id) as (cx, actor):
        return _said(shelf.entry_of(cx, actor, report_id))


@blueprint.get("/<uuid:report_id>/changes-since")
@blueprint.response(200, schema.ReportChangesSchema, example=schema.CHANGES)
@blueprint.alt_response(404, description="No such report.")
def read_changes(network_id: UUID, report_id: UUID) -> Response:
    """Which figures would differ if the report were frozen today, and why; exact, for keepers."""
    with acting(network_id) as (cx, actor):
        actor.require_role(*shelf.KEEPERS)
        content = shelf.take(cx, actor, report_id).content()
        then = inputs_of(cx, actor, report_id)
        moment = shelf.moment_of(cx, network_id)
        now = load(cx, network_id, order_of(content))
    if then is None:
        raise Problem("not_found", "Its inputs were not kept.")
    found = changes_since(content, then, now)
    revisions = {"revision": content["revision"], "revision_now": moment.revision}
    return _said({"report_id": report_id, **revisions, "figures": found})


@blueprint.put("/<uuid:report_id>/grants")
@blueprint.arguments(schema.GrantsSchema, example={"grants": [schema.GRANT]})
@blueprint.response(200, schema.EntrySchema, example=schema.ENTRY)
@blueprint.alt_response(404, description="No such report.")
def attach_grants(values: dict[str, Any], network_id: UUID, report_id: UUID) -> Response:
    """Say which grants the report belongs to, by their 360Giving identifiers.

    They replace those named before. What is frozen stays as it is; the page shows them above it.
    """
    with acting(network_id, writing=True) as (cx, actor):
        actor.require_role(*shelf.KEEPERS)
        grants = list(dict.fromkeys(values["grants"]))
        return _said(shelf.attach(cx, actor, report_id, grants))


@blueprint.post("/<uuid:report_id>/share")
@blueprint.response(200, schema.EntrySchema, example=schema.ENTRY)
@blueprint.alt_response(404, description="No such report.")
def share_report(network_id: UUID, report_id: UUID) -> Response:
    """Note that the groups concerned have had it: they come before any funder."""
    with acting(network_id, writing=True) as (cx, actor):
        actor.require_role(*shelf.KEEPERS)
        return _said(shelf.share(cx, actor, report_id))


@blueprint.post("/<uuid:report_id>/release")
@blueprint.response(200, schema.EntrySchema, example=schema.ENTRY)
@blueprint.alt_response(404, description="No such report.")
@blueprint.alt_response(409, description="Not shared with the groups yet, or with exact counts.")
@blueprint.alt_response(410, description="Withdrawn.")
def release_report(network_id: UUID, report_id: UUID) -> Response:
    """Let the network's funders read it."""
    with acting(network_id, writing=True) as (cx, actor):
        actor.require_role(*shelf.KEEPERS)
        return _said(shelf.release(cx, actor, report_id))


def _order(actor: Actor, values: dict[str, Any]) -> Order:
    """What is asked for, by whoever may ask."""
    actor.require_role(*shelf.KEEPERS)
    period, boundaries = values["period"], values["boundaries"]
    return Order(
        period["from"],
        period["to"],
        None if boundaries is None else tuple(boundaries),
        values["language"],
        values["template"],
        values["audience"],
        values["supersedes"],
        op_id_of(actor),
    )


def _again(network_id: UUID, report_id: UUID) -> Response:
    """200: the report that came of the same request before."""
    with acting(network_id) as (cx, actor):
        found = shelf.take(cx, actor, report_id)
    response = serve(found, "json")
    response.headers["ETag"] = etag_of(found, "json")
    where = url_for("reports.read_report", network_id=network_id, report_id=report_id)
    response.headers["Location"] = where
    return response


def _promise(network_id: UUID, values: dict[str, Any]) -> Response:
    """202: a worker is told; the address says how far it has come."""
    with acting(network_id, writing=True) as (cx, actor):
        order_id = orders.lay(cx, actor, _order(actor, values))
        found = orders.status_of(cx, network_id, order_id)
    defer("freeze_report", network_id=network_id, order_id=order_id)
    where = url_for("reports.read_order", network_id=network_id, order_id=order_id)
    return promise(msgspec.json.encode(found), where)


def _read_latest(asked: dict[str, Any], network_id: UUID, form: str) -> Response:
    kind = asked | ({"boundaries": _ids(asked["boundaries"])} if "boundaries" in asked else {})
    with acting(network_id) as (cx, actor):
        found = series.latest(cx, actor, kind)
    response = _handed(actor, found, form)
    response.headers["Content-Location"] = url_for(
        "reports.read_report_as", network_id=network_id, report_id=found.id, form=form
    )
    return response


def _ids(text: str) -> list[UUID]:
    try:
        return [UUID(id_) for id_ in text.split(",")]
    except ValueError as error:
        wrong = {"boundaries": ["Ids of boundaries with commas between them."]}
        raise Problem("validation_failed", fields=wrong) from error


def _handed(actor: Actor, found: Shelved, form: str) -> Response:
    """Hand a report over, unless the caller has it, and note it when it leaves the network."""
    require_format(form)
    found = replace(found, around=replace(found.around, stories=stories_of(found.id)))
    etag = etag_of(found, form)
    require_changed(etag)
    note_account(actor, found.id, form)
    response = serve(found, form)
    response.headers["ETag"] = etag
    return response


def _secret() -> str:
    found: str = current_app.extensions["settings"].secret
    return found


def _said(content: dict[str, Any]) -> Response:
    return answer(msgspec.json.encode(content))
