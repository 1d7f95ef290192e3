"""Reports: one of a network of a million records, frozen, rendered, served; years of releases."""

from __future__ import annotations

import resource
import time
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from api.accounts.commands import add_member
from api.core.actor import Actor
from api.reports import html, pdf, shelf
from api.reports.counts import tally
from api.reports.desk import fulfil
from api.reports.disclosure import OUTSIDE, cells_of, not_safe, protect
from api.reports.facts import Boundary, Facts, Flows, Introductions, Section
from api.reports.order import Order

from . import loads, million
from .client import run
from .report import Line, at_most
from .server import serving
from .world import make_place
from .writes import PRODUCT

if TYPE_CHECKING:
    from api.core.db import Database
    from api.reports.freeze import Frozen
    from api.reports.released import Cells

    from .world import Place

QUARTERS = 12
PERIOD = date(2026, 1, 1), date(2031, 1, 1)


def reports(database: Database) -> list[Line]:
    """Freeze once, cold; render and serve it; then audit twelve quarters together."""
    place = make_place(database, "Bench reports")
    million.fill(database, place)
    actor = _keeper(database, place)
    steps: list[float] = []
    began = time.perf_counter()
    order = Order(*PERIOD, audience="funder")
    frozen = fulfil(database, actor, order, lambda _: steps.append(time.perf_counter()))
    done = time.perf_counter()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return [
        at_most("report of 1,000,000 records frozen, cold", done - began, 10, "s"),
        Line("… of which reading", f"{steps[1] - began:,.1f} s"),
        Line("… of which chance", f"{steps[2] - steps[1]:,.1f} s"),
        at_most("… memory", memory, 600, "MB"),
        *_rendered(database, actor, frozen),
        _served(database, place, actor, frozen),
        _audited(),
    ]


def _keeper(database: Database, place: Place) -> Actor:
    """A coordinator of the place: a connector keeps no reports."""
    with database.transaction() as cx:
        member = add_member(cx, place.network, f"{uuid4().hex}@bench.example", "coordinator")
    return Actor(UUID(str(place.network)), member, None, "coordinator")


def _rendered(database: Database, actor: Actor, frozen: Frozen) -> list[Line]:
    """As a page and on paper, from the shelf, with the libraries not yet loaded."""
    seconds = []
    for make in (html.render, pdf.render):
        began = time.perf_counter()
        with database.snapshot(actor.network_id) as cx:
            found = shelf.take(cx, actor, frozen.id)
        make(found.content(), found.digest, found.around)
        seconds.append(time.perf_counter() - began)
    return [
        at_most("… as a page", seconds[0], 1, "s"),
        at_most("… as a PDF", seconds[1], 5, "s"),
    ]


def _served(database: Database, place: Place, actor: Actor, frozen: Frozen) -> Line:
    """The frozen bytes, to two readers at once."""
    with database.transaction(actor.network_id) as cx:
        shelf.share(cx, actor, frozen.id)
    path = f"/api/v1/networks/{place.network}/reports/{frozen.id}"
    with serving(PRODUCT) as (port, _):
        found = run([loads.gets(port, place, path)] * 2)
    assert not found.failed
    return at_most("a frozen report served, p95", found.percentile(0.95), 50, "ms")


def _audited() -> Line:
    out = list(_quarters())
    began = time.perf_counter()
    assert not not_safe(out)
    return at_most("audit of 12 quarterly releases", time.perf_counter() - began, 5, "s")


def _quarters() -> list[Cells]:
    """Quarters of a small town with two boundaries, each protected with those before in mind."""
    out: list[Cells] = []
    starts = [date(2023 + at // 4, 3 * (at % 4) + 1, 1) for at in range(QUARTERS + 1)]
    for at in range(QUARTERS):
        span = starts[at], starts[at + 1]
        found = tally(_town(at, span))
        shown = protect(found, OUTSIDE["funder"], span, out)
        out.append(cells_of(found, shown, OUTSIDE["funder"], span))
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
