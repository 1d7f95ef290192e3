"""Inputs: what a report was counted from, kept beside it: ids and codes, and no word of anybody."""

from __future__ import annotations

import zlib
from dataclasses import replace
from typing import TYPE_CHECKING

import msgspec

from api.core.db import raw

from .facts import Boundary, Facts

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy import Connection

    from api.core.actor import Actor

QUICKLY = 1  # ids hardly shrink: more effort would not pay


def pack(facts: Facts) -> bytes:
    """Facts without their names, as bytes."""
    nameless = replace(facts, boundaries=tuple(map(_nameless, facts.boundaries)))
    return zlib.compress(msgspec.msgpack.Encoder(uuid_format="bytes").encode(nameless), QUICKLY)


def unpack(packed: bytes) -> Facts:
    """Facts as they were frozen."""
    return msgspec.msgpack.decode(zlib.decompress(packed), type=Facts)


def keep_inputs(cx: Connection, network_id: UUID, report_id: UUID, facts: Facts) -> None:
    """Lay the inputs beside their report."""
    raw(cx).execute(_KEEP, (network_id, report_id, pack(facts)))


def inputs_of(cx: Connection, actor: Actor, report_id: UUID) -> Facts | None:
    """What a report was counted from; None for one frozen before inputs were kept."""
    row = raw(cx).execute(_TAKE, (actor.network_id, report_id)).fetchone()
    return unpack(row[0]) if row else None


def _nameless(boundary: Boundary) -> Boundary:
    sections = tuple(replace(section, name="") for section in boundary.sections)
    return replace(boundary, name="", question="", sections=sections)


_KEEP = "INSERT INTO report_input (network_id, report_id, content) VALUES (%s, %s, %s)"
_TAKE = "SELECT content FROM report_input WHERE network_id = %s AND report_id = %s"
