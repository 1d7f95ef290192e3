"""Documentation: what OpenAPI says of the five endpoints, with examples that are true."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec

from . import wire
from .once import KEY
from .web import PROBLEM_JSON, ProblemSchema

if TYPE_CHECKING:
    from collections.abc import Callable

    from .record import RecordType
    from .web import Blueprint

IF_MATCH = {
    "in": "header",
    "name": "If-Match",
    "required": False,
    "schema": {"type": "string"},
    "description": "The ETag you read, or `*`. Without it the answer is 428.",
}
IF_NONE_MATCH = {
    "in": "header",
    "name": "If-None-Match",
    "schema": {"type": "string"},
    "description": "An ETag you hold; 304 when it is still the present one.",
}
IDEMPOTENCY_KEY = {
    "in": "header",
    "name": KEY,
    "schema": {"type": "string", "minLength": 1, "pattern": "^[ -~]+$"},
    "description": "Any text of your own: the same key is carried out once, however often sent.",
}
EVERYWHERE = {401: "Not signed in.", 403: "Not a member, or not in your role.", 503: "Busy."}


@dataclass(frozen=True)
class Endpoint:
    """One of the five: its sentence, answers and headers."""

    summary: str
    success: dict[int, str]
    problems: dict[int, str]
    parameters: tuple[dict[str, Any], ...] = ()


LIST = Endpoint(
    "List {name}",
    {200: "page", 304: ""},
    {400: "A cursor that was not made here.", 422: "A filter that cannot be read."},
    (IF_NONE_MATCH,),
)
CREATE = Endpoint(
    "Make one of {name}",
    {201: "record", 200: "record"},
    {
        400: "Not JSON.",
        409: "That id is taken by a record with other content.",
        410: "That id belonged to a record since removed.",
        413: "Too large.",
        415: "Send JSON.",
        422: "Fields to mend.",
    },
    (IDEMPOTENCY_KEY,),
)
READ = Endpoint(
    "Read one of {name}",
    {200: "record", 304: ""},
    {404: "Not here, or not visible to you.", 410: "Removed."},
    (IF_NONE_MATCH,),
)
CHANGE = Endpoint(
    "Alter one of {name}",
    {200: "record"},
    CREATE.problems
    | {404: "Not here.", 412: "Changed since you read it; `current` is here.", 428: "No If-Match."},
    (IF_MATCH, IDEMPOTENCY_KEY),
)
REMOVE = Endpoint(
    "Remove one of {name}",
    {204: ""},
    {404: "Not here.", 409: "It cannot be removed.", 410: "Removed already.",
     412: CHANGE.problems[412], 428: "No If-Match."},
    (IF_MATCH, IDEMPOTENCY_KEY),
)  # fmt: skip


def documented(made: Blueprint, endpoint: Endpoint, kind: RecordType) -> Callable[..., Any]:
    """Attach an endpoint's documentation to its function."""
    name = kind.name.replace("-", " ")
    described: dict[str, Any] = {
        "summary": endpoint.summary.format(name=name),
        "operationId": f"{endpoint.summary.split()[0].lower()}_{kind.name.replace('-', '_')}",
        "parameters": list(endpoint.parameters),
        "responses": _responses(endpoint, kind),
    }
    if endpoint in (CREATE, CHANGE):
        described["requestBody"] = _request(endpoint, kind)

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        documented_function: Callable[..., Any] = made.doc(**described)(function)
        return documented_function

    return decorate


def _request(endpoint: Endpoint, kind: RecordType) -> dict[str, Any]:
    if endpoint is CREATE:
        shape, example = wire.sent(kind), kind.example
    else:
        first = next(iter(kind.example))
        shape, example = wire.altered(kind), {first: kind.example[first]}
    content = {"application/json": {"schema": shape, "example": example}}
    return {"required": True, "content": content}


def _responses(endpoint: Endpoint, kind: RecordType) -> dict[str, Any]:
    answers: dict[str, Any] = {}
    for status, what in endpoint.success.items():
        answers[str(status)] = {"description": _SUCCESS[status]} | _content(what, kind)
    for status, sentence in (endpoint.problems | EVERYWHERE).items():
        answers[str(status)] = problem(sentence)
    return answers


def problem(sentence: str) -> dict[str, Any]:
    """A documented problem answer."""
    return {"description": sentence, "content": {PROBLEM_JSON: {"schema": ProblemSchema}}}


_SUCCESS = {
    200: "As it stands.",
    201: "Made.",
    204: "Removed; its id stays as a tombstone.",
    304: "You hold the present state.",
}


def _content(what: str, kind: RecordType) -> dict[str, Any]:
    if not what:
        return {}
    record = ENVELOPE_EXAMPLE | complete_example(kind)
    shape, example = (
        (wire.page(kind), {"items": [record], "next": None})
        if what == "page"
        else (wire.answered(kind), record)
    )
    headers = {"ETag": {"schema": {"type": "string"}, "description": "This state."}}
    return {
        "content": {"application/json": {"schema": shape, "example": example}},
        "headers": headers,
    }


ENVELOPE_EXAMPLE = {
    "id": "0197b0c4-6a10-7cc3-8f00-3d1f5a2b9c11",
    "version": "0197b0c4-6a11-7d02-9b1e-52c0a7f3e1d4",
    "revision": 812,
    "created_at": "2026-03-31T17:32:10.51+00:00",
    "updated_at": "2026-03-31T17:32:10.51+00:00",
    "author_id": "0197a5de-1c00-7aa0-8000-0242ac120002",
    "audience": "network",
}


def complete_example(kind: RecordType) -> dict[str, Any]:
    """The example as it would come back: with every default filled in."""
    codec = kind.codec
    complete: dict[str, Any] = msgspec.to_builtins(codec.load(msgspec.json.encode(kind.example)))
    return complete
