"""The one write path: outcomes by name, nothing lost, nothing twice, no change spoiling another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import pytest

from api.core.write import Change, apply

if TYPE_CHECKING:
    from api.core.actor import Actor
    from api.core.change import Outcome
    from tests.fixtures.networks import Network, Town


@pytest.fixture
def send(network: Network) -> Any:
    """Apply changes as the connector, or somebody else, and commit."""

    def sent(*changes: Change, actor: Actor | None = None) -> list[Outcome]:
        with network.database.transaction(network.id) as cx:
            return apply(cx, actor or network.connector.actor, changes)

    return sent


def introduction(town: Town, record_id: UUID | None = None, **more: Any) -> Change:
    """A change that makes an introduction; keywords that name a Change's own go to it."""
    own = {k: more.pop(k) for k in list(more) if k in Change.__struct_fields__}
    return Change("introductions", record_id or uuid4(), town.introduction(**more), **own)


def test_a_new_record_is_applied_and_takes_the_next_revision(
    network: Network, town: Town, send: Any
) -> None:
    before = network.revision
    outcomes = send(*(introduction(town) for _ in range(3)))
    assert [o.status for o in outcomes] == ["applied"] * 3
    assert [o.revision for o in outcomes] == [before + 1, before + 2, before + 3]
    assert network.revision == before + 3


def test_a_change_is_the_version_it_makes(town: Town, send: Any) -> None:
    change = introduction(town)
    (outcome,) = send(change)
    assert outcome.version == change.change_id


def test_a_repeated_change_is_a_duplicate(network: Network, town: Town, send: Any) -> None:
    change = introduction(town)
    send(change)
    before = network.revision
    (again,) = send(change)
    assert (again.status, again.first) == ("duplicate", "applied")
    assert network.revision == before


def test_a_repeat_inside_one_batch_is_a_duplicate(town: Town, send: Any) -> None:
    change = introduction(town)
    first, again = send(change, change)
    assert (first.status, again.status) == ("applied", "duplicate")


def test_a_change_id_cannot_be_used_for_something_else(town: Town, send: Any) -> None:
    change = introduction(town)
    send(change)
    (other,) = send(introduction(town, change_id=change.change_id))
    assert other.problem.code == "op_id_reused"


def test_a_put_that_says_nothing_new_makes_no_version(
    network: Network, town: Town, send: Any
) -> None:
    change = introduction(town)
    (made,) = send(change)
    before = network.revision
    same = introduction(town, change.id, made_at="2026-03-31T17:30:00Z")
    (outcome,) = send(same)
    assert (outcome.status, outcome.version) == ("applied", made.version)
    assert network.revision == before


def test_one_bad_change_spoils_no_other(network: Network, town: Town, send: Any) -> None:
    bad = [
        introduction(town, parties=[{"group_id": str(uuid4())}] * 2),
        introduction(town, made_at="yesterday"),
        introduction(town, space_id=str(uuid4())),
        Change("nonsense", uuid4(), {}),
    ]
    outcomes = send(introduction(town), *bad, introduction(town))
    assert [o.status for o in outcomes] == ["applied", *["rejected"] * 4, "applied"]
    codes = [o.problem.code for o in outcomes[1:-1]]
    expected = ["validation_failed", "validation_failed", "reference_missing", "unknown_kind"]
    assert codes == expected
    assert network.rows("SELECT count(*) FROM introduction") == [(2,)]


def test_what_only_the_database_can_refuse_spoils_no_other(network: Network, send: Any) -> None:
    week = {"week_on": "2026-04-06"}
    outcomes = send(*(Change("quiet-weeks", uuid4(), week) for _ in range(3)))
    assert [o.status for o in outcomes] == ["applied", "rejected", "rejected"]
    assert outcomes[1].problem.code == "already_exists"
    assert network.rows("SELECT count(*) FROM quiet_week") == [(1,)]


def test_a_refusal_leaves_a_ledger_entry_with_what_was_sent_and_nothing_else(
    network: Network, town: Town, send: Any
) -> None:
    tables = ("introduction", "introduction_party", "history", "sync_index")
    before = [network.rows(f"SELECT count(*) FROM {table}") for table in tables]
    change = introduction(town, space_id=str(uuid4()), purpose="Do not lose me")
    send(change)
    assert [network.rows(f"SELECT count(*) FROM {table}") for table in tables] == before
    ((status, payload),) = network.rows(
        "SELECT status, payload FROM op_ledger WHERE op_id = %(op)s", op=change.change_id
    )
    assert status == "rejected"
    assert "Do not lose me" in payload


