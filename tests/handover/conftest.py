"""Handing over: a connector with all that can be handed over, and somebody to take it."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from api.accounts.members import changing_members, end_membership
from api.jobs.follow_ups import make_due_follow_ups
from api.records.people.example import EXAMPLE
from tests.database import WAITING

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection

    from tests.fixtures.networks import Member, Network, Town

SOON, LATE = dt.date(2026, 4, 20), dt.date(2026, 7, 20)  # 14 and 90 days after an introduction


@dataclass
class Desk:
    """A connector with an open follow-up, an answered one, and three people in their notebook."""

    network: Network
    town: Town
    question: str
    answered: str
    told: str
    untold: str
    declined: str

    def offer(self, who: Member | None = None, status: int = 201, **more: Any) -> Any:
        """The connector offers to the colleague."""
        values = {"receiver_id": str(self.network.colleague.member_id)} | more
        answer = (who or self.network.connector).post("handovers", values)
        assert answer.status_code == status, answer.text
        return answer.json

    def accept(self, handover: str, who: Member | None = None) -> Any:
        """The colleague accepts."""
        return (who or self.network.colleague).post(f"handovers/{handover}/accept", {})

    def meanwhile(self, first: Callable[[Connection], None], then: Callable[[], Any]) -> Any:
        """What `then` answers that began while `first` was under way, and waits for it."""
        with ThreadPoolExecutor(1) as pool:
            with self.network.database.transaction(self.network.id) as cx:
                first(cx)
                asked = pool.submit(then)
                while not self.network.rows(WAITING):
                    assert not asked.done(), "it did not wait"
            return asked.result()

    def leave(self, who: Member) -> None:
        """Somebody's membership ends."""
        with (
            self.network.database.transaction(self.network.id) as cx,
            changing_members(cx, self.network.id),
        ):
            end_membership(cx, self.network.id, who.member_id)

    def asked(self) -> dict[str, str]:
        """Whose each follow-up is."""
        items = self.network.coordinator.get("follow-ups?limit=500").json["items"]
        return {each["id"]: each["author_id"] for each in items}


@pytest.fixture
def desk(network: Network, town: Town) -> Desk:
    mine = network.connector
    one, other = (mine.make("introductions", town.introduction())["id"] for _ in range(2))
    make_due_follow_ups(network.database, SOON)
    due = {f["introduction_id"]: f["id"] for f in mine.get("follow-ups").json["items"]}
    answer = {"outcome": "ongoing", "answered_by": "connector"}
    assert mine.post(f"follow-ups/{due[other]}/answer", answer).status_code == 200
    states = {"given": "2026-03-30", "not_given": None, "declined": "2026-03-30"}
    people = [
        mine.make("people", EXAMPLE | {"group_ids": [], "notice": notice, "notice_on": day})["id"]
        for notice, day in states.items()
    ]
    return Desk(network, town, due[one], due[other], *people)
