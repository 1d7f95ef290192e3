"""One valid boundary."""

from typing import Any

EXAMPLE: dict[str, Any] = {
    "name": "Neighbourhood",
    "question": "Which side of the river do most of you live on?",
    "position": 1,
}