def test_a_refusal_that_is_not_kept_leaves_no_trace(
    network: Network, town: Town, send: Any
) -> None:
    send(introduction(town, space_id=str(uuid4()), keeps_refused=False))
    assert network.rows("SELECT count(*) FROM op_ledger WHERE status = 'rejected'") == [(0,)]


def test_a_record_may_refer_to_one_made_earlier_in_the_batch(town: Town, send: Any) -> None:
    group = Change("groups", uuid4(), {"name": "New", "type": "other", "status": "proposed"})
    parties = [{"group_id": str(group.id)}, {"group_id": town.groups[0]}]
    made, introduced = send(group, introduction(town, parties=parties))
    assert (made.status, introduced.status) == ("applied", "applied")


def test_a_record_may_not_refer_to_one_refused_in_the_batch(town: Town, send: Any) -> None:
    group = Change("groups", uuid4(), {"name": "", "type": "other"})
    parties = [{"group_id": str(group.id)}, {"group_id": town.groups[0]}]
    refused, introduced = send(group, introduction(town, parties=parties))
    assert refused.problem.code == "validation_failed"
    assert introduced.problem.code == "reference_missing"
    assert list(introduced.problem.fields) == ["parties.0.group_id"]


def test_groups_and_spaces_may_refer_to_each_other_in_one_batch(
    network: Network, town: Town, send: Any
) -> None:
    group = Change("groups", uuid4(), {"name": "Stewards", "type": "other"})
    place = {"type": "Point", "coordinates": [1, 52]}
    values = {"name": "Hall", "type": "other", "geometry": place}
    space = Change("spaces", uuid4(), values | {"steward_group_id": str(group.id)})
    home = {"name": "Stewards", "type": "other", "home_space_id": str(space.id)}
    settled = Change("groups", group.id, home, base_version=group.change_id)
    outcomes = send(group, space, settled, actor=network.coordinator.actor)
    assert [o.status for o in outcomes] == ["applied"] * 3


def test_a_record_written_twice_in_one_batch_keeps_both_states(
    network: Network, town: Town, send: Any
) -> None:
    first = introduction(town)
    second = introduction(town, first.id, purpose="Second", base_version=first.change_id)
    outcomes = send(first, second)
    assert [o.status for o in outcomes] == ["applied", "applied"]
    kept = network.rows("SELECT count(*) FROM history WHERE record_id = %(id)s", id=first.id)
    assert kept == [(2,)]
    assert network.connector.get(f"introductions/{first.id}").json["purpose"] == "Second"


def test_parts_shrink_with_their_record(network: Network, town: Town, send: Any) -> None:
    parties = [{"group_id": group} for group in town.groups]
    first = introduction(town, parties=parties)
    send(first)
    send(introduction(town, first.id, base_version=first.change_id))
    told = network.connector.get(f"introductions/{first.id}").json
    assert [p["group_id"] for p in told["parties"]] == list(town.groups[:2])


def test_edits_of_different_fields_merge(network: Network, town: Town, send: Any) -> None:
    first = introduction(town)
    send(first)
    send(introduction(town, first.id, channel="phone", base_version=first.change_id))
    (merged,) = send(introduction(town, first.id, purpose="Both", base_version=first.change_id))
    assert merged.status == "merged"
    told = network.connector.get(f"introductions/{first.id}").json
    assert (told["channel"], told["purpose"]) == ("phone", "Both")
    own = network.rows(
        "SELECT data->>'channel' FROM history WHERE version = %(v)s", v=merged.change.change_id
    )
    assert own == [(None,)]


def test_edits_of_one_field_conflict_by_its_name(town: Town, send: Any) -> None:
    first = introduction(town)
    send(first)
    send(introduction(town, first.id, purpose="Theirs", base_version=first.change_id))
    (clash,) = send(introduction(town, first.id, purpose="Mine", base_version=first.change_id))
    assert (clash.status, list(clash.problem.fields)) == ("conflict", ["purpose"])
    assert clash.present.values.purpose == "Theirs"


