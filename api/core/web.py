"""Web: what every answer of ours has in common: problems, ETags, sizes, gzip, documentation."""

from __future__ import annotations

import gzip
import re
import traceback
import zlib
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import flask_smorest
import marshmallow as ma
import msgspec
import structlog
from flask import Flask, Response, g, request
from flask_cors import CORS
from psycopg import errors as pg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from webargs.flaskparser import FlaskParser
from werkzeug.exceptions import HTTPException

from .acting import bearer_token
from .problems import CATALOGUE, Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from _typeshed.wsgi import StartResponse, WSGIEnvironment
    from flask import Request

BODY_BYTES = 1_048_576
HEARD_OUT = 16 * BODY_BYTES  # of what is too much anyway
WORTH_GZIP = 1_000  # bytes; below this the header costs more than it saves
TOLD = (  # beside the body; a browser tells a page of no other headers
    "ETag", "Link", "Location", "Retry-After", "X-Request-ID",
    "Content-Range", "Content-Disposition",
    "Tus-Resumable", "Tus-Version", "Tus-Extension", "Tus-Max-Size", "Tus-Checksum-Algorithm",
    "Upload-Offset", "Upload-Length", "Upload-Metadata", "Upload-Expires",
)  # fmt: skip
JSON, PROBLEM_JSON = "application/json", "application/problem+json"

HALF_A_CHARACTER = re.compile(rb"\\u[dD][89a-fA-F]")  # an escape that some programs cut in two

CODE_OF_STATUS = {
    400: "bad_request",
    401: "not_signed_in",
    404: "not_found",
    405: "method_not_allowed",
    413: "batch_too_large",
    415: "not_json",
    422: "validation_failed",
    429: "too_many_requests",
}


class ProblemSchema(ma.Schema):
    """RFC 9457 problem: what went wrong, in words for a person and names for a program."""

    class Meta:
        """Some problems say more: `current`, `retry_after`, `request_id`."""

        unknown = ma.INCLUDE

    type = ma.fields.String(required=True, metadata={"example": "/docs/problems#not_found"})
    title = ma.fields.String(required=True, metadata={"description": "A sentence to act on."})
    status = ma.fields.Integer(required=True)
    code = ma.fields.String(required=True, metadata={"description": "Stable name."})
    detail = ma.fields.String()
    fields = ma.fields.Dict(  # type: ignore[assignment]  # the wire's name, not marshmallow's
        keys=ma.fields.String(),
        values=ma.fields.List(ma.fields.String()),
        metadata={"description": "Path of each field to mend, with what is wrong there."},
    )


class AnybodysSchema(ma.Schema):
    """What people send before they are signed in."""


class Parser(FlaskParser):
    """Arguments of documented endpoints; whatever does not fit becomes our problem."""

    DEFAULT_UNKNOWN_BY_LOCATION = FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION | {"query": ma.RAISE}

    def load_json(self, req: Request, schema: ma.Schema) -> Any:  # noqa: ARG002
        """Read the body strictly: no NaN, no lone surrogates, no bombs."""
        return read_json(read_body(of_anybody=isinstance(schema, AnybodysSchema)))

    def handle_error(self, error: ma.ValidationError, *args: Any, **kwargs: Any) -> Any:  # noqa: ARG002
        """Name every field that needs mending by its path."""
        messages: Any = error.messages
        inner = messages.get("json") or messages.get("query") or messages
        raise Problem("validation_failed", fields=paths(inner)) from error


class Blueprint(flask_smorest.Blueprint):  # type: ignore[name-defined]
    """A blueprint whose arguments answer with our problems."""

    ARGUMENTS_PARSER = Parser()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Documented headers join the query's parameters; the library would replace these."""
        super().__init__(*args, **kwargs)
        self._prepare_doc_cbks.append(_join_parameters)

    def arguments(self, schema: type[ma.Schema], **more: Any) -> Any:
        """What an endpoint takes, as a class: it is made once, not again for each request."""
        return super().arguments(schema(), **more)


def _join_parameters(doc: dict[str, Any], info: dict[str, Any], **_: Any) -> dict[str, Any]:
    manual = info.get("manual_doc", {})
    if "parameters" in manual:
        doc["parameters"] = [*doc.get("parameters", []), *manual.pop("parameters")]
    return doc


