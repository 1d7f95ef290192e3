"""Metrics: what Prometheus collects, added up over all server processes."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from flask import Blueprint, Response, g, request
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import REGISTRY
from prometheus_client.values import ValueClass

from .logs import route

if TYPE_CHECKING:
    from prometheus_client.registry import Collector

blueprint = Blueprint("metrics", __name__)

REQUESTS = Counter("weft_requests", "Requests answered.", ["method", "route", "status"])
SECONDS = Histogram(
    "weft_request_seconds",
    "Time from request to answer.",
    ["method", "route"],
    buckets=(0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


def note(response: Response) -> Response:
    """Count the answer under its route's pattern."""
    method = request.method if request.method in METHODS else "(other)"
    REQUESTS.labels(method, route(), response.status_code).inc()
    SECONDS.labels(method, route()).observe(time.perf_counter() - g.began)
    return response


@blueprint.route("/metrics")
def show() -> Response:
    """The figures, of all processes where they share a folder."""
    registry: CollectorRegistry | Collector = REGISTRY
    if ValueClass.__name__ == "MmapedValue":
        registry = CollectorRegistry()
        MultiProcessCollector(registry)
    text = generate_latest(registry)  # type: ignore[arg-type]
    return Response(text, content_type="text/plain; version=0.0.4; charset=utf-8")
