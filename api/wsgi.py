"""WSGI: the application as a server process loads it."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

from granian.utils.proxies import wrap_wsgi_with_proxy_headers

from api import create_app
from api.server import before_stopping, hand_streams_over

if TYPE_CHECKING:
    from collections.abc import Iterable

    from _typeshed.wsgi import StartResponse, WSGIEnvironment
    from flask import Flask


PROXIES = ["127.0.0.1", "::1"]  # only a proxy on this machine is believed
FORWARDED = "HTTP_X_FORWARDED_FOR"


def create() -> Flask:
    """Build the application, then spare the collector what lives as long as the process."""
    app = name_clients(create_app())
    hand_streams_over()
    before_stopping(app.extensions["hub"].close)
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)  # a batch of 200 makes thousands of short-lived objects
    return app


def name_clients(app: Flask) -> Flask:
    """Behind a reverse proxy, tell clients apart by the address that the proxy saw."""
    plain = app.wsgi_app
    proxied = wrap_wsgi_with_proxy_headers(plain, PROXIES)

    def answer(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        return (proxied if FORWARDED in environ else plain)(environ, start)

    app.wsgi_app = answer  # type: ignore[method-assign]
    return app