def test_a_merge_that_breaks_a_rule_is_a_conflict(network: Network, town: Town, send: Any) -> None:
    values = {"starts_at": "2026-04-01T10:00:00Z", "ends_at": "2026-04-01T12:00:00Z"}
    first = Change("meetings", uuid4(), values)
    send(first)
    earlier = values | {"ends_at": "2026-04-01T10:30:00Z"}
    later = values | {"starts_at": "2026-04-01T11:00:00Z"}
    send(Change("meetings", first.id, earlier, base_version=first.change_id))
    (clash,) = send(Change("meetings", first.id, later, base_version=first.change_id))
    assert clash.status == "conflict"


def test_a_strict_change_is_never_merged(town: Town, send: Any) -> None:
    first = introduction(town)
    send(first)
    send(introduction(town, first.id, channel="phone", base_version=first.change_id))
    change = introduction(
        town, first.id, purpose="Both", base_version=first.change_id, is_strict=True
    )
    assert send(change)[0].status == "conflict"


def test_what_builds_on_a_failure_fails_with_it(town: Town, send: Any) -> None:
    bad = introduction(town, space_id=str(uuid4()))
    outcomes = send(bad, introduction(town, bad.id, base_version=bad.change_id))
    assert outcomes[1].problem.code == "dependency_failed"


def test_of_a_group_all_are_done_or_none(network: Network, town: Town, send: Any) -> None:
    good = [introduction(town, group="a"), introduction(town, group="b")]
    outcomes = send(*good, introduction(town, group="a", space_id=str(uuid4())))
    assert [o.status for o in outcomes] == ["rejected", "applied", "rejected"]
    codes = [outcomes[0].problem.code, outcomes[2].problem.code]
    assert codes == ["dependency_failed", "reference_missing"]  # who broke it is told why
    assert network.rows("SELECT count(*) FROM introduction") == [(1,)]


def test_a_record_with_a_base_nobody_knows_is_not_found(town: Town, send: Any) -> None:
    (outcome,) = send(introduction(town, base_version=uuid4()))
    assert outcome.problem.code == "not_found"


def test_a_removed_record_keeps_its_id_and_nothing_else(
    network: Network, town: Town, send: Any
) -> None:
    first = introduction(town, purpose="Forget me")
    send(first)
    send(Change("introductions", first.id, base_version=first.change_id, remove=True))
    ((deleted_at, purpose, made_at),) = network.rows(
        "SELECT deleted_at, purpose, made_at FROM introduction WHERE id = %(id)s", id=first.id
    )
    assert deleted_at is not None
    assert (purpose, made_at) == (None, None)
    assert network.rows("SELECT count(*) FROM introduction_party") == [(0,)]
    (again,) = send(Change("introductions", first.id, base_version=uuid4(), remove=True))
    assert again.status == "applied"


def test_a_move_to_the_notebook_leaves_a_trace_in_the_old_audience(
    network: Network, town: Town, send: Any
) -> None:
    first = introduction(town)
    send(first)
    own = network.connector.notebook
    send(introduction(town, first.id, base_version=first.change_id, audience=own))
    rows = network.rows(
        "SELECT audience, is_live FROM sync_index WHERE record_id = %(id)s ORDER BY 1", id=first.id
    )
    assert rows == [("network", False), (own, True)]


def test_nobody_writes_into_another_notebook(network: Network, town: Town, send: Any) -> None:
    foreign = network.colleague.notebook
    unknown = f"own:{uuid4()}"
    outcomes = send(introduction(town, audience=foreign), introduction(town, audience=unknown))
    assert {o.problem.code for o in outcomes} == {"out_of_scope"}


def test_nobody_takes_what_another_began_into_a_notebook(
    network: Network, town: Town, send: Any
) -> None:
    first = introduction(town)
    send(first)
    for member in (network.coordinator, network.admin):
        moved = introduction(town, first.id, audience=member.notebook, base_version=first.change_id)
        (outcome,) = send(moved, actor=member.actor)
        assert list(outcome.problem.fields) == ["audience"]
    assert network.connector.get(f"introductions/{first.id}").status_code == 200


def test_an_id_in_another_notebook_is_not_overwritten(
    network: Network, town: Town, send: Any
) -> None:
    mine = introduction(town, audience=network.connector.notebook)
    send(mine)
    for actor in (network.colleague.actor, network.coordinator.actor):
        (outcome,) = send(introduction(town, mine.id), actor=actor)
        assert outcome.problem.code == "out_of_scope"
        assert outcome.present is None


