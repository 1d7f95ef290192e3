"""Rules of an introduction: its parties are not one and the same."""

from typing import Any


def check(introduction: Any) -> dict[str, str]:
    """The same group may stand twice only with two different people."""
    seen: set[tuple[Any, Any]] = set()
    for i, party in enumerate(introduction.parties):
        key = (party.group_id, party.person_id)
        if key in seen:
            sentence = "This party is already there; one group twice needs two different people."
            return {f"parties.{i}": sentence}
        seen.add(key)
    return {}
