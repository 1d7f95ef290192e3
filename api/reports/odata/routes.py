"""Routes of OData 4: what a link opens as rows, so that Excel and Power BI can connect.

The link's token is the password of Basic authentication (any user name), or the first part of
the path: `/odata/{token}/`. Read-only, and never more than what was released.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote, urlencode

import msgspec
from flask import Blueprint, request

from api.core.problems import Problem
from api.core.web import answer
from api.reports.entities import ENTITY_SETS, rows_of
from api.reports.pulling import links, pulls

from .errors import ODataError
from .keys import by_key
from .metadata import metadata, service
from .options import Options

if TYPE_CHECKING:
    from flask import Response

    from api.reports.entities import EntitySet, Released, Row

METADATA = "$metadata"

blueprint = Blueprint("odata", __name__, url_prefix="/odata")


@blueprint.after_request
def finish(response: Response) -> Response:
    """Which protocol this is; and as for every link: no cache, no search engine."""
    response.headers["OData-Version"] = "4.0"
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


@blueprint.errorhandler(ODataError)
def say(error: ODataError) -> Response:
    """An error in OData's own shape."""
    return answer(msgspec.json.encode(error.body()), error.status)


@blueprint.errorhandler(Problem)
def say_problem(problem: Problem) -> Response:
    """A problem in OData's shape; whoever sent a password is asked for another."""
    status = problem.status
    if problem.code == "link_closed" and _password() is not None:
        status = HTTPStatus.UNAUTHORIZED
    sentence = problem.detail or problem.title
    response = say(ODataError(status, problem.code, sentence))
    if status == HTTPStatus.UNAUTHORIZED:
        response.headers["WWW-Authenticate"] = 'Basic realm="Weft", charset="UTF-8"'
    if wait := problem.more.get("retry_after"):
        response.headers["Retry-After"] = str(wait)
    return response


@blueprint.get("/", defaults={"rest": ""})
@blueprint.get("/<path:rest>")
def read(rest: str) -> Response:
    """The service document, the metadata, or rows."""
    token, path = _token_of(rest)
    root = request.host_url + "odata/" + (f"{token}/" if _password() is None else "")
    with links.opening(token) as (cx, link):
        if path in ("", METADATA):
            return _described(path, root)
        released = links.released(cx, link)
    asked, shown = _answered(path, released, root)
    taken = {row.get("report_id") or row["id"] for row in shown}
    pulls.note(pulls.through(link), list(taken), "odata")
    return asked


def _token_of(rest: str) -> tuple[str, str]:
    """The token, from the password or the path, and what is left of the path."""
    password = _password()
    if password is not None:
        return password, rest
    token, _, path = rest.partition("/")
    if token in ("", METADATA, *ENTITY_SETS):
        raise Problem("not_signed_in", "Send the token of a link as the password, or in the path.")
    return token, path


def _password() -> str | None:
    """The password of Basic authentication, where there is one."""
    sent = request.authorization
    return (sent.password or "") if sent and sent.type == "basic" else None


def _described(path: str, root: str) -> Response:
    if path == METADATA:
        return answer(metadata(), media="application/xml")
    return answer(msgspec.json.encode(service(root)))


def _answered(path: str, released: list[Released], root: str) -> tuple[Response, list[Row]]:
    """The answer, and the rows that it tells of."""
    path = unquote(path)
    name, opened, key = path.partition("(")
    name, _, last = name.partition("/") if not opened else (name, "", "")
    if name not in ENTITY_SETS or last not in ("", "$count"):
        raise ODataError(404, "not_found", "There is no such entity set.")
    entity_set, options = ENTITY_SETS[name], Options(request.args.to_dict())
    rows = rows_of(entity_set, released)
    if opened:
        return _one(by_key(rows, key, entity_set), entity_set, options, root)
    if last:
        kept = options.filtered(rows, entity_set)
        return answer(str(len(kept)).encode(), media="text/plain"), kept
    return _many(rows, entity_set, options, root)


def _one(
    row: Row, entity_set: EntitySet, options: Options, root: str
) -> tuple[Response, list[Row]]:
    names = options.selected(entity_set)
    context = f"{_context(entity_set, names, root)}/$entity"
    return _said({"@odata.context": context} | _part(row, names)), [row]


def _many(
    rows: list[Row], entity_set: EntitySet, options: Options, root: str
) -> tuple[Response, list[Row]]:
    names, page = options.selected(entity_set), options.page(rows, entity_set)
    body: dict[str, Any] = {"@odata.context": _context(entity_set, names, root)}
    if options.wants_count:
        body["@odata.count"] = page.count
    body["value"] = [_part(row, names) for row in page.rows]
    if page.next_skip is not None:
        on = {"$skip": page.next_skip} | ({"$top": page.next_top} if page.next_top else {})
        query = urlencode(request.args.to_dict() | on, safe="$", quote_via=quote)
        body["@odata.nextLink"] = f"{root}{entity_set.name}?{query}"
    return _said(body), page.rows


def _context(entity_set: EntitySet, names: tuple[str, ...], root: str) -> str:
    part = "" if names == tuple(entity_set.properties) else f"({','.join(names)})"
    return f"{root}{METADATA}#{entity_set.name}{part}"


def _part(row: Row, names: tuple[str, ...]) -> Row:
    return {name: row[name] for name in names}


def _said(body: dict[str, Any]) -> Response:
    media = "application/json;odata.metadata=minimal"
    response = answer(msgspec.json.encode(body))
    response.headers["Content-Type"] = media
    return response