class Application(Flask):
    """Flask for plain functions alone: it need not look at each, at every request."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """It is one already."""
        return func


class Api(flask_smorest.Api):
    """OpenAPI and error handling for the whole application."""

    ERROR_SCHEMA: type[ma.Schema] = ProblemSchema  # type: ignore[assignment]

    def _register_error_handlers(self) -> None:
        self._app.register_error_handler(HTTPException, of_http)
        self._app.register_error_handler(Problem, of_problem)
        self._app.register_error_handler(DBAPIError, lambda e: of_database(e.orig))
        self._app.register_error_handler(pg.Error, of_database)
        self._app.register_error_handler(PoolTimeoutError, lambda _: of_problem(Problem("busy")))
        self._app.register_error_handler(Exception, of_anything)

    def _register_responses(self) -> None:
        """Every operation may answer with a problem; that is its documented default."""
        content = {PROBLEM_JSON: {"schema": self.ERROR_SCHEMA}}
        problem = {"description": "A problem, by name (RFC 9457).", "content": content}
        self.spec.components.response("DEFAULT_ERROR", problem)
        for status in HTTPStatus:
            described = {"description": status.phrase}
            self.spec.components.response(status.name, described, lazy=True)


def paths(messages: Any, prefix: str = "") -> dict[str, list[str]]:
    """Flatten marshmallow's nested messages to `{"parties.0.group_id": ["…"]}`."""
    if isinstance(messages, list):
        return {prefix or "_": [str(message) for message in messages]}
    found: dict[str, list[str]] = {}
    for name, inner in messages.items():
        here = "" if name == "_schema" else str(name)
        found |= paths(inner, ".".join(filter(None, [prefix, here])))
    return found


def read_body(limit: int = BODY_BYTES, *, of_anybody: bool = False) -> bytes:
    """The request's JSON, unpacked when it came gzipped, never more than `limit` bytes."""
    raw = read_whole(limit, of_anybody=of_anybody)
    if request.mimetype != JSON:
        raise Problem("not_json")
    packed = request.headers.get("Content-Encoding", "identity").lower()
    if packed not in ("identity", "gzip"):
        raise Problem("bad_request", "Send the body as it is, or with Content-Encoding: gzip.")
    return _unpack(raw, limit) if packed == "gzip" else raw


def read_whole(limit: int = BODY_BYTES, advice: str = "", *, of_anybody: bool = False) -> bytes:
    """Whatever was sent, never more than `limit` bytes; in chunks, nobody announces its length.

    `advice` is a sentence more for who sent too much. Of who brings no token nothing is read,
    except where anybody may send.
    """
    if not of_anybody:
        bearer_token()
    is_announced = (request.content_length or 0) > limit
    if is_announced or len(raw := request.get_data(cache=False)) > limit:
        _hear_out()
        raise Problem("batch_too_large", f"At most {limit} bytes at once. {advice}".rstrip())
    return raw


def _hear_out() -> None:
    """Let a client finish: most read no answer before, and take a closed line for a bad one."""
    left = 0 if "Expect" in request.headers else HEARD_OUT
    while left > 0 and (piece := request.environ["wsgi.input"].read(BODY_BYTES)):
        left -= len(piece)


def _unpack(raw: bytes, limit: int) -> bytes:
    unpacker = zlib.decompressobj(wbits=31)
    try:
        body = unpacker.decompress(raw, limit + 1)
    except zlib.error as error:
        raise Problem("bad_request", "The gzip body is damaged.") from error
    if len(body) > limit:
        raise Problem("batch_too_large", f"At most {limit} bytes at once.")
    if not unpacker.eof:
        raise Problem("bad_request", "The gzip body was cut short.")
    if unpacker.unused_data:
        raise Problem("bad_request", "Something follows the gzip body.")
    return body


def read_json(raw: bytes, shape: Any = Any) -> Any:
    """Decode JSON into `shape`; anything else is a `bad_request` that says where."""
    try:
        return msgspec.json.decode(raw, type=shape)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        told = "It holds half a character." if HALF_A_CHARACTER.search(raw) else str(error)
        raise Problem("bad_request", f"This is not the JSON expected here: {told}") from error


class Answer(Response):
    """An answer whose body and headers are whole: nothing wants mending before it is sent."""

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Send it as it is, in a list: what is no list, the server sends piece by piece.

        Who asks for the headers alone gets no body.
        """
        if environ["REQUEST_METHOD"] == "HEAD":
            return super().__call__(environ, start_response)
        start_response(self.status, self.headers.to_wsgi_list())
        return [self.get_data()]


def answer(
    body: bytes, status: int = 200, *, etag: str = "", media: str = JSON, **headers: str
) -> Response:
    """An answer from bytes that are ready; `etag` is already quoted."""
    response = (Answer if body else Response)(body, status, mimetype=media)
    if etag:
        response.headers["ETag"] = etag
    for name, value in headers.items():
        response.headers[name.replace("_", "-")] = value
    return response


def next_link(cursor: str) -> str:
    """The `Link` to the page after this one: the same question, from the cursor on."""
    asked = urlencode({**request.args, "cursor": cursor})
    return f'<{request.script_root}{request.path}?{asked}>; rel="next"'


def require_changed(etag: str) -> None:
    """Stop with 304 when the caller already has this state (weak comparison, RFC 9110)."""
    held = [strip_etag(tag) for tag in request.headers.get("If-None-Match", "").split(",")]
    if strip_etag(etag) in held or "*" in held:
        raise NotModified(etag)


def strip_etag(tag: str) -> str:
    """The opaque part of an ETag, weak or strong, quoted or not."""
    return tag.strip().removeprefix("W/").strip('"')


class NotModified(HTTPException):
    """304: the caller's copy is the present one."""

    code = 304

    def __init__(self, etag: str) -> None:
        """Carry the ETag, which RFC 9110 asks for on a 304 as well."""
        super().__init__(response=Response(status=304, headers={"ETag": etag}))


