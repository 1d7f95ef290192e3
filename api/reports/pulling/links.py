"""Links: addresses that open one report, or its series, to whoever holds them, and nothing else.

A link names its network, so that one and the same statement looks up every link there could be:
one that never was, one that ran out or was taken back, and one whose report was withdrawn are
the same nothing, found in the same time.
"""

from __future__ import annotations

import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec
from flask import current_app, request
from uuid_utils.compat import uuid7

from api.accounts.hashes import hash_token
from api.accounts.limits import LINKS_PER_CLIENT, client_of, spend
from api.core.db import database
from api.core.driver import raw
from api.core.problems import Problem
from api.reports.shelf import (
    COLUMNS,
    OPEN,
    SHELVED,
    entry,
    entry_of,
    require_standing,
    shelved,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from sqlalchemy import Connection

    from api.core.actor import Actor
    from api.reports.shelved import Shelved

NETWORK_BYTES, SECRET_BYTES = 16, 24  # 192 bits that nobody can guess
COVERS = ("report", "series")


@dataclass(frozen=True, slots=True)
class Wish:
    """What a new link is to open, for whom, until when."""

    report_id: UUID
    covers: str
    label: str
    expires_on: date


@dataclass(frozen=True, slots=True)
class Link:
    """A link that opens something, and what it opens."""

    network_id: UUID
    id: UUID

    @property
    def asked(self) -> dict[str, Any]:
        """What its statements need to know of it."""
        return {"network": self.network_id, "link": self.id}


def add_link(cx: Connection, actor: Actor, wish: Wish) -> tuple[dict[str, Any], str]:
    """A new link, as the list has it, and its token, which nobody can read again."""
    found = entry_of(cx, actor, wish.report_id)
    require_standing(found["withdrawn_because"])
    if found["released_at"] is None:
        raise Problem("not_released_yet")
    link_id, token = uuid7(), make_token(actor.network_id)
    values = {
        "network": actor.network_id,
        "id": link_id,
        "member": actor.member_id,
        "report": wish.report_id,
        "covers": wish.covers,
        "hash": hash_token(token),
        "label": wish.label,
        "expires_on": wish.expires_on,
    }
    raw(cx).execute(_ADD, values)
    (made,) = links(cx, actor, link_id=link_id)
    return made, token


def links(
    cx: Connection, actor: Actor, *, report_id: UUID | None = None, link_id: UUID | None = None
) -> list[dict[str, Any]]:
    """The network's links, newest first; those made for one report, or one alone."""
    asked = {"network": actor.network_id, "report": report_id, "id": link_id}
    return [dict(zip(_LISTED, row, strict=True)) for row in raw(cx).execute(_LIST, asked)]


def revoke_link(cx: Connection, actor: Actor, link_id: UUID) -> None:
    """Take a link back at once; `not_found` for one that is not there."""
    asked = {"network": actor.network_id, "id": link_id}
    if not raw(cx).execute(_REVOKE, asked).rowcount:
        raise Problem("not_found")


@contextmanager
def opening(token: str) -> Iterator[tuple[Connection, Link]]:
    """The link of this token, in the snapshot in which it was looked up.

    `link_closed` whatever the reason is; wrong tries are counted, and too many of them are
    `too_many_requests`.
    """
    network_id = network_of(token)
    with database().snapshot(network_id) as cx:
        asked = {"network": network_id, "hash": hash_token(token)}
        row = raw(cx).execute(_OPEN, asked).fetchone()
        if row is not None:
            yield cx, Link(network_id, row[0])
    if row is None:
        _count_a_guess()
        raise Problem("link_closed")


def newest(cx: Connection, link: Link, report_id: UUID | None = None) -> Shelved:
    """The newest report that the link opens, or the one asked for; `not_found` otherwise."""
    row = raw(cx).execute(_NEWEST, link.asked | {"report": report_id}).fetchone()
    if row is None:
        raise Problem("not_found")
    return shelved(row)


def opened(cx: Connection, link: Link) -> list[dict[str, Any]]:
    """What the list says of every report that the link opens, the newest period first."""
    return [entry(row) for row in raw(cx).execute(_OPENED, link.asked)]


def released(cx: Connection, link: Link) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Every report that the link opens: what the list says of it, and its content."""
    found = raw(cx).execute(_RELEASED, link.asked)
    return [(entry(row[:-1]), msgspec.json.decode(row[-1])) for row in found]


def make_token(network_id: UUID) -> str:
    """A token that nobody can guess, of 54 characters."""
    return urlsafe_b64encode(network_id.bytes + secrets.token_bytes(SECRET_BYTES)).decode()[:-2]


def network_of(token: str) -> UUID:
    """The network a token names; for what is no token, one that is nowhere."""
    try:
        packed = urlsafe_b64decode(token.encode("ascii") + b"==")
        return UUID(bytes=packed[:NETWORK_BYTES])
    except ValueError:
        return UUID(int=0)


def _count_a_guess() -> None:
    secret = current_app.extensions["settings"].secret
    with database().transaction() as cx:
        wait = spend(cx, secret, LINKS_PER_CLIENT, client_of(request.remote_addr))
    if wait:
        raise Problem("too_many_requests", f"Try again in {wait} seconds.", retry_after=wait)


_ADD = """
INSERT INTO report_link (network_id, id, created_by, report_id, covers, token_hash, label,
    expires_on)
VALUES (%(network)s, %(id)s, %(member)s, %(report)s, %(covers)s, %(hash)s, %(label)s,
    %(expires_on)s)
"""

_LISTED = (
    *("id", "report_id", "covers", "label", "created_at", "expires_on", "revoked_at"),
    *("is_open", "pulls", "last_pulled_at"),
)
_LIST = """
SELECT l.id, l.report_id, l.covers, l.label, l.created_at, l.expires_on, l.revoked_at,
    l.revoked_at IS NULL AND l.expires_on >= current_date, p.pulls, p.last_pulled_at
FROM report_link l, LATERAL (
    SELECT count(*) AS pulls, max(pulled_at) AS last_pulled_at FROM report_pull
    WHERE network_id = %(network)s AND by = 'link' AND reader_id = l.id
) p
WHERE l.network_id = %(network)s
    AND (%(report)s::uuid IS NULL OR l.report_id = %(report)s)
    AND (%(id)s::uuid IS NULL OR l.id = %(id)s)
ORDER BY l.id DESC
"""

_REVOKE = """
UPDATE report_link SET revoked_at = now()
WHERE network_id = %(network)s AND id = %(id)s AND revoked_at IS NULL
"""

# What a link covers: its own report, or all of the same template, boundaries and readers.
_COVERS = """
(report.id = a.id OR l.covers = 'series'
    AND (report.template, report.boundaries, report.audience, report.language)
        = (a.template, a.boundaries, a.audience, a.language))
"""
_LINKS = "report_link l JOIN report a ON a.network_id = l.network_id AND a.id = l.report_id"
_OUTSIDE = f"report WHERE network_id = %(network)s AND {OPEN}"

_OPEN = f"""
SELECT l.id FROM {_LINKS}
WHERE l.network_id = %(network)s AND l.token_hash = %(hash)s AND l.revoked_at IS NULL
    AND l.expires_on >= current_date AND EXISTS (SELECT 1 FROM {_OUTSIDE} AND {_COVERS})
"""

_COVERED = f"""
{_OUTSIDE} AND EXISTS (
    SELECT 1 FROM {_LINKS} WHERE l.network_id = %(network)s AND l.id = %(link)s AND {_COVERS}
)
"""

_NEWEST = f"""
SELECT {SHELVED} FROM {_COVERED} AND (%(report)s::uuid IS NULL OR id = %(report)s)
ORDER BY period_to DESC, id DESC LIMIT 1
"""

_RELEASED = f"SELECT {COLUMNS}, body FROM {_COVERED} ORDER BY period_to DESC, id DESC"

_OPENED = f"SELECT {COLUMNS} FROM {_COVERED} ORDER BY period_to DESC, id DESC"
