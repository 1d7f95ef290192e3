"""One valid follow-up, answered."""

from typing import Any

EXAMPLE: dict[str, Any] = {
    "introduction_id": "0197b0c4-6a10-7cc3-8f00-000000000006",
    "due_on": "2026-06-29",
    "asked_on": "2026-06-30",
    "answered_by": "connector",
    "outcome": "ongoing",
    "without_connector": True,
    "would_turn_to_again": "yes",
    "anyway": "no",
}
