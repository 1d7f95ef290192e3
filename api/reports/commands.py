"""Commands: what the command line does with reports: freeze one, or find it, and write it down."""

from __future__ import annotations

import os
import re
import tempfile
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from api.core.actor import Actor
from api.core.driver import raw
from api.core.problems import Problem
from api.words import LANGUAGES

from . import desk, shelf
from .formats import FORMATS
from .order import METHOD_VERSION, Order
from .schema import wrong_with
from .shelved import Shelved

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from uuid import UUID

    from sqlalchemy import Connection

    from api.core.db import Database

PERIOD = re.compile(r"(\d{4})(?:-?Q([1-4])|-(\d\d))?|(\d{4}-\d\d-\d\d)\.\.(\d{4}-\d\d-\d\d)")
STEPS = ("looking", *desk.STEPS, "writing")


@dataclass(frozen=True, slots=True)
class Wish:
    """Which report, and in which form."""

    network_id: UUID
    order: Order
    form: str


def wish(network_id: UUID, period: str, form: str, more: Mapping[str, Any]) -> Wish:
    """A wish as it was typed; ValueError with a sentence for what cannot be meant.

    `more` holds `audience`, `language` and the ids of `boundaries`, none of them for all.
    """
    if more["language"] not in LANGUAGES:
        message = f"A report can be in {', '.join(LANGUAGES)}, not in {more['language']}."
        raise ValueError(message)
    boundaries = tuple(more["boundaries"]) or None
    options = {name: more[name] for name in ("audience", "language")}
    return Wish(network_id, Order(*read_period(period), boundaries, **options), form)


def make_report(database: Database, wish: Wish, tell: Callable[[str], None]) -> tuple[UUID, bytes]:
    """The id of a report and its bytes in one form; frozen now, unless it was at this revision.

    It is made in the name of the network's first admin. `tell` hears of each step. ValueError
    with a sentence for what cannot be made.
    """
    try:
        shelved = _shelved(database, wish, tell)
    except Problem as problem:
        raise ValueError(_sentence(problem)) from problem
    tell("writing")
    return shelved.id, FORMATS[wish.form].make(shelved)


def read_period(text: str) -> tuple[date, date]:
    """The first day of `2026`, `2026Q3`, `2026-07` or `2026-07-01..2026-10-01`, and the day after.

    ValueError with a sentence for anything else, and for what cannot be reported on.
    """
    found = PERIOD.fullmatch(text)
    if found is None:
        message = "A period is written 2026, 2026Q3, 2026-07 or 2026-07-01..2026-10-01."
        raise ValueError(message)
    year, quarter, month, *days = found.groups()
    if year:
        months = 3 if quarter else 1 if month else 12
        first = 3 * int(quarter) - 2 if quarter else int(month or 1)
        ends = date(int(year), first, 1), _months_after(int(year), first, months)
    else:
        ends = date.fromisoformat(days[0]), date.fromisoformat(days[1])
    wrong = wrong_with(*ends, datetime.now(UTC).date())
    if wrong:
        raise ValueError(next(iter(wrong.values()))[0])
    return ends


def form_of(name: str | None, path: Path | None) -> str:
    """The form asked for, or the one that the file's name ends in; ValueError for none there is."""
    form = name or (path.suffix.removeprefix(".") if path else "") or "html"
    if form not in FORMATS:
        message = f"A report can be had as {', '.join(FORMATS)}, not as {form}."
        raise ValueError(message)
    return form


def write_whole(path: Path, content: bytes) -> None:
    """Write a file in one go: whoever looks sees the old one or the new one, never a part."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        part.chmod(0o644)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _shelved(database: Database, wish: Wish, tell: Callable[[str], None]) -> Shelved:
    tell("looking")
    with database.snapshot(wish.network_id) as cx:
        actor = _first_admin(cx, wish.network_id)
        there = _at_this_revision(cx, actor, wish.order)
    if there:
        return there
    frozen = desk.fulfil(database, actor, wish.order, tell)
    return Shelved(frozen.id, frozen.body, frozen.digest)


def _first_admin(cx: Connection, network_id: UUID) -> Actor:
    row = raw(cx).execute(_ADMIN, (network_id,)).fetchone()
    if row is None:
        raise Problem("unknown_network")
    return Actor(network_id, row[0], None, "admin")


def _at_this_revision(cx: Connection, actor: Actor, order: Order) -> Shelved | None:
    """The report of this order, where one was frozen since the network last changed."""
    asked = {
        "network": actor.network_id,
        "from_on": order.from_on,
        "to_on": order.to_on,
        "boundaries": None if order.boundaries is None else list(order.boundaries),
        "language": order.language,
        "template": order.template,
        "audience": order.audience,
        "method_version": METHOD_VERSION,
    }
    row = raw(cx).execute(_THERE, asked).fetchone()
    return shelf.shelved(row) if row else None


def _months_after(year: int, month: int, months: int) -> date:
    years, before = divmod(month - 1 + months, 12)
    return date(year + years, before + 1, 1)


def _sentence(problem: Problem) -> str:
    wrong = [sentence for each in (problem.fields or {}).values() for sentence in each]
    return problem.detail or " ".join(wrong) or problem.title


_ADMIN = """
SELECT id FROM member WHERE network_id = %s AND role = 'admin' AND ended_at IS NULL
ORDER BY created_at, id LIMIT 1
"""

_THERE = f"""
SELECT {shelf.SHELVED} FROM report
WHERE network_id = %(network)s AND period_from = %(from_on)s AND period_to = %(to_on)s
    AND language = %(language)s AND template = %(template)s AND audience = %(audience)s
    AND method_version = %(method_version)s
    AND revision = (SELECT revision FROM network WHERE id = %(network)s)
    AND boundaries = (
        SELECT coalesce(array_agg(id ORDER BY position, id), '{{}}') FROM boundary
        WHERE network_id = %(network)s AND deleted_at IS NULL AND audience = 'network'
            AND (%(boundaries)s::uuid[] IS NULL OR id = ANY(%(boundaries)s::uuid[]))
    )
ORDER BY id DESC LIMIT 1
"""
