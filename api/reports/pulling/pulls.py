"""Pulls: every time a report leaves the network, noted for the groups it is about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from api.core.db import database
from api.core.driver import raw
from api.reports.voice import Voice

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from api.core.actor import Actor

    from .links import Link

Place = tuple[datetime, UUID, str]  # of a pull in the list: when, by whom, in which form


@dataclass(frozen=True, slots=True)
class Reader:
    """Who took a report out of the network: `by` an "account" of a funder, or by a "link"."""

    network_id: UUID
    by: str
    id: UUID


def through(link: Link) -> Reader:
    """Whoever holds a link."""
    return Reader(link.network_id, "link", link.id)


def note_account(actor: Actor, report_id: UUID, form: str) -> None:
    """Note that a funder took a report; reading inside the network is nobody's business."""
    if actor.role == "funder":
        note(Reader(actor.network_id, "account", actor.member_id), [report_id], form)


def note(reader: Reader, report_ids: list[UUID], form: str) -> None:
    """Note that somebody takes reports: call it before they get them, so that none goes unseen."""
    values = {
        "network": reader.network_id,
        "reports": report_ids,
        "reader": reader.id,
        "form": form,
        "by": reader.by,
    }
    with database().transaction(reader.network_id) as cx:
        raw(cx).execute(_NOTE, values)


def pulls(
    cx: Connection, actor: Actor, report_id: UUID, limit: int, before: Place | None
) -> list[dict[str, Any]]:
    """Up to `limit` pulls of one report, newest first, after the one `before`."""
    at, reader, form = before or (None, None, None)
    asked = {"network": actor.network_id, "report": report_id, "limit": limit}
    asked |= {"at": at, "reader": reader, "form": form}
    return [dict(zip(_LISTED, row, strict=True)) for row in raw(cx).execute(_LIST, asked)]


def in_words(pull: dict[str, Any], language: str) -> str:
    """One pull as a sentence for the people of the groups."""
    voice = Voice(language)
    at: datetime = pull["pulled_at"]
    said = voice.words["pull"]
    form = said["form"].get(pull["form"], pull["form"].upper())
    place = {"day": voice.day(at.date()), "time": f"{at:%H:%M}", "form": form}
    return str(said[pull["by"]].format(**place, label=pull["label"]))


_NOTE = """
INSERT INTO report_pull (network_id, report_id, pulled_at, reader_id, form, by)
SELECT %(network)s, report_id, date_trunc('minute', now()), %(reader)s, %(form)s, %(by)s
FROM unnest(%(reports)s::uuid[]) report_id
ON CONFLICT DO NOTHING
"""

_LISTED = ["pulled_at", "reader_id", "form", "by", "label"]
_LIST = """
SELECT p.pulled_at, p.reader_id, p.form, p.by, l.label
FROM report_pull p LEFT JOIN report_link l ON l.network_id = p.network_id AND l.id = p.reader_id
WHERE p.network_id = %(network)s AND p.report_id = %(report)s
    AND (%(at)s::timestamptz IS NULL
        OR (p.pulled_at, p.reader_id, p.form) < (%(at)s, %(reader)s, %(form)s))
ORDER BY p.pulled_at DESC, p.reader_id DESC, p.form DESC LIMIT %(limit)s
"""
