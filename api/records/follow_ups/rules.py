"""Rules of a follow-up: when it comes due, and what an answer needs."""

from typing import Any

DUE_AFTER_DAYS = (14, 90, 180)
ANSWERS = ("without_connector", "would_turn_to_again", "anyway")


def check(follow_up: Any) -> dict[str, str]:
    """An answer says its outcome and whose it is; without an outcome nothing is answered."""
    if follow_up.outcome is None:
        said = [f for f in (*ANSWERS, "answered_by") if getattr(follow_up, f) is not None]
        return {"outcome": "Say the outcome along with the rest."} if said else {}
    if follow_up.answered_by is None:
        return {"answered_by": "Say whose answer this is: connector or party."}
    return {}
