"""A batch comes out as if its changes had been sent one by one: same verdicts, same rows."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4, uuid5

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.core.change import Change, prepare
from api.core.write import apply, apply_prepared

if TYPE_CHECKING:
    from collections.abc import Callable

    from api.core.change import Outcome
    from tests.fixtures.networks import Network, Town

SPACE = UUID("0197b0c4-0000-7000-8000-000000000000")
# An audience that a record only passed through inside a batch never heard of it: live rows alone.
TABLES = {
    "listing": "id, version, audience, deleted_at IS NULL, description, status, group_id",
    "grp": "id, version, audience, deleted_at IS NULL, name, status",
    "history": "version, record_id, audience, is_gone, base, ancestors, data",
    "sync_index WHERE is_live": "kind, record_id, audience, version",
    "op_ledger": "op_id, record_id, status, version, error, payload",
}
# (which record, which fields, which earlier change it builds on, whether it removes, audience)
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["listings", "listings", "groups"]),
        st.integers(0, 1),
        st.fixed_dictionaries(
            {},
            optional={
                "text": st.sampled_from(["Hours", "Chairs", "", "Tea"]),
                "status": st.integers(0, 2),
                "group": st.integers(0, 3),
            },
        ),
        st.none() | st.integers(1, 8),
        st.integers(0, 5).map(lambda n: n == 0),
        st.sampled_from([None, None, None, "network", "own", "foreign"]),
        st.none() | st.integers(1, 3),
    ),
    min_size=2,
    max_size=9,
)
numbers = count()


def change(step: Any, number: int, before: list[Change], run: UUID, network: Network) -> Change:
    """One step as a change; ids are the same in both networks, audiences each its own."""
    kind, which, edits, back, removes, audience, behind = step
    base = before[-back].change_id if back and back <= len(before) else None
    text, status = edits.get("text", "First"), edits.get("status", 0)
    group = uuid5(run, f"groups {edits.get('group', 0)}")
    values: dict[str, Any] = (
        {"side": "need", "resource": "time", "description": text, "group_id": str(group)}
        | {"status": ("open", "met", "closed")[status]}
        if kind == "listings"
        else {"name": text, "type": "arts", "status": ("proposed", "active", "retired")[status]}
    )
    spoken = {"own": network.connector.notebook, "foreign": network.colleague.notebook}
    return Change(
        kind,
        uuid5(run, f"{kind} {which}"),
        None if removes else values,
        base_version=base,
        change_id=uuid5(run, f"change {number}"),
        remove=removes,
        audience=spoken.get(audience, audience),
        ancestors=tuple(c.change_id for c in before[-behind:]) if behind else (),
    )


def told(outcome: Outcome, first: int) -> tuple[Any, ...]:
    """The verdict; revisions counted from where the network stood."""
    problem = outcome.problem
    return (
        outcome.status,
        problem and problem.code,
        problem and problem.fields,
        outcome.version,
        outcome.revision and outcome.revision - first,
    )


def rows(network: Network) -> dict[str, list[str]]:
    """What stands in the tables, with the members' names for their notebooks."""
    found = {}
    for table, columns in TABLES.items():
        lines = sorted(str(row) for row in network.rows(f"SELECT {columns} FROM {table}"))
        for name, member in network.members.items():
            lines = [line.replace(str(member.member_id), name) for line in lines]
        found[table] = lines
    return found


@pytest.mark.parametrize("role", ["connector", "coordinator"])
@settings(
    max_examples=60,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
@given(steps=STEPS, split=st.integers(0, 8))
def test_together_is_as_one_by_one(
    role: str, make_network: Callable[[], Network], steps: Any, split: int
) -> None:
    run = uuid5(SPACE, str(next(numbers)))
    together, singly = (
        carry_out(make_network(), role, run, steps, split, is_batch=is_batch)
        for is_batch in (True, False)
    )
    assert together == singly


def carry_out(
    network: Network, role: str, run: UUID, steps: Any, split: int, *, is_batch: bool
) -> tuple[Any, Any]:
    """What is said and what stands after two requests, each as one batch or piece by piece."""
    first = network.revision
    sent: list[Change] = []
    for number, step in enumerate(steps):
        sent.append(change(step, number, sent, run, network))
    outcomes: list[Outcome] = []
    for request in (sent[:split], sent[split:]):
        failed: frozenset[UUID] = frozenset()
        with network.database.transaction(network.id) as cx:
            for piece in [request] if is_batch else [[each] for each in request]:
                batch = [prepare(each) for each in piece]
                found = apply_prepared(cx, network.members[role].actor, batch, failed)
                failed |= {o.change.change_id for o in found if not o.is_done}
                outcomes += found
    return [told(outcome, first) for outcome in outcomes], rows(network)


def send(network: Network, *changes: Change) -> list[Outcome]:
    with network.database.transaction(network.id) as cx:
        return apply(cx, network.connector.actor, changes)


def test_what_an_earlier_change_removed_is_not_there_for_a_later_one(
    network: Network, town: Town
) -> None:
    values = {"name": "New", "type": "other", "status": "proposed"}
    group = Change("groups", uuid4(), values)
    removal = Change("groups", group.id, base_version=group.change_id, remove=True)
    parties = [{"group_id": str(group.id)}, {"group_id": town.groups[0]}]
    introduction = Change("introductions", uuid4(), town.introduction(parties=parties))
    (outcome,) = send(network, group, removal, introduction)[2:]
    assert list(outcome.problem.fields) == ["parties.0.group_id"]


def test_naming_a_hidden_record_in_the_batch_does_not_bring_it_into_sight(
    network: Network, town: Town
) -> None:
    values = {"alias": "A", "notice": "not_given", "basis": "consent", "age_band": "adult"}
    hidden = network.colleague.make("people", values)["id"]
    parties = [{"group_id": group} for group in town.groups[:2]]
    parties[0]["person_id"] = hidden
    outcomes = send(
        network,
        Change("people", UUID(hidden), values),
        Change("introductions", uuid4(), town.introduction(parties=parties)),
    )
    assert [o.problem.code for o in outcomes] == ["out_of_scope", "reference_missing"]
