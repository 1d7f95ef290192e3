"""Edits may arrive in any order: one record, as its author last said it, and nobody else's touched.

A phone sends by the day on which a form was finished, but goes on after one that failed.
"""

from __future__ import annotations

from itertools import permutations
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from .conftest import instance_of, introduction, said

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.fixtures.networks import Member, Network, Town

    from .conftest import Collect

WORDS = ("Supper", "Songs", "Stories", "Seeds")
THREE, FOUR = (list(permutations(range(length))) for length in (3, 4))


def chained(town: Town, length: int = 3, **missing: int) -> list[str]:
    """A filled form and edits of it, each of the one before; what is `refused` has one party."""
    forms: list[str] = []
    for i, purpose in enumerate(WORDS[:length], start=1):
        groups = town.groups[: 1 if i == missing.get("refused") else 2]
        edits = {"edits": instance_of(forms[-1])} if forms else {}
        forms.append(introduction(*groups, purpose=purpose, **edits))
    return forms


def purposes(member: Member) -> list[str]:
    return [each["purpose"] for each in member.get("introductions").json["items"]]


def waiting(member: Member) -> list[Any]:
    items: list[Any] = member.get("sync/quarantined").json["items"]
    return items


def send(phone: Collect, *forms: str) -> None:
    for xml in forms:
        assert phone.send(xml).status_code == 201


def patch(network: Network, values: dict[str, Any]) -> None:
    """Change the one introduction there is, by hand and as its coordinator."""
    (made,) = network.coordinator.get("introductions").json["items"]
    path = f"introductions/{made['id']}"
    assert network.coordinator.patch(path, values, If_Match=made["version"]).status_code == 200


# --- one record ----------------------------------------------------------------------------------


@pytest.mark.parametrize("order", THREE)
def test_a_form_edited_twice_is_one_record_as_last_said_in_whatever_order_it_comes(
    phone: Collect, network: Network, town: Town, order: tuple[int, ...]
) -> None:
    forms = chained(town)
    for i in (*order, *order):
        assert phone.send(forms[i]).status_code == 201
        assert waiting(network.coordinator) == []
    assert purposes(network.connector) == [WORDS[2]]
    assert waiting(network.connector) == []


@pytest.mark.parametrize("order", FOUR)
def test_so_is_one_edited_three_times(
    phone: Collect, network: Network, town: Town, order: tuple[int, ...]
) -> None:
    forms = chained(town, 4)
    send(phone, *(forms[i] for i in order))
    assert purposes(network.connector) == [WORDS[3]]
    assert waiting(network.connector) == []


def test_what_comes_after_its_edit_is_kept_in_its_own_words(phone: Collect, town: Town) -> None:
    first, second, third = chained(town)
    send(phone, third, second, first)
    for xml in (second, first):
        kept = phone.verdict(xml)
        assert (kept["status"], kept["payload"]) == ("superseded", xml)


def test_what_comes_late_counts_once_however_often_it_is_sent(
    phone: Collect, network: Network, town: Town
) -> None:
    first, second, third = chained(town)
    send(phone, third, first, second)
    before = network.revision
    answers = [said(phone.send(xml))[1] for xml in (first, second, third)]
    assert {answer.partition(";")[0] for answer in answers} == {"This is here already"}
    assert network.revision == before


def test_an_edit_that_others_merged_with_stays_when_its_original_comes(
    phone: Collect, network: Network, town: Town
) -> None:
    first, second, third = chained(town)
    send(phone, second)
    patch(network, {"space_id": town.space})
    send(phone, first, third)
    (made,) = network.connector.get("introductions").json["items"]
    assert (made["purpose"], made["space_id"]) == (WORDS[2], town.space)


def test_an_edit_of_an_edit_that_came_late_changes_the_record_that_stands(
    phone: Collect, network: Network, town: Town
) -> None:
    forms = chained(town, 4)
    send(phone, forms[0], forms[2], forms[1])
    patch(network, {"space_id": town.space})
    send(phone, forms[3])
    (made,) = network.connector.get("introductions").json["items"]
    assert (made["purpose"], made["space_id"]) == (WORDS[3], town.space)


def test_what_others_changed_meanwhile_stays_beside_what_was_edited_out_of_order(
    phone: Collect, network: Network, town: Town
) -> None:
    first, second, third = chained(town)
    send(phone, first)
    patch(network, {"space_id": town.space})
    send(phone, third, second)
    assert sorted(purposes(network.connector)) == sorted([WORDS[0], WORDS[2]])
    assert waiting(network.coordinator) == []


