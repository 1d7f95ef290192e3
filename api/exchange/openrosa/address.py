"""Address: where a phone with a key finds this server, as text and as Collect's settings."""

from __future__ import annotations

import base64
import json
import zlib
from typing import TYPE_CHECKING, Any

from flask import current_app, request

if TYPE_CHECKING:
    from api.settings import Settings


def here() -> str:
    """Where people reach this server: at its public address, or else where it was just asked."""
    settings: Settings = current_app.extensions["settings"]
    return settings.public_url or request.host_url


def address(base: str, key: str) -> str:
    """The server's address to type into Collect."""
    return f"{base.rstrip('/')}/key/{key}"


def settings_of(url: str, project: str) -> dict[str, Any]:
    """Collect's own settings: keep the forms as the server has them, send when there is a net."""
    return {
        "general": {
            "server_url": url,
            "form_update_mode": "match_exactly",
            "autosend": "wifi_and_cellular",
        },
        "admin": {},
        "project": {"name": project},
    }


def as_qr_text(settings: dict[str, Any]) -> str:
    """The text of a QR code that Collect reads: JSON, deflated, in base64."""
    return base64.b64encode(zlib.compress(json.dumps(settings).encode())).decode()
