"""WSGI: the application as a server process loads it."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

from api import create_app

if TYPE_CHECKING:
    from flask import Flask


def create() -> Flask:
    """Build the application, then spare the collector what lives as long as the process."""
    app = create_app()
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)  # a batch of 200 makes thousands of short-lived objects
    return app
