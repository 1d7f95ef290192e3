"""Metrics: what Prometheus collects, added up over all server processes."""

from __future__ import annotations

import os
from collections import Counter as Tally
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead
from prometheus_client.registry import REGISTRY
from prometheus_client.values import ValueClass
from sqlalchemy import event

from api.core.db import database
from api.core.write import decided
from api.sync.hub import listening

from .queue import Queue

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask import Flask
    from prometheus_client.registry import Collector
    from sqlalchemy import Engine

    from api.core.write import Outcome

    from .requests import Answered

blueprint = Blueprint("metrics", __name__)

REQUESTS = Counter("weft_requests", "Requests answered.", ["method", "route", "status"])
SECONDS = Histogram(
    "weft_request_seconds",
    "Time from request to answer.",
    ["method", "route"],
    buckets=(0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)
CHANGES = Counter("weft_changes", "Changes decided, by what came of them.", ["outcome"])
CONNECTIONS = Gauge(
    "weft_connections_in_use",
    "Database connections at work.",
    ["pool"],
    multiprocess_mode="livesum",
)
LISTENERS = Gauge("weft_listeners", "Change streams that are open.", multiprocess_mode="livesum")
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


def watch(app: Flask) -> None:
    """Count changes, listeners and connections of this process from now on."""
    decided.connect(_note_changes)
    listening.connect(_note_listeners)
    for name, engine in app.extensions["database"].engines.items():
        _watch_pool(engine, CONNECTIONS.labels(name))


def _watch_pool(engine: Engine, gauge: Gauge) -> None:
    event.listen(engine, "checkout", lambda *_: gauge.inc())
    event.listen(engine, "checkin", lambda *_: gauge.dec())


def _note_changes(_sender: Any, outcomes: Sequence[Outcome]) -> None:
    for status, times in Tally(outcome.status for outcome in outcomes).items():
        _changes(status).inc(times)


def _note_listeners(_sender: Any, count: int) -> None:
    LISTENERS.set(count)


def count(answered: Answered) -> None:
    """Count an answered request under its route."""
    method = answered.method if answered.method in METHODS else "(other)"
    requests, seconds = _counting(method, answered.route, answered.status)
    requests.inc()
    seconds.observe(answered.seconds)


@lru_cache(100)
def _changes(status: str) -> Counter:
    return CHANGES.labels(status)


@lru_cache(10_000)
def _counting(method: str, route: str, status: int) -> tuple[Counter, Histogram]:
    """Where answers of one sort are counted: looked up once, it takes longer than to count."""
    return REQUESTS.labels(method, route, status), SECONDS.labels(method, route)


@blueprint.route("/metrics")
def show() -> Response:
    """The figures, of all processes where they share a folder, and the state of the queue."""
    registry: CollectorRegistry | Collector = REGISTRY
    if ValueClass.__name__ == "MmapedValue":
        registry = CollectorRegistry()
        shared = MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        _forget_ended(Path(shared._path))  # noqa: SLF001
    text = generate_latest(registry) + generate_latest(Queue(database()))
    return Response(text, content_type="text/plain; version=0.0.4; charset=utf-8")


def _forget_ended(folder: Path) -> None:
    """What a process held when it was killed is held no longer."""
    for held in folder.glob("gauge_live*.db"):
        process = held.stem.rpartition("_")[2]
        if not _is_running(int(process)):
            mark_process_dead(process, str(folder))  # type: ignore[no-untyped-call]


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True