def test_a_connector_proposes_and_a_coordinator_accepts(network: Network, send: Any) -> None:
    values = {"name": "New choir", "type": "arts"}
    (refused,) = send(Change("groups", uuid4(), values))
    assert list(refused.problem.fields) == ["status"]
    proposal = Change("groups", uuid4(), values | {"status": "proposed"})
    (proposed,) = send(proposal)
    assert proposed.status == "applied"
    accept = Change(
        "groups", proposal.id, values | {"status": "active"}, base_version=proposed.version
    )
    assert send(accept)[0].problem.code == "out_of_scope"
    assert send(accept, actor=network.coordinator.actor)[0].problem.code == "op_id_reused"
    again = Change("groups", proposal.id, accept.values, base_version=proposed.version)
    assert send(again, actor=network.coordinator.actor)[0].status == "applied"
    rename = Change(
        "groups",
        proposal.id,
        values | {"name": "Mine", "status": "proposed"},
        base_version=again.change_id,
    )
    assert send(rename)[0].problem.code == "out_of_scope"


def test_a_person_of_another_notebook_cannot_be_named(
    network: Network, town: Town, send: Any
) -> None:
    values = {"alias": "A", "notice": "not_given", "basis": "consent", "age_band": "adult"}
    person = Change("people", uuid4(), values)
    send(person)
    parties = [{"group_id": town.groups[0], "person_id": str(person.id)}]
    parties += [{"group_id": town.groups[1]}]
    (own,) = send(introduction(town, parties=parties))
    (foreign,) = send(introduction(town, parties=parties), actor=network.colleague.actor)
    assert own.status == "applied"
    assert list(foreign.problem.fields) == ["parties.0.person_id"]
    edited = introduction(
        town, own.change.id, parties=parties, purpose="Put right", base_version=own.version
    )
    assert send(edited, actor=network.coordinator.actor)[0].status == "applied"


def test_a_record_of_another_network_cannot_be_named(
    network: Network, town: Town, other_network: Network, send: Any
) -> None:
    foreign = other_network.coordinator.make("groups", {"name": "Far", "type": "other"})
    parties = [{"group_id": foreign["id"]}, {"group_id": town.groups[0]}]
    (outcome,) = send(introduction(town, parties=parties))
    assert outcome.problem.code == "reference_missing"


def test_shares_in_one_boundary_sum_to_one(network: Network, town: Town, send: Any) -> None:
    def group(*shares: float) -> Change:
        sections = [
            {"section_id": section, "share": share}
            for section, share in zip(town.sections, shares, strict=False)
        ]
        return Change("groups", uuid4(), {"name": "G", "type": "other", "sections": sections})

    good = (group(1.0), group(0.3, 0.7))
    bad = (group(0.5), group(0.6, 0.6))
    outcomes = send(*good, *bad, actor=network.coordinator.actor)
    assert [o.status for o in outcomes] == ["applied", "applied", "rejected", "rejected"]
    assert list(outcomes[2].problem.fields) == ["sections"]


def test_a_section_stays_with_its_boundary(network: Network, town: Town, send: Any) -> None:
    other = network.coordinator.make("boundaries", {"name": "Faith"})
    version = network.coordinator.get(f"sections/{town.sections[0]}").json["version"]
    moved = Change(
        "sections",
        UUID(town.sections[0]),
        {"boundary_id": other["id"], "name": "North"},
        base_version=UUID(version),
    )
    (outcome,) = send(moved, actor=network.coordinator.actor)
    assert list(outcome.problem.fields) == ["boundary_id"]


def test_the_history_holds_every_state_with_its_author(
    network: Network, town: Town, send: Any
) -> None:
    first = introduction(town)
    send(first)
    second = introduction(town, first.id, purpose="Put right", base_version=first.change_id)
    send(second, actor=network.coordinator.actor)
    rows = network.rows(
        "SELECT author_id, base FROM history WHERE record_id = %(id)s ORDER BY revision",
        id=first.id,
    )
    expected = [
        (network.connector.member_id, None),
        (network.coordinator.member_id, first.change_id),
    ]
    assert rows == expected
    told = network.connector.get(f"introductions/{first.id}").json
    assert told["author_id"] == str(network.connector.member_id)
