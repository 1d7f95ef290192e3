"""Actor: who acts, in which network, in which role, and what of it they can see."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from .problems import Problem

if TYPE_CHECKING:
    from uuid import UUID

ROLES = ("connector", "coordinator", "admin", "funder")
LOGGERS = ("connector", "coordinator", "admin")  # who logs, and sees it; funders read reports
NETWORK = "network"  # the audience of everyone in the network


@dataclass(frozen=True, slots=True)
class Actor:
    """A member acting in one network. `role` "server" is the product itself: jobs and seeds."""

    network_id: UUID
    member_id: UUID
    user_id: UUID | None
    role: str

    @property
    def scope(self) -> tuple[str, ...]:
        """The audiences this actor may see."""
        return scope_of(self.role, self.member_id)

    @property
    def scope_array(self) -> str:
        """The same as PostgreSQL writes it."""
        return f"{{{','.join(self.scope)}}}"

    def sees(self, audience: str) -> bool:
        """Whether what is of this audience is visible; `policy.VISIBLE` says the same in SQL."""
        return self.role == "server" or audience in self.scope

    def require_role(self, *roles: str) -> None:
        """Raise `out_of_scope` unless the actor has one of these roles."""
        if self.role not in roles:
            raise Problem("out_of_scope", f"This takes the role {' or '.join(roles)}.")


@lru_cache(1_000)
def scope_of(role: str, member_id: UUID) -> tuple[str, ...]:
    """The audiences a member sees in a role: the network's and their own notebook, or none."""
    return () if role == "funder" else (NETWORK, notebook(member_id))


def notebook(member_id: UUID) -> str:
    """The audience of one member's own notebook."""
    return f"own:{member_id}"
