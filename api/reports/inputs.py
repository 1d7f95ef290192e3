"""Inputs: what a report was counted from, kept beside it: ids and codes, and no word of anybody."""

from __future__ import annotations

import zlib
from dataclasses import replace
from typing import TYPE_CHECKING

import msgspec

from api.core.driver import raw
from api.core.problems import Problem

from .facts import Boundary, Facts
from .memory import keeping_everything
from .released import Cells

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy import Connection

    from api.core.actor import Actor

    from .freeze import Frozen

QUICKLY = 1  # ids hardly shrink: more effort would not pay


def pack(facts: Facts) -> bytes:
    """Facts without their names, as bytes."""
    nameless = replace(facts, boundaries=tuple(map(_nameless, facts.boundaries)))
    return _squeeze(nameless)


def unpack(packed: bytes) -> Facts:
    """Facts as they were frozen."""
    with keeping_everything():
        return msgspec.msgpack.decode(zlib.decompress(packed), type=Facts)


def keep_inputs(cx: Connection, network_id: UUID, frozen: Frozen, facts: Facts) -> None:
    """Lay the inputs beside their report."""
    cells = b"" if frozen.cells is None else _squeeze(frozen.cells)
    raw(cx).execute(_KEEP, (network_id, frozen.id, pack(facts), cells))


def earlier(cx: Connection, network_id: UUID) -> tuple[Cells, ...]:
    """The counts of all reports ever released, also of those withdrawn: they have been read."""
    rows = raw(cx).execute(_EARLIER, (network_id,)).fetchall()
    return tuple(_cells(row[0]) for row in rows)


def cells_of_one(cx: Connection, network_id: UUID, report_id: UUID) -> Cells:
    """The counts of one report for readers outside."""
    row = raw(cx).execute(_ONE, (network_id, report_id)).fetchone()
    if row is None or not row[0]:
        raise Problem("not_safe_outside", "It was frozen before such checks were made.")
    return _cells(row[0])


def _cells(packed: bytes) -> Cells:
    return msgspec.msgpack.decode(zlib.decompress(packed), type=Cells)


def _squeeze(content: object) -> bytes:
    return zlib.compress(msgspec.msgpack.Encoder(uuid_format="bytes").encode(content), QUICKLY)


def inputs_of(cx: Connection, actor: Actor, report_id: UUID) -> Facts | None:
    """What a report was counted from; None for one frozen before inputs were kept."""
    row = raw(cx).execute(_TAKE, (actor.network_id, report_id)).fetchone()
    return unpack(row[0]) if row else None


def _nameless(boundary: Boundary) -> Boundary:
    sections = tuple(replace(section, name="") for section in boundary.sections)
    return replace(boundary, name="", question="", sections=sections)


_KEEP = """
INSERT INTO report_input (network_id, report_id, content, cells) VALUES (%s, %s, %s, %s)
"""
_EARLIER = """
SELECT i.cells FROM report r
JOIN report_input i ON i.network_id = r.network_id AND i.report_id = r.id
WHERE r.network_id = %s AND r.released_at IS NOT NULL AND i.cells <> ''
ORDER BY r.released_at, r.id
"""
_ONE = "SELECT cells FROM report_input WHERE network_id = %s AND report_id = %s"
_TAKE = "SELECT content FROM report_input WHERE network_id = %s AND report_id = %s"