def of_problem(problem: Problem) -> Response:
    """Answer a problem by name."""
    said = problem.body()
    if request_id := g.get("request_id"):
        said["request_id"] = request_id
    body = msgspec.json.encode(said, enc_hook=str)
    response = Response(body, problem.status, mimetype=PROBLEM_JSON)
    if problem.status == HTTPStatus.UNAUTHORIZED:
        response.headers["WWW-Authenticate"] = "Bearer"
    if retry_after := problem.more.get("retry_after", 1 if problem.status == 503 else None):  # noqa: PLR2004
        response.headers["Retry-After"] = str(retry_after)
    if version := problem.more.get("etag"):
        response.headers["ETag"] = version
    return response


def of_http(error: HTTPException) -> Response:
    """Answer what Flask itself refuses: unknown address, wrong method, too large a body."""
    if error.response is not None:
        return error.response  # type: ignore[return-value]
    status = error.code or 500
    code = CODE_OF_STATUS.get(status, "bad_request" if status < 500 else "internal_error")  # noqa: PLR2004
    response = of_problem(Problem(code))
    response.status_code = CATALOGUE[code][0]
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After"):
            response.headers[name] = value
    return response


def of_database(error: BaseException | None) -> Response:
    """Answer what the database refuses: busy, away, or else our own fault."""
    if isinstance(error, pg.LockNotAvailable | pg.DeadlockDetected | pg.SerializationFailure):
        return of_problem(Problem("busy"))
    if isinstance(error, pg.OperationalError) and _is_away(error):
        structlog.get_logger().warning("database_away", **failure(error))
        return of_problem(Problem("unavailable"))
    return of_anything(error or RuntimeError())


def _is_away(error: pg.OperationalError) -> bool:
    """Whether there was no line, or the database ended it or takes no more; else it gave up."""
    state = error.sqlstate
    return not state or state.startswith(("08", "57P", "53300"))


def of_anything(error: BaseException) -> Response:
    """Answer our own mistakes without showing them; the log has the request id and the place."""
    structlog.get_logger().error("unhandled", **failure(error))
    return of_problem(Problem("internal_error"))


def failure(error: BaseException) -> dict[str, Any]:
    """What a log may say of an error: its kind and places. Its text may quote what people wrote."""
    frames = traceback.extract_tb(error.__traceback__)[-8:]
    where = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
    return {"kind": type(error).__name__, "where": where}


def finish(response: Response) -> Response:
    """Last touches to every answer: nothing cached by strangers, gzip where it pays."""
    response.headers.setdefault("Cache-Control", "private, no-cache")
    response.headers["X-Content-Type-Options"] = "nosniff"
    _vary(response, "Authorization")
    if _is_worth_gzip(response):
        response.set_data(gzip.compress(response.get_data(), compresslevel=5, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
        _vary(response, "Accept-Encoding")
        if etag := response.headers.get("ETag"):
            response.headers["ETag"] = f'W/"{strip_etag(etag)}"'
    return response


def _vary(response: Response, on: str) -> None:
    """Add to what an answer varies on; most vary on nothing yet, and need no reading of it."""
    if "Vary" in response.headers:
        response.vary.add(on)
    else:
        response.headers["Vary"] = on


def keep_to_https(response: Response) -> Response:
    """People reach this server by HTTPS: for a year, browsers are to come no other way."""
    response.headers["Strict-Transport-Security"] = "max-age=31536000"
    return response


def _is_worth_gzip(response: Response) -> bool:
    return (
        not response.direct_passthrough
        and "Content-Encoding" not in response.headers
        and "gzip" in request.headers.get("Accept-Encoding", "")
        and len(response.get_data()) >= WORTH_GZIP
    )


def let_in(app: Flask, origins: tuple[str, ...]) -> None:
    """Let web apps that are served elsewhere speak to the API from a browser, by name.

    They bring a token, never a cookie, so being let in lets nobody act for anybody.
    """
    if origins:
        CORS(
            app, resources=r"/api/*", origins=list(origins), expose_headers=TOLD, max_age=86_400
        )  # fmt: skip


def build_api(app: Flask) -> Api:
    """The documented API of `app`."""
    app.config |= {
        "API_TITLE": "Weft",
        "API_VERSION": "v1",
        "OPENAPI_VERSION": "3.1.0",
        "OPENAPI_URL_PREFIX": "/",
        "OPENAPI_JSON_PATH": "openapi.json",
        "MAX_CONTENT_LENGTH": BODY_BYTES * 2,
    }
    app.after_request(finish)
    if app.extensions["settings"].base_url.startswith("https://"):
        app.after_request(keep_to_https)
    let_in(app, app.extensions["settings"].origins)
    api = Api(app)  # type: ignore[no-untyped-call]
    token = {"type": "http", "scheme": "bearer", "description": "A device token."}
    api.spec.components.security_scheme("token", token)
    api.spec.options["security"] = [{"token": []}]
    return api
