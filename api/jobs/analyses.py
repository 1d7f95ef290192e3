"""Analyses: what was asked for with time to spare is worked out here."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING
from uuid import UUID

from api.analysis import shelf
from api.analysis.analyses import BY_NAME
from api.analysis.analysis import Question
from api.analysis.answering import fulfil
from api.core.problems import Problem

from .networks import in_every_network

if TYPE_CHECKING:
    from api.core.db import Database


def work_out_analysis(database: Database, network_id: UUID, answer_id: UUID) -> bool:
    """Work out one answer, unless somebody is at it or has been; whether it was done here."""
    with database.snapshot(network_id) as cx:
        entry = shelf.find(cx, network_id, answer_id)
    if not entry:
        return False
    question = Question.read(BY_NAME[entry.name], network_id, entry.question)
    with database.transaction(network_id) as cx:
        is_mine = shelf.claim(cx, question, entry.revision)
    if is_mine:
        with suppress(Problem):  # whoever asked is told by the entry; asking again changes nothing
            fulfil(database, question, entry.revision)
    return is_mine


def forget_answers(database: Database) -> int:
    """Drop answers that nobody touched for a day; how many."""

    def forget(network_id: UUID) -> int:
        with database.transaction(network_id) as cx:
            return shelf.forget(cx, network_id)

    return in_every_network(database, forget)
