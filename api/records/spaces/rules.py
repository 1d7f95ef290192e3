"""Rules of a space: somebody's home is a type and nothing else."""

from typing import Any

HIDDEN_AT_HOME = ("name", "geometry", "address", "opening_hours", "steward_group_id")


def check(space: Any) -> dict[str, str]:
    """A home has no name, position or address; any other place has a name and a position."""
    if space.type == "home":
        said = [f for f in HIDDEN_AT_HOME if getattr(space, f) is not None]
        return dict.fromkeys(said, "Leave this out: a home is logged by its type alone.")
    needed = ["name"] if space.type == "online" else ["name", "geometry"]
    return {f: "This kind of place needs it." for f in needed if getattr(space, f) is None}