def test_what_others_attached_meanwhile_stays_with_what_they_attached_it_to(
    phone: Collect, network: Network, town: Town
) -> None:
    first, second, third = chained(town)
    send(phone, first)
    (made,) = network.connector.get("introductions").json["items"]
    photo = {"sha256": "0" * 64, "size": 9, "mime": "image/jpeg", "introduction_id": made["id"]}
    attached = network.coordinator.make("attachments", photo)["id"]
    send(phone, third, second)
    assert network.coordinator.get(f"attachments/{attached}").status_code == 200
    assert sorted(purposes(network.connector)) == sorted([WORDS[0], WORDS[2]])


def test_who_removed_one_of_two_records_by_hand_keeps_the_other(
    phone: Collect, network: Network, town: Town
) -> None:
    first, second, third = chained(town)
    send(phone, first, third)
    (made,) = (
        each
        for each in network.connector.get("introductions").json["items"]
        if each["purpose"] == WORDS[2]
    )
    network.connector.delete(f"introductions/{made['id']}", If_Match=made["version"])
    send(phone, second)
    assert purposes(network.connector) == [WORDS[0]]


def test_an_original_that_comes_after_its_edit_was_removed_does_not_revive_it(
    phone: Collect, network: Network, town: Town
) -> None:
    first, second, _ = chained(town)
    send(phone, second)
    (made,) = network.connector.get("introductions").json["items"]
    network.connector.delete(f"introductions/{made['id']}", If_Match=made["version"])
    send(phone, first)
    assert purposes(network.connector) == []


def test_a_form_that_says_it_edits_itself_is_logged_and_edited_like_any_other(
    phone: Collect, network: Network, town: Town
) -> None:
    instance = f"uuid:{uuid4()}"
    first = introduction(*town.groups[:2], instance=instance, edits=instance)
    second = introduction(*town.groups[:2], purpose="Songs", edits=instance)
    send(phone, first, second)
    assert purposes(network.connector) == ["Songs"]


# --- where one of them was refused ----------------------------------------------------------------


@pytest.mark.parametrize("order", THREE)
@pytest.mark.parametrize("refused", [1, 2, 3])
def test_what_is_refused_of_a_chain_waits_for_a_person_and_the_rest_is_one_record(
    phone: Collect, network: Network, town: Town, refused: int, order: tuple[int, ...]
) -> None:
    forms = chained(town, refused=refused)
    send(phone, *(forms[i] for i in order))
    newest = 3 if refused < 3 else 2
    assert purposes(network.connector) == [WORDS[newest - 1]]
    assert [each["payload"] for each in waiting(network.connector)] == [forms[refused - 1]]


@pytest.mark.parametrize("order", FOUR)
def test_an_edit_of_what_was_refused_mends_it_in_whatever_order_it_comes(
    phone: Collect, network: Network, town: Town, order: tuple[int, ...]
) -> None:
    forms = chained(town, 4, refused=3)
    send(phone, *(forms[i] for i in order))
    assert purposes(network.connector) == [WORDS[3]]


def test_a_record_stays_while_all_that_came_after_it_was_refused(
    phone: Collect, network: Network, town: Town
) -> None:
    first, second, third = chained(town, refused=3)
    bad = second.replace(f"<group_id>{town.groups[1]}</group_id>", "<group_id/>")
    send(phone, first, third, bad)
    assert purposes(network.connector) == [WORDS[0]]


# --- nobody else's --------------------------------------------------------------------------------


def test_a_strangers_edit_does_not_make_an_original_late(
    phone: Collect, network: Network, town: Town, give_key: Callable[[Member], Collect]
) -> None:
    theirs = give_key(network.coordinator)
    first, forged, _ = chained(town)
    send(phone, forged)
    send(theirs, first)
    assert theirs.verdict(first)["status"] == "conflict"
    assert [each["payload"] for each in waiting(network.coordinator)] == [first]


def test_strangers_edits_do_not_remove_what_they_name(
    phone: Collect, network: Network, town: Town, give_key: Callable[[Member], Collect]
) -> None:
    stranger = give_key(network.coordinator)  # who could remove it by hand
    first, second, third = chained(town)
    send(phone, first)
    send(stranger, third, second)
    assert sorted(purposes(network.coordinator)) == sorted([WORDS[0], WORDS[2]])


def test_a_strangers_form_between_ones_own_ends_nothing_beyond_it(
    phone: Collect, network: Network, town: Town, give_key: Callable[[Member], Collect]
) -> None:
    first, refused, third, fourth = chained(town, 4, refused=2)
    send(phone, first)
    send(give_key(network.coordinator), refused)
    send(phone, fourth, third)
    assert sorted(purposes(network.connector)) == sorted([WORDS[0], WORDS[3]])
