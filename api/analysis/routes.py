"""Routes of analysis: figures for the people of the network; funders read reports."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec
from flask import url_for

from api.core import documentation as docs
from api.core.acting import acting
from api.core.actor import LOGGERS
from api.core.db import database
from api.core.head import head_of
from api.core.later import PREFER, defer, is_for_later, promise
from api.core.problems import Problem
from api.core.web import Blueprint, answer, require_changed

from . import shelf
from .analyses import ANALYSES, BY_NAME
from .analysis import Question
from .answering import KEPT, TakesLongError, answer_to
from .schema import AnswerStatusSchema

if TYPE_CHECKING:
    from flask import Response

    from .analysis import Analysis

blueprint = Blueprint(
    "analysis",
    __name__,
    url_prefix="/api/v1/networks/<uuid:network_id>/analysis",
    description="What crosses a boundary, against what chance would give.",
)


def _serve(analysis: Analysis) -> None:
    """Give an analysis its address."""

    def read(asked: dict[str, Any], network_id: UUID) -> Response:
        return _answer(analysis, asked, network_id)

    read.__name__ = f"analyse_{analysis.name}"
    read.__doc__ = f"{analysis.summary}\n\n{analysis.description}"
    read = blueprint.doc(
        operationId=read.__name__,
        parameters=[docs.IF_NONE_MATCH, PREFER],
        responses={
            "202": {
                "description": "It is being worked out; `Location` says where.",
                "headers": {"Location": {"schema": {"type": "string"}}},
                "content": {"application/json": {"schema": AnswerStatusSchema}},
            },
            "304": {"description": "You hold the present state."},
            "404": docs.problem("There is no such thing here."),
            "422": docs.problem("A parameter to mend, named."),
        }
        | {str(status): docs.problem(sentence) for status, sentence in docs.EVERYWHERE.items()},
    )(read)
    etag = {"schema": {"type": "string"}, "description": "This state, so asked."}
    read = blueprint.response(
        200, analysis.answer, example=analysis.example, headers={"ETag": etag}
    )(read)
    read = blueprint.arguments(analysis.query, location="query")(read)
    blueprint.route(f"/{analysis.name}")(read)


def _answer(analysis: Analysis, asked: dict[str, Any], network_id: UUID) -> Response:
    with acting(network_id) as (cx, actor):
        actor.require_role(*LOGGERS)
        question = Question.ask(analysis, network_id, asked, actor)
        head = head_of(cx)
        require_changed(question.etag(head))
    revision = head.revision
    is_later = is_for_later() or analysis.is_long(asked)
    if is_later and not KEPT.find((question.key, revision)):
        return _promise(question, revision)
    try:
        found = answer_to(database(), question, revision)
    except TakesLongError:
        return _promise(question, revision)
    return answer(found.body, etag=question.etag(head._replace(revision=found.revision)))


def _promise(question: Question, revision: int) -> Response:
    """202: a worker is told, once; the address of the answer says how far it has come."""
    network_id, answer_id = question.network_id, shelf.id_of(question, revision)
    with database().transaction(network_id) as cx:
        is_new = shelf.announce(cx, question, revision)
        entry = shelf.find(cx, network_id, answer_id)
    if is_new or (entry and entry.status == "waiting"):
        defer("work_out_analysis", network_id=network_id, answer_id=answer_id)
    where = url_for(".read_answer", network_id=network_id, answer_id=answer_id)
    return promise(_status(entry), where)


@blueprint.route("/answers/<uuid:answer_id>")
@blueprint.response(200, AnswerStatusSchema)
@blueprint.doc(
    responses={"404": docs.problem("No such answer, or it is forgotten.")}
    | {str(status): docs.problem(sentence) for status, sentence in docs.EVERYWHERE.items()}
)
def read_answer(network_id: UUID, answer_id: UUID) -> Response:
    """How far an answer has come that was asked for with `Prefer: respond-async`; the answer.

    It is kept for a day.
    """
    with acting(network_id) as (cx, actor):
        actor.require_role(*LOGGERS)
        entry = shelf.find(cx, network_id, answer_id)
    if not entry or not _question(entry, network_id).is_for(actor):
        raise Problem("not_found")
    later = {} if entry.status in ("done", "failed") else {"Retry_After": "1"}
    return answer(_status(entry), 200, **later)


def _question(entry: shelf.Entry, network_id: UUID) -> Question:
    return Question.read(BY_NAME[entry.name], network_id, entry.question)


def _status(entry: shelf.Entry | None) -> bytes:
    said: dict[str, Any] = {"status": "waiting", "step": "", "progress": 0.0, "answer": None}
    if entry:
        said = {name: getattr(entry, name) for name in ("status", "step", "progress")}
        said["answer"] = msgspec.Raw(entry.body.encode()) if entry.body else None
    return msgspec.json.encode(said)


for _analysis in ANALYSES:
    _serve(_analysis)
