"""What the database alone can refuse: it spoils no other change, and no group is half done."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from api.core import driver, write
from api.core.db import Database
from api.core.write import Change, apply

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from api.core.change import Outcome
    from tests.fixtures.networks import Network, Town

TAKEN = {"week_on": "2026-04-06"}
MONDAY = dt.date(2026, 5, 4)
FREE = {"week_on": "2026-04-13"}


@pytest.fixture
def send(network: Network) -> Any:
    """Apply changes as the connector, whose week is taken already, and commit."""

    def sent(*changes: Change) -> list[Outcome]:
        with network.database.transaction(network.id) as cx:
            return apply(cx, network.connector.actor, changes)

    sent(quiet(TAKEN))
    return sent


def quiet(values: dict[str, Any], **more: Any) -> Change:
    return Change("quiet-weeks", uuid4(), values, **more)


def introduction(town: Town, **more: Any) -> Change:
    return Change("introductions", uuid4(), town.introduction(), **more)


def test_of_a_group_none_is_done(network: Network, town: Town, send: Any) -> None:
    own = [introduction(town, group="a"), quiet(TAKEN, group="a"), introduction(town, group="a")]
    before = network.revision
    outcomes = send(own[0], introduction(town), own[1], quiet(FREE), own[2])
    assert [o.status for o in outcomes] == [
        "rejected", "applied", "rejected", "applied", "rejected",
    ]  # fmt: skip
    assert [outcomes[i].revision for i in (1, 3)] == [before + 1, before + 2], "none was used up"
    codes = [outcomes[i].problem.code for i in (0, 2, 4)]
    assert codes == ["dependency_failed", "already_exists", "dependency_failed"]
    assert network.rows("SELECT count(*) FROM introduction") == [(1,)]
    assert network.rows("SELECT count(*) FROM quiet_week") == [(2,)]


def test_a_group_that_only_breaks_together_is_refused_whole(network: Network, send: Any) -> None:
    outcomes = send(quiet(FREE, group="a"), quiet(FREE, group="a"))
    assert [o.problem.code for o in outcomes] == ["dependency_failed", "already_exists"]
    assert network.rows("SELECT count(*) FROM quiet_week") == [(1,)]


def test_a_refused_group_stays_refused_when_sent_again(send: Any, town: Town) -> None:
    group = [introduction(town, group="a"), quiet(TAKEN, group="a")]
    first = send(*group)
    again = send(*group)
    assert [(o.status, o.first) for o in again] == [("duplicate", "rejected")] * 2
    assert [o.problem.code for o in again] == [o.problem.code for o in first]


def test_what_builds_on_it_fails_with_it(send: Any) -> None:
    refused = quiet(TAKEN)
    later = Change("quiet-weeks", refused.id, TAKEN, base_version=refused.change_id)
    outcomes = send(refused, later)
    assert [o.problem.code for o in outcomes] == ["already_exists", "dependency_failed"]


def test_what_refers_to_it_is_told_so(network: Network, town: Town, send: Any) -> None:
    listing = {"side": "need", "resource": "time", "group_id": town.groups[0], "description": "x"}
    made = Change("listings", uuid4(), listing)
    ends = {"from_group_id": town.groups[0], "to_group_id": town.groups[1]}
    values = {"happened_at": "2026-04-01T10:00:00Z", "resource": "time", "listing_id": str(made.id)}
    outcomes = send(quiet(TAKEN), made, Change("flows", uuid4(), values | ends))
    assert [o.status for o in outcomes] == ["rejected", "applied", "applied"]


def test_revisions_stay_dense(network: Network, town: Town, send: Any) -> None:
    before = network.revision
    outcomes = send(introduction(town), quiet(TAKEN), introduction(town))
    assert [o.revision for o in outcomes] == [before + 1, None, before + 2]
    assert network.revision == before + 2


def test_it_says_what_to_a_person(network: Network, send: Any) -> None:
    refused = network.connector.post("quiet-weeks", TAKEN)
    assert (refused.status_code, refused.json["code"]) == (409, "already_exists")
    assert refused.json["detail"] == "You have said this of that week already."


def test_what_was_removed_frees_its_place(network: Network, send: Any) -> None:
    (taken,) = network.connector.get("quiet-weeks").json["items"]
    path = f"quiet-weeks/{taken['id']}"
    assert network.connector.delete(path, If_Match="*").status_code == 204
    assert network.connector.post("quiet-weeks", TAKEN).status_code == 201


def test_the_version_a_merge_made_is_nobodys_operation_id(
    network: Network, town: Town, send: Any
) -> None:
    first = introduction(town)
    send(first)
    for more in ({"channel": "phone"}, {"purpose": "A hall"}):
        values = town.introduction(**more)
        (merged,) = send(Change("introductions", first.id, values, base_version=first.change_id))
    assert merged.status == "merged"
    (refused,) = send(introduction(town, change_id=merged.version))
    assert refused.problem.code == "op_id_reused"
    shown = {change["id"]: change["data"] for change in network.colleague.pull()[0]}
    assert shown[str(first.id)]["purpose"] == "A hall"
    assert str(refused.change.id) not in shown


def test_who_comes_in_between_keeps_their_revision(
    network: Network, town: Town, send: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def begin_again(cx: Connection) -> None:
        driver.begin_again(cx)  # and so the lock is free
        between.append(network.colleague.make("introductions", town.introduction()))

    between: list[dict[str, Any]] = []
    monkeypatch.setattr(write, "begin_again", begin_again)
    before, kinds = network.revision, {"introductions": town.introduction(), "quiet-weeks": TAKEN}
    ops = [
        {"op_id": str(uuid4()), "id": str(uuid4()), "kind": kind, "action": "put", "data": data}
        for kind, data in kinds.items()
    ]
    applied, refused = network.connector.push(*ops)
    assert (applied["status"], refused["status"]) == ("applied", "rejected")
    assert (between[0]["revision"], applied["revision"]) == (before + 1, before + 2)
    assert network.revision == before + 2


@pytest.mark.parametrize("before", range(8))
def test_a_refusal_leaves_the_connection_well(
    network: Network, send: Any, database_url: str, before: int
) -> None:
    fresh = Database(database_url, 1)  # its driver prepares a statement at the fifth use or so
    weeks = [quiet({"week_on": str(MONDAY + dt.timedelta(weeks=n))}) for n in range(before + 1)]
    for change in (quiet(TAKEN), *weeks[:-1], quiet(TAKEN), weeks[-1]):
        with fresh.transaction(network.id) as cx:
            (outcome,) = apply(cx, network.connector.actor, [change])
        assert outcome.is_done == (change.values != TAKEN)
    fresh.close()
