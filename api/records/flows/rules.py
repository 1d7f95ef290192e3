"""Rules of a flow: it goes from one group to another, and an amount has a unit."""

from typing import Any


def check(flow: Any) -> dict[str, str]:
    """Two different groups; a quantity says of what."""
    broken: dict[str, str] = {}
    if flow.from_group_id == flow.to_group_id:
        broken["to_group_id"] = "A flow goes to another group than it came from."
    if flow.quantity is not None and not flow.unit:
        broken["unit"] = "Say what the quantity counts: hours, chairs, pounds."
    return broken
