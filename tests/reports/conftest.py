"""What tests of reports share: a network with one river, and four weeks of logs in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import pytest

from api.core.actor import Actor
from api.core.write import Change, apply

if TYPE_CHECKING:
    from collections.abc import Callable

    from werkzeug.test import TestResponse

    from tests.fixtures.networks import Network

PERIOD = {"from": "2025-01-06", "to": "2025-02-03"}  # four weeks from Monday to Sunday


@dataclass(frozen=True, slots=True)
class Place:
    """A network and the ids of what is in it."""

    network: Network
    ids: dict[str, UUID]

    def visit(self, method: str, path: str, role: str, **more: Any) -> TestResponse:
        """Request as a member: `place.visit("GET", "reports", "funder")`."""
        return self.network.members[role].ask(method, path, **more)

    def freeze(self, **order: Any) -> dict[str, Any]:
        """Freeze a report of the four weeks as the coordinator, and read the answer."""
        made = self.visit("POST", "reports", "coordinator", json={"period": PERIOD} | order)
        assert made.status_code == 201, made.json
        return made.json

    def release(self, **order: Any) -> str:
        """Freeze a report for funders, share it with the groups, release it; its id."""
        id_: str = self.freeze(**{"audience": "funder"} | order)["id"]
        for step in ("share", "release"):
            done = self.visit("POST", f"reports/{id_}/{step}", "coordinator")
            assert done.status_code == 200, done.json
        return id_

    def write(self, role: str, *changes: Change) -> None:
        """Apply changes as a member or the server, all of which must be done."""
        member = self.network.members.get(role, self.network.admin)
        actor = Actor(self.network.id, member.member_id, None, role)
        with self.network.database.transaction(self.network.id) as cx:
            outcomes = apply(cx, actor, changes)
        assert [outcome.problem.body() for outcome in outcomes if outcome.problem] == []


@pytest.fixture
def place(make_network: Callable[[], Network]) -> Place:
    """A network with its river, eight groups and what its connector logged."""
    found = Place(make_network(), {name: uuid4() for name in NAMES})
    found.write("coordinator", *_frame(found.ids))
    found.write("connector", *_logs(found.ids))
    found.write("server", *_follow_ups(found.ids))
    return found


GROUPS = {bank: [f"{bank[0]}{at}" for at in range(4)] for bank in ("north", "south")}
NAMES = ("river", *GROUPS, *GROUPS["north"], *GROUPS["south"])


def _frame(ids: dict[str, UUID]) -> list[Change]:
    """The river, its banks and four groups on each."""
    river = {"name": "River", "question": "Which bank?", "position": 1}
    banks = [
        Change(
            "sections", ids[name], {"boundary_id": str(ids["river"]), "name": name, "position": at}
        )
        for at, name in enumerate(("north", "south"))
    ]
    groups = [
        Change(
            "groups",
            ids[name],
            {
                "name": f"Group {name}",
                "type": "association",
                "status": "active",
                "sections": [{"section_id": str(ids[bank]), "share": 1}],
            },
        )
        for bank, names in GROUPS.items()
        for name in names
    ]
    return [Change("boundaries", ids["river"], river), *banks, *groups]


def introduction(ids: dict[str, UUID], a: str, b: str, **changes: Any) -> Change:
    """One introduction of two groups, made in the period unless told otherwise."""
    values = {
        "made_at": "2025-01-08T12:00:00Z",
        "parties": [{"group_id": str(ids[a])}, {"group_id": str(ids[b])}],
        "known_before": "no",
        "status": "made",
    }
    audience = changes.pop("audience", None)
    id_ = ids.setdefault(changes.pop("called", ""), uuid4())
    ids.pop("", None)
    return Change("introductions", id_, values | changes, audience=audience)


def _logs(ids: dict[str, UUID]) -> list[Change]:
    """12 introductions across, 24 within, 2 declined; 3 flows there and 1 back; a quiet week."""
    within = [(bank + str(a), bank + str(b)) for bank in "ns" for a in range(4) for b in range(a)]
    made = [introduction(ids, f"n{at % 4}", f"s{at // 4}", called=f"i{at}") for at in range(12)]
    made += [introduction(ids, a, b) for a, b in within for _ in range(2)]
    made += [introduction(ids, "n0", "s3", status="declined") for _ in range(2)]
    outside = [
        introduction(ids, "n0", "s0", made_at="2025-02-03T00:00:00Z"),
        introduction(ids, "n0", "s0", made_at="2025-01-05T23:59:59Z"),
    ]
    flows = [
        ("n0", "s0", "goods"),
        ("n0", "s0", "time"),
        ("n1", "s1", "goods"),
        ("s0", "n0", "skill"),
    ]
    return [*made, *outside, *(_flow(ids, *flow) for flow in flows), _quiet("2025-01-20")]


def _flow(ids: dict[str, UUID], giver: str, taker: str, resource: str) -> Change:
    values = {
        "happened_at": "2025-01-15T12:00:00Z",
        "resource": resource,
        "from_group_id": str(ids[giver]),
        "to_group_id": str(ids[taker]),
        "status": "delivered",
    }
    return Change("flows", uuid4(), values)


def _quiet(monday: str) -> Change:
    return Change("quiet-weeks", uuid4(), {"week_on": monday})


def _follow_ups(ids: dict[str, UUID]) -> list[Change]:
    """Four due, one of them answered."""
    answer = {"answered_by": "party", "outcome": "ongoing"}
    return [
        Change(
            "follow-ups",
            uuid4(),
            {"introduction_id": str(ids[f"i{at}"]), "due_on": "2025-01-22"}
            | (answer if not at else {}),
        )
        for at in range(4)
    ]
