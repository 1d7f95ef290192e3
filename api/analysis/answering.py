"""Answering: a question is worked out once, however many ask it at the same moment.

Within a process others wait for the first. Of a big network, other processes do as well: whoever
begins takes the answer upon itself in the database, where they look for it. Nobody holds a
connection while computing or waiting.
"""

from __future__ import annotations

import time
from concurrent.futures import Future
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from api.core.kept import Kept
from api.core.problems import Problem
from api.core.read import revision_of

from . import shelf
from .measures.progress import listening

if TYPE_CHECKING:
    from collections.abc import Callable

    from api.core.db import Database

    from .analysis import Question

BIG = 20_000  # revisions of a network from which on processes share what they work out
PATIENCE, LOOK_AGAIN = 50.0, 0.2  # seconds
SIGN_OF_LIFE = 2.0  # seconds between two notes of how far it has come


class TakesLongError(Exception):
    """It would hold a request longer than it may: a worker should do it."""


class Answer(NamedTuple):
    """An answer and the revision it is of: never older than when it was asked for."""

    body: bytes
    revision: int


KEPT: Kept[Answer] = Kept()
_UNDER_WAY: dict[tuple[str, int], Future[Answer]] = {}
_LOCK = Lock()


def answer_to(database: Database, question: Question, revision: int) -> Answer:
    """The answer as of this revision or a later one.

    Raises what `load` raises, and `TakesLongError`.
    """
    found = KEPT.find((question.key, revision))
    if found:
        return found
    with _LOCK:
        under_way = _UNDER_WAY.get((question.key, revision))
        if not under_way:
            mine = _UNDER_WAY[question.key, revision] = Future[Answer]()
    if under_way:
        return _wait(under_way)
    try:
        mine.set_result(_begin(database, question, revision))
    except BaseException as error:
        mine.set_exception(error)
        raise
    finally:
        with _LOCK:
            del _UNDER_WAY[question.key, revision]
    return mine.result()


def _wait(under_way: Future[Answer]) -> Answer:
    try:
        return under_way.result(PATIENCE)
    except TimeoutError as error:
        raise Problem("busy", STILL_AT_IT) from error


def _begin(database: Database, question: Question, revision: int) -> Answer:
    """Work it out, or find it where another process puts it."""
    may_take_long = question.analysis.takes_long is not None
    if revision < BIG and not may_take_long:
        return work_out(database, question)
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        entry = _look_up(database, question, revision)
        if entry and entry.body is not None:
            return _keep(question, revision, Answer(entry.body.encode(), revision))
        if entry and may_take_long and entry.status in shelf.UNDER_WAY:
            raise TakesLongError
        if revision < BIG:
            return work_out(database, question, is_held=True)
        with database.transaction(question.network_id) as cx:
            is_mine = shelf.claim(cx, question, revision)
        if is_mine:
            return fulfil(database, question, revision, is_held=True)
        time.sleep(LOOK_AGAIN)
    raise Problem("busy", STILL_AT_IT)


def _look_up(database: Database, question: Question, revision: int) -> shelf.Entry | None:
    """How it stands with whoever else was asked."""
    with database.snapshot(question.network_id) as cx:
        return shelf.find(cx, question.network_id, shelf.id_of(question, revision))


def fulfil(
    database: Database, question: Question, revision: int, *, is_held: bool = False
) -> Answer:
    """Work out what was claimed, say how far it has come, and put the answer on the shelf.

    What takes longer than `is_held` allows is left there for a worker.
    """
    network_id, answer_id = question.network_id, shelf.id_of(question, revision)
    body, why, is_left = None, "", False
    try:
        with listening(_telling(database, question, revision)):
            found = work_out(database, question, is_held=is_held)
        body = found.body
    except TakesLongError:
        is_left = True
        raise
    except Problem as problem:
        why = problem.detail or problem.title
        raise
    finally:
        with database.transaction(network_id) as cx:
            if is_left:
                shelf.leave(cx, network_id, answer_id)
            else:
                shelf.finish(cx, network_id, answer_id, body, why)
    return _keep(question, revision, found)


def work_out(database: Database, question: Question, *, is_held: bool = False) -> Answer:
    """Load, let go of the database, compute; `TakesLongError` where `is_held` has no time."""
    analysis, asked = question.analysis, question.asked
    with database.snapshot(question.network_id) as cx:
        revision = revision_of(cx, question.network_id)
        material = analysis.load(cx, question.network_id, asked)
    if is_held and analysis.takes_long and analysis.takes_long(asked, material):
        raise TakesLongError
    body = msgspec.json.encode(analysis.work_out(asked, material))
    return _keep(question, revision, Answer(body, revision))


def _keep(question: Question, revision: int, answer: Answer) -> Answer:
    return KEPT.keep((question.key, revision), answer)


def _telling(database: Database, question: Question, revision: int) -> Callable[[str, float], None]:
    """What notes progress, every few seconds at most."""
    answer_id, noted = shelf.id_of(question, revision), time.monotonic()

    def tell(step: str, progress: float) -> None:
        nonlocal noted
        if time.monotonic() > noted + SIGN_OF_LIFE:
            noted = time.monotonic()
            with database.transaction(question.network_id) as cx:
                shelf.touch(cx, question.network_id, answer_id, (step, progress))

    return tell


STILL_AT_IT = "This is still being worked out. Ask again, or ask with Prefer: respond-async."
