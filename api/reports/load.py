"""Load: the facts of one network in one period, a few set-wise statements at one moment."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, time
from functools import lru_cache
from itertools import combinations
from typing import TYPE_CHECKING, Any
from uuid import UUID

from psycopg.adapt import Loader
from psycopg.pq import Format

from api.core.driver import raw
from api.core.problems import Problem

from . import sql
from .facts import (
    Agreement,
    Basis,
    Boundary,
    Facts,
    Flows,
    FollowUps,
    Introductions,
    Pair,
    Section,
    Spaces,
)
from .memory import keeping_everything

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from psycopg.abc import Buffer
    from sqlalchemy import Connection

    from .order import Moment, Order


def load(cx: Connection, network_id: UUID, order: Order, beside: Connection | None = None) -> Facts:
    """Everything a report of this order counts; call it inside a snapshot.

    A second connection of the same moment reads what `cx` does not, at the same time.
    """
    asked = _asked(network_id, order)
    for each in filter(None, (cx, beside)):
        for setting in sql.PLANNED:
            raw(each).execute(setting)
    with keeping_everything(), ThreadPoolExecutor(1) as other:
        logged = other.submit(_logged, beside, asked) if beside else None
        made = _made(cx, asked)
        found = made | (logged.result() if logged else _logged(cx, asked))
        return Facts(order.from_on, order.to_on, year_before(order.to_on), **found)


def _asked(network_id: UUID, order: Order) -> dict[str, Any]:
    """What the statements ask for, by name."""
    year_from = year_before(order.to_on)
    return {
        "network": network_id,
        "boundaries": None if order.boundaries is None else list(order.boundaries),
        "from_on": order.from_on,
        "to_on": order.to_on,
        "from_at": midnight(order.from_on),
        "to_at": midnight(order.to_on),
        "year_at": midnight(year_from),
        "since_at": midnight(min(order.from_on, year_from)),
    }


def _made(cx: Connection, asked: dict[str, Any]) -> dict[str, Any]:
    """The half of the facts, by name, that comes of introductions and groups."""
    made = _rows(cx, sql.MADE, asked)
    earlier = _introductions(made, in_period=False)
    return {
        "introductions": tuple(_introductions(made, in_period=True)),
        "earlier": tuple(row for row in earlier if row.status == "made"),
        "pairs": _pairs(made),
        "boundaries": _boundaries(cx, asked),
        "groups": tuple(row[0] for row in _rows(cx, sql.GROUPS, asked)),
    }


def _logged(cx: Connection, asked: dict[str, Any]) -> dict[str, Any]:
    """The other half: all else that was logged, and what was answered."""
    follow_ups = tuple(FollowUps(*row) for row in _rows(cx, sql.ASKED, asked))
    return {
        "flows": tuple(Flows(*row) for row in _rows(cx, sql.FLOWED, asked)),
        "basis": _basis(cx, asked, follow_ups),
        "follow_ups": follow_ups,
        "agreement": _agreement(cx, asked),
        "spaces": tuple(Spaces(tuple(row[0]), *row[1:]) for row in _rows(cx, sql.SPACES, asked)),
    }


def require_boundaries(order: Order, facts: Facts) -> None:
    """Raise `validation_failed` for a boundary that is not in the network, or no longer."""
    here = {boundary.id for boundary in facts.boundaries}
    missing = {
        f"boundaries.{at}": ["There is no such boundary in this network."]
        for at, asked in enumerate(order.boundaries or ())
        if asked not in here
    }
    if missing:
        raise Problem("validation_failed", fields=missing)


def require_life(order: Order, moment: Moment) -> None:
    """Raise `validation_failed` for a period that begins over a year before the network did.

    So its first quarter and its first year can be reported on, whenever in them it began.
    """
    if order.from_on < (earliest := year_before(moment.began_on)):
        sentence = f"The network began on {moment.began_on}: begin on {earliest} or later."
        raise Problem("validation_failed", fields={"period.from": [sentence]})


def year_before(day: date) -> date:
    """The same day a year earlier; of 29 February, the 28th."""
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)


def midnight(day: date) -> datetime:
    """When a day begins, in UTC."""
    return datetime.combine(day, time(), UTC)


def _introductions(made: Collection[Any], *, in_period: bool) -> Iterator[Introductions]:
    for groups, status, is_in, *more, _first, _last in made:
        if is_in == in_period:
            yield Introductions(tuple(groups), status, *more)


def _boundaries(cx: Connection, asked: dict[str, Any]) -> tuple[Boundary, ...]:
    declared: dict[UUID, dict[UUID, frozenset[UUID]]] = {}
    for boundary_id, group_id, section_ids in _rows(cx, sql.DECLARED, asked):
        declared.setdefault(boundary_id, {})[group_id] = frozenset(section_ids)
    sections: dict[UUID, list[Section]] = {}
    for boundary_id, *section in _rows(cx, sql.SECTIONS, asked):
        sections.setdefault(boundary_id, []).append(Section(*section))
    return tuple(
        Boundary(
            id_,
            name,
            question or "",
            tuple(sections.get(id_, ())),
            declared.get(id_, {}),
        )
        for id_, name, question in _rows(cx, sql.BOUNDARIES, asked)
    )


def _basis(cx: Connection, asked: dict[str, Any], follow_ups: tuple[FollowUps, ...]) -> Basis:
    ((connectors, active, logged, each),) = _rows(cx, sql.WEEKS, asked)
    ((logs, median, late, late_hours),) = _rows(cx, sql.LAG, asked)
    ((meetings,),) = _rows(cx, sql.MEETINGS, asked)
    answered = [row for row in follow_ups if row.outcome is not None]
    return Basis(
        connectors=connectors,
        weeks_active=active,
        weeks_logged=logged,
        follow_ups_due=sum(row.count for row in follow_ups),
        follow_ups_answered=sum(row.count for row in answered),
        logs=logs,
        lag_hours=median,
        ids_due=b"".join(row.ids for row in follow_ups),
        ids_answered=b"".join(row.ids for row in answered),
        late=late,
        late_hours=late_hours,
        logs_each=tuple(each),
        ids_meetings=meetings,
    )


def _agreement(cx: Connection, asked: dict[str, Any]) -> Agreement:
    (row,) = _rows(cx, sql.AGREEMENT, asked)
    return Agreement(*row)


def _pairs(made: Collection[Any]) -> tuple[Pair, ...]:
    """Each two groups introduced, in order, and whether one connector did all of it in the year."""
    found: dict[tuple[UUID, UUID], tuple[bool, set[int]]] = {}
    for groups, status, in_period, *_, first, last in made:
        if status == "made":
            for pair in combinations(groups, 2):
                is_in, by = found.setdefault(pair, (False, set()))
                by.update(code for code in (first, last) if code)
                found[pair] = is_in or in_period, by
    return tuple(
        Pair(pair, is_in, bool(by), len(by) == 1)
        for pair, (is_in, by) in sorted(found.items(), key=_in_order)
    )


def _in_order(item: tuple[tuple[UUID, UUID], object]) -> tuple[int, int]:
    """Numbers are compared many times faster than ids."""
    (a, b), _ = item
    return a.int, b.int


def _rows(cx: Connection, statement: str, asked: dict[str, Any]) -> Collection[Any]:
    cursor = raw(cx).cursor(binary=True)
    cursor.adapters.register_loader("uuid", _SameId)
    return cursor.execute(statement, asked).fetchall()


class _SameId(Loader):
    """One object for one id, however often it is read: what is the same need not be compared."""

    format = Format.BINARY

    def load(self, data: Buffer) -> UUID:
        return _id(bytes(data))


@lru_cache(maxsize=16_384)
def _id(data: bytes) -> UUID:
    return UUID(bytes=data)
