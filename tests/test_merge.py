"""Merging: what two people changed apart is kept from both; what both changed is put to them."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4, uuid5

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.core.merge import merge
from api.core.write import Change, apply

if TYPE_CHECKING:
    from api.core.change import Outcome
    from tests.fixtures.networks import Network, Town

NAMES = ("a", "b", "c")
STATES = st.fixed_dictionaries({name: st.integers(0, 2) for name in NAMES})
OFTEN = settings(max_examples=300, derandomize=True, database=None, deadline=None)


def merged(base: Any, theirs: Any, mine: Any) -> tuple[dict[str, Any], list[str]]:
    return merge(*(SimpleNamespace(**state) for state in (base, theirs, mine)), NAMES)


@OFTEN
@given(base=STATES, mine=STATES)
def test_where_only_one_side_changed_that_side_stands(base: Any, mine: Any) -> None:
    assert merged(base, base, mine) == (mine, [])
    assert merged(base, mine, base) == (mine, [])
    assert merged(base, mine, mine) == (mine, [])


@OFTEN
@given(base=STATES, theirs=STATES, mine=STATES)
def test_exactly_what_both_changed_differently_clashes(base: Any, theirs: Any, mine: Any) -> None:
    _, clashes = merged(base, theirs, mine)
    assert clashes == [n for n in NAMES if len({base[n], theirs[n], mine[n]}) == 3]


@OFTEN
@given(base=STATES, theirs=STATES, mine=STATES)
def test_without_a_clash_the_order_of_arrival_is_no_matter(
    base: Any, theirs: Any, mine: Any
) -> None:
    there, clashes = merged(base, theirs, mine)
    here, same = merged(base, mine, theirs)
    assert clashes == same
    assert clashes or there == here


@pytest.fixture
def first(network: Network, town: Town) -> Change:
    """An introduction as two phones have it."""
    values = town.introduction(channel="phone", purpose="First")
    change = Change("introductions", uuid4(), values)
    (outcome,) = send(network, change)
    assert outcome.status == "applied"
    return change


def send(network: Network, *changes: Change) -> list[Outcome]:
    with network.database.transaction(network.id) as cx:
        return apply(cx, network.connector.actor, changes)


def edit(first: Change, base: UUID | None = None, **more: Any) -> Change:
    """The introduction with some fields altered, on top of its first state or another."""
    own = {k: more.pop(k) for k in list(more) if k in Change.__struct_fields__}
    base_version = base or first.change_id
    return Change(first.kind, first.id, first.values | more, base_version=base_version, **own)


def present(network: Network, first: Change) -> Any:
    return network.connector.get(f"introductions/{first.id}").json


def test_a_field_both_changed_alike_is_no_clash(network: Network, first: Change) -> None:
    send(network, edit(first, purpose="Same", channel="video"))
    (outcome,) = send(network, edit(first, purpose="Same", status="declined"))
    assert outcome.status == "merged"
    told = present(network, first)
    assert (told["purpose"], told["channel"], told["status"]) == ("Same", "video", "declined")


def test_a_field_both_emptied_or_filled_clashes(network: Network, first: Change) -> None:
    send(network, edit(first, purpose=None))
    (outcome,) = send(network, edit(first, purpose="Filled"))
    assert list(outcome.problem.fields) == ["purpose"]


def test_a_list_of_parts_is_one_field(network: Network, town: Town, first: Change) -> None:
    three = [{"group_id": group} for group in town.groups]
    send(network, edit(first, parties=three))
    (apart,) = send(network, edit(first, purpose="Second"))
    assert (apart.status, len(present(network, first)["parties"])) == ("merged", 3)
    (clash,) = send(network, edit(first, parties=three[1:]))
    assert list(clash.problem.fields) == ["parties"]


def test_a_merge_is_the_same_for_whoever_computes_it(network: Network, first: Change) -> None:
    send(network, edit(first, channel="video"))
    change = edit(first, purpose="Second")
    (outcome,) = send(network, change)
    assert outcome.version == uuid5(change.change_id, "merge")
    assert present(network, first)["version"] == str(outcome.version)


def test_merging_goes_on_from_a_merge(network: Network, first: Change) -> None:
    send(network, edit(first, channel="video"))
    (once,) = send(network, edit(first, purpose="Second"))
    (twice,) = send(network, edit(first, status="declined"))
    (plain,) = send(network, edit(first, twice.version, channel="video", purpose="Third",
                                  status="declined"))  # fmt: skip
    assert [once.status, twice.status, plain.status] == ["merged", "merged", "applied"]
    told = present(network, first)
    assert (told["channel"], told["purpose"], told["status"]) == ("video", "Third", "declined")


def test_two_edits_of_one_batch_merge_as_well(network: Network, first: Change) -> None:
    one, other = edit(first, channel="video"), edit(first, purpose="Second")
    outcomes = send(network, one, other)
    assert [o.status for o in outcomes] == ["applied", "merged"]
    told = present(network, first)
    assert (told["channel"], told["purpose"]) == ("video", "Second")
    states = network.rows("SELECT count(*) FROM history WHERE record_id = %(id)s", id=first.id)
    assert states == [(4,)]  # the first, two as sent, and the merge


def test_a_clash_is_kept_as_it_was_sent(network: Network, first: Change) -> None:
    send(network, edit(first, purpose="Theirs"))
    change = edit(first, purpose="Mine")
    send(network, change)
    ((status, payload),) = network.rows(
        "SELECT status, payload FROM op_ledger WHERE op_id = %(op)s", op=change.change_id
    )
    assert status == "conflict"
    assert json.loads(payload)["purpose"] == "Mine"
    assert present(network, first)["purpose"] == "Theirs"


def test_what_was_stored_as_it_was_sent_is_not_kept_twice(network: Network, first: Change) -> None:
    kept = network.rows("SELECT payload FROM op_ledger WHERE op_id = %(op)s", op=first.change_id)
    assert kept == [(None,)]


def test_an_edit_of_what_was_removed_comes_too_late(network: Network, first: Change) -> None:
    send(network, Change(first.kind, first.id, base_version=first.change_id, remove=True))
    (outcome,) = send(network, edit(first, purpose="Late"))
    assert outcome.problem.code == "gone"


def test_a_removal_does_not_undo_an_edit_it_never_saw(network: Network, first: Change) -> None:
    send(network, edit(first, purpose="Newer"))
    removal = Change(first.kind, first.id, base_version=first.change_id, remove=True)
    assert send(network, removal)[0].status == "conflict"
    assert present(network, first)["purpose"] == "Newer"


def test_a_proposal_removed_by_its_author_takes_no_more_edits(network: Network) -> None:
    values = {"name": "Choir", "type": "arts", "status": "proposed"}
    proposal = Change("groups", uuid4(), values)
    removal = Change("groups", proposal.id, base_version=proposal.change_id, remove=True)
    send(network, proposal, removal)
    late = Change("groups", proposal.id, values, base_version=proposal.change_id)
    again = Change("groups", proposal.id, base_version=proposal.change_id, remove=True)
    edited, removed = send(network, late, again)
    assert (edited.problem.code, removed.status) == ("gone", "applied")


def test_removing_what_never_was_is_done_already(network: Network) -> None:
    before = network.revision
    (outcome,) = send(network, Change("groups", uuid4(), base_version=uuid4(), remove=True))
    assert (outcome.status, network.revision) == ("applied", before)


def test_an_edit_on_an_unanswered_edit_of_ones_own_is_no_clash(
    network: Network, first: Change
) -> None:
    second = edit(first, purpose="Second")
    send(network, second)
    third = edit(first, uuid4(), purpose="Third", ancestors=(second.change_id,))
    assert send(network, third)[0].status == "applied"
    assert present(network, first)["purpose"] == "Third"


def test_an_older_edit_of_ones_own_that_comes_late_is_superseded(
    network: Network, first: Change
) -> None:
    second = edit(first, purpose="Second")
    third = edit(first, second.change_id, purpose="Third",
                 ancestors=(first.change_id, second.change_id))  # fmt: skip
    send(network, third)
    (outcome,) = send(network, second)
    assert (outcome.status, outcome.version) == ("superseded", third.change_id)
    assert present(network, first)["purpose"] == "Third"


def test_so_is_one_that_comes_after_more_than_the_next(network: Network, first: Change) -> None:
    line = [first]
    for purpose in ("Second", "Third", "Fourth"):
        known = tuple(each.change_id for each in line)
        line.append(edit(first, known[-1], purpose=purpose, ancestors=known))
    _, second, third, fourth = line
    send(network, third)
    theirs = edit(first, third.change_id, purpose="Third", channel="video")
    send(network, theirs, edit(first, theirs.change_id, purpose="Third", channel="phone"))
    (outcome,) = send(network, second)
    assert outcome.status == "superseded"
    assert send(network, fourth)[0].status == "merged"
    assert present(network, first)["purpose"] == "Fourth"


def test_what_an_edit_far_back_did_not_change_is_as_it_is_now(
    network: Network, first: Change
) -> None:
    """Of a long line, only what a change was built on is looked at, and that suffices."""
    base = first.change_id
    for number in range(120):
        change = edit(first, base, channel=("video", "phone")[number % 2], purpose="Theirs")
        assert send(network, change)[0].status == "applied"
        base = change.change_id
    (outcome,) = send(network, edit(first, status="declined"))
    told = present(network, first)
    assert outcome.status == "merged"
    assert (told["status"], told["channel"], told["purpose"]) == ("declined", "phone", "Theirs")


def test_a_base_of_another_record_is_no_base(network: Network, town: Town, first: Change) -> None:
    other = Change("introductions", uuid4(), town.introduction(purpose="Other"))
    send(network, other)
    (outcome,) = send(network, edit(first, other.change_id, purpose="Mine"))
    assert outcome.status == "conflict"
    assert present(network, first)["purpose"] == "First"
