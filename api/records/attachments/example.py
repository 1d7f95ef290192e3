"""One valid attachment."""

from typing import Any

EXAMPLE: dict[str, Any] = {
    "introduction_id": "0197b0c4-6a10-7cc3-8f00-00000000000a",
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "size": 48213,
    "mime": "image/jpeg",
    "caption": "The hall before the supper",
}
