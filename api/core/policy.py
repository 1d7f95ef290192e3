"""Policy: who may do what. One table; its SQL filters lists and judges single records alike.

Reading: a record is visible when its audience is in the actor's scope (`Actor.scope`).
Writing: each kind names a row of MAY_WRITE; per role it says whether a record may be made and
which present records, as a criterion over the row `r`, may be changed or removed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .actor import Actor
    from .record import RecordType

VISIBLE = "r.audience = ANY(:scope)"
OWN = "r.author_id = :member"
KEPT = "r.audience = 'own:' || CAST(CAST(:member AS uuid) AS text)"  # in their notebook
SHARED = "r.audience = 'network'"
PROPOSED = f"{OWN} AND r.status = 'proposed'"


@dataclass(frozen=True, slots=True)
class May:
    """What one role may do with one sort of kind."""

    create: bool
    change: str = "false"  # SQL over the present row
    remove: str | None = None  # SQL likewise; as `change` when not said
    status: str | None = None  # the only status this role may give


STEWARD = May(
    create=True, change=f"({SHARED}) OR ({OWN})", remove=f"({SHARED}) OR ({OWN}) OR ({KEPT})"
)
MAY_WRITE: dict[str, dict[str, May]] = {
    # the frame of the network: boundaries and sections
    "coordinators": {
        "coordinator": STEWARD,
        "admin": STEWARD,
    },
    # groups and spaces: anyone who logs may propose, a coordinator accepts
    "proposers": {
        "connector": May(create=True, change=PROPOSED, status="proposed"),
        "coordinator": STEWARD,
        "admin": STEWARD,
    },
    # what people log: theirs to change; a coordinator sees to what the network shares
    "connectors": {
        "connector": May(create=True, change=OWN, remove=f"({OWN}) OR ({KEPT})"),
        "coordinator": STEWARD,
        "admin": STEWARD,
    },
    # follow-ups: made by the server as they come due, answered by those they are about
    "server": {
        "connector": May(create=False, change=OWN, remove="false"),
        "coordinator": May(create=False, change=SHARED, remove="false"),
        "admin": May(create=False, change=SHARED, remove="false"),
    },
}
EVERYTHING = May(create=True, change="true")
NOTHING = May(create=False)


def may_write(kind: RecordType, actor: Actor) -> May:
    """The row of the table that holds for this actor; the server may do everything."""
    if actor.role == "server":
        return EVERYTHING
    return MAY_WRITE[kind.writers].get(actor.role, NOTHING)
