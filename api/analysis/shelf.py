"""Shelf: answers that processes share, under way or done; SQL and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import NAMESPACE_URL, UUID, uuid5

from api.core.driver import raw

if TYPE_CHECKING:
    import datetime as dt

    from sqlalchemy import Connection

    from .analysis import Question

UNDER_WAY = ("waiting", "working")
ABANDONED = "30 seconds"  # without a sign: whoever worked on it is gone


class Entry(NamedTuple):
    """How an answer stands."""

    name: str
    question: str
    revision: int
    status: str
    step: str
    progress: float
    body: str | None
    touched_at: dt.datetime


def id_of(question: Question, revision: int) -> UUID:
    """The same for the same question at the same revision."""
    return uuid5(NAMESPACE_URL, f"weft:answer:{question.key}:{revision}")


def find(cx: Connection, network_id: UUID, answer_id: UUID) -> Entry | None:
    """The entry, if there is one."""
    row = raw(cx).execute(_FIND, {"network": network_id, "id": answer_id}).fetchone()
    return Entry(*row) if row else None


def announce(cx: Connection, question: Question, revision: int) -> bool:
    """Note that somebody waits for it; False when that is noted already, or it is there."""
    return _noted(cx, _ANNOUNCE, question, revision)


def claim(cx: Connection, question: Question, revision: int) -> bool:
    """Take it upon oneself; False when somebody is at it, or it is done."""
    return _noted(cx, _CLAIM, question, revision)


def touch(cx: Connection, network_id: UUID, answer_id: UUID, said: tuple[str, float]) -> None:
    """Say how far it has come: at which step, which part of it."""
    step, progress = said
    params = {"network": network_id, "id": answer_id, "step": step, "progress": progress}
    raw(cx).execute(_TOUCH, params)


def finish(
    cx: Connection, network_id: UUID, answer_id: UUID, body: bytes | None, why: str = ""
) -> None:
    """Put the answer there; without a body it failed, `why` for people to read."""
    params: dict[str, Any] = {"network": network_id, "id": answer_id, "why": why}
    raw(cx).execute(_FINISH, params | {"body": body.decode() if body else None})


def leave(cx: Connection, network_id: UUID, answer_id: UUID) -> None:
    """Let a worker have what one had taken upon oneself."""
    raw(cx).execute(_LEAVE, {"network": network_id, "id": answer_id})


def forget(cx: Connection, network_id: UUID) -> int:
    """Drop what nobody touched for a day."""
    return raw(cx).execute(_FORGET, {"network": network_id}).rowcount


def _noted(cx: Connection, statement: str, question: Question, revision: int) -> bool:
    params = {
        "network": question.network_id,
        "id": id_of(question, revision),
        "name": question.analysis.name,
        "question": question.text,
        "revision": revision,
    }
    return raw(cx).execute(statement, params).fetchone() is not None


_FIND = """
SELECT name, question, revision, status, step, progress, body, touched_at FROM analysis_answer
WHERE network_id = %(network)s AND id = %(id)s
"""
_NOTE = """
INSERT INTO analysis_answer (network_id, id, name, question, revision, status)
VALUES (%(network)s, %(id)s, %(name)s, %(question)s, %(revision)s, {status})
ON CONFLICT (network_id, id) DO UPDATE SET status = excluded.status, step = '', progress = 0,
  touched_at = now()
WHERE {over} RETURNING id
"""
_OVER = f"""(analysis_answer.status = 'failed' OR analysis_answer.status = 'working'
  AND analysis_answer.touched_at < now() - interval '{ABANDONED}')"""
_ANNOUNCE = _NOTE.format(status="'waiting'", over=_OVER)
_CLAIM = _NOTE.format(status="'working'", over=f"(analysis_answer.status = 'waiting' OR {_OVER})")
_TOUCH = """
UPDATE analysis_answer SET step = %(step)s, progress = %(progress)s, touched_at = now()
WHERE network_id = %(network)s AND id = %(id)s AND status = 'working'
"""
_FINISH = """
UPDATE analysis_answer SET status = CASE WHEN %(body)s::text IS NULL THEN 'failed' ELSE 'done' END,
  step = CASE WHEN %(body)s::text IS NULL THEN %(why)s ELSE step END,
  body = %(body)s, progress = CASE WHEN %(body)s::text IS NULL THEN progress ELSE 1 END,
  touched_at = now()
WHERE network_id = %(network)s AND id = %(id)s
"""
_LEAVE = """
UPDATE analysis_answer SET status = 'waiting', touched_at = now()
WHERE network_id = %(network)s AND id = %(id)s
"""
_FORGET = """
DELETE FROM analysis_answer WHERE network_id = %(network)s
  AND touched_at < now() - interval '1 day'
"""
