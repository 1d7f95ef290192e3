"""Reports: one of a large network frozen, and the audit of three years of releases."""

from __future__ import annotations

import resource
import time
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from api.reports.counts import tally
from api.reports.disclosure import RULES, cells_of, not_safe, protect
from api.reports.facts import Boundary, Facts, Flows, Introductions, Section
from api.reports.freeze import freeze
from api.reports.load import load
from api.reports.order import Order
from api.reports.shelf import moment_of

from . import maps
from .report import Line, at_most
from .world import make_place

if TYPE_CHECKING:
    from api.core.db import Database
    from api.reports.released import Cells

INTRODUCTIONS, QUARTERS = 333_000, 12  # with their two parties each, a million rows
PERIOD = date(2026, 1, 1), date(2031, 1, 1)


def reports(database: Database) -> list[Line]:
    """Freeze once, cold; then audit twelve quarters together."""
    place = make_place(database, "Bench reports")
    maps.fill(database, place, INTRODUCTIONS)
    maps.analyze(database)
    network = UUID(str(place.network))
    began = time.perf_counter()
    order = Order(*PERIOD, audience="funder")
    with database.snapshot(network) as cx:
        moment, facts = moment_of(cx, network), load(cx, network, order)
    loaded = time.perf_counter() - began
    freeze(uuid4(), order, facts, moment)
    frozen = time.perf_counter() - began
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    out = list(_quarters())
    began = time.perf_counter()
    assert not not_safe(out)
    return [
        at_most("report of 1,000,000 rows frozen, cold", frozen, 10, "s"),
        Line("… of which reading", f"{loaded:,.1f} s"),
        at_most("… memory", memory, 600, "MB"),
        at_most("audit of 12 quarterly releases", time.perf_counter() - began, 5, "s"),
    ]


def _quarters() -> list[Cells]:
    """Quarters of a small town with two boundaries, each protected with those before in mind."""
    out: list[Cells] = []
    starts = [date(2023 + at // 4, 3 * (at % 4) + 1, 1) for at in range(QUARTERS + 1)]
    for at in range(QUARTERS):
        span = starts[at], starts[at + 1]
        found = tally(_town(at, span))
        shown = protect(found, RULES["funder"], span, out)
        out.append(cells_of(found, shown, RULES["funder"], span))
    return out


def _town(at: int, span: tuple[date, date]) -> Facts:
    groups = [UUID(int=100 + number) for number in range(24)]
    boundaries = tuple(
        Boundary(
            UUID(int=number),
            "",
            "",
            tuple(Section(UUID(int=10 * number + side), "") for side in range(4)),
            {
                group: frozenset({UUID(int=10 * number + (place // number) % 4)})
                for place, group in enumerate(groups)
            },
        )
        for number in (1, 2)
    )
    pairs = [(groups[i], groups[(i * 7 + at + 1) % 24]) for i in range(24)]
    return Facts(
        *span,
        span[0],
        boundaries,
        tuple(Introductions(pair, "made", 1 + (at + i) % 3) for i, pair in enumerate(pairs)),
        tuple(Flows(*pair, "goods", "delivered", 1, 1) for pair in pairs[::2]),
    )
