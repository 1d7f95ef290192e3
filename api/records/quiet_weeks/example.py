"""One valid quiet week."""

from typing import Any

EXAMPLE: dict[str, Any] = {"week_on": "2026-04-06"}
