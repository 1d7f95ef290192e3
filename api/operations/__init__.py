"""Operations: what whoever runs the server looks at: health, metrics, logs."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from . import health, logs, requests

if TYPE_CHECKING:
    from flask import Flask

    from api.settings import Settings


def install(app: Flask, settings: Settings) -> None:
    """Give every request an id, a log line and its place in the figures."""
    from . import metrics  # late: its library looks once, as it loads, whether figures are shared

    requests.watch(app, partial(logs.write, logs.configure(settings)), metrics.count)
    metrics.watch(app)
    app.register_blueprint(health.blueprint)
    app.register_blueprint(metrics.blueprint)
