"""What a phone logs with Collect is logged once, edited where it stands, and never lost."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from api.exchange.openrosa.reading import read
from api.exchange.openrosa.receiving import read_change, receive
from tests.database import WAITING

from .conftest import PERSON, filled, instance_of, introduction, said

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.fixtures.networks import Member, Network, Town

    from .conftest import Collect


def items(member: Member, kind: str = "introductions") -> list[dict]:
    return member.get(kind).json["items"]


def test_a_filled_form_is_logged(phone: Collect, network: Network, town: Town) -> None:
    answer = phone.send(introduction(*town.groups[:2], purpose="Supper & songs"))
    assert answer.status_code == 201
    assert said(answer) == ("submit_success", "Logged. Thank you.")
    assert answer.headers["X-OpenRosa-Version"] == "1.0"
    (made,) = items(network.coordinator)
    assert made["made_at"] == "2026-03-31T17:30:00+00:00"
    assert [party["group_id"] for party in made["parties"]] == list(town.groups[:2])
    assert made["purpose"] == "Supper & songs"
    assert made["author_id"] == str(network.connector.member_id)


def test_a_meeting_is_logged_with_its_attendance(
    phone: Collect, network: Network, town: Town
) -> None:
    person = network.connector.make("people", PERSON)["id"]
    parts = "".join(
        f"<attendance><group_id>{group}</group_id><headcount>{count}</headcount>"
        f"<person_ids>{named}</person_ids></attendance>"
        for group, count, named in ((town.groups[0], 12, person), (town.groups[1], 3, ""))
    )
    xml = filled("meetings", f"<starts_at>2026-04-02T18:00:00.000+01</starts_at>{parts}")
    assert phone.send(xml).status_code == 201
    (made,) = items(network.connector, "meetings")
    assert made["starts_at"] == "2026-04-02T17:00:00+00:00"
    assert [part["headcount"] for part in made["attendance"]] == [12, 3]
    assert [part["person_ids"] for part in made["attendance"]] == [[person], []]


def test_answers_are_found_on_whatever_page_they_stand(
    phone: Collect, network: Network, town: Town
) -> None:
    xml = introduction(*town.groups[:2])
    paged = xml.replace("<space_id/>", "<a><b><space_id/>").replace("<meta>", "</b></a><meta>")
    assert said(phone.send(paged))[1].startswith("Logged")
    assert [each["purpose"] for each in items(network.connector)] == ["Supper"]


def test_a_flow_is_logged_with_its_quantity(phone: Collect, network: Network, town: Town) -> None:
    xml = filled(
        "flows",
        "<happened_at>2026-04-10T12:00:00Z</happened_at><resource>goods</resource>"
        "<quantity>40.5</quantity><unit>kg</unit>"
        f"<from_group_id>{town.groups[0]}</from_group_id><to_group_id>{town.groups[1]}</to_group_id>",
    )
    assert phone.send(xml).status_code == 201
    (made,) = items(network.connector, "flows")
    assert (made["quantity"], made["unit"], made["status"]) == (40.5, "kg", "delivered")


def test_any_day_of_a_quiet_week_says_the_week(phone: Collect, network: Network) -> None:
    assert phone.send(filled("quiet-weeks", "<week_on>2026-04-09</week_on>")).status_code == 201
    assert [each["week_on"] for each in items(network.connector, "quiet-weeks")] == ["2026-04-06"]


def test_a_quiet_week_said_twice_stands_once(phone: Collect, network: Network) -> None:
    for day in ("2026-04-06", "2026-04-09"):
        xml = filled("quiet-weeks", f"<week_on>{day}</week_on>")
        answer = phone.send(xml)
        assert answer.status_code == 201
    assert "already" in said(answer)[1]
    assert len(items(network.connector, "quiet-weeks")) == 1
    assert phone.verdict(xml, "quiet-weeks")["payload"] == xml


def test_sent_twice_counts_once(phone: Collect, network: Network, town: Town) -> None:
    xml = introduction(*town.groups[:2])
    before = network.revision
    assert [phone.send(xml).status_code for _ in range(3)] == [201, 201, 201]
    assert len(items(network.connector)) == 1
    assert network.revision == before + 1


def test_sent_side_by_side_counts_once(phone: Collect, network: Network, town: Town) -> None:
    xml = introduction(*town.groups[:2])
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: phone.send(xml), range(6)))
    assert [answer.status_code for answer in answers] == [201] * 6
    assert sum(said(answer)[1].startswith("Logged") for answer in answers) == 1
    assert len(items(network.connector)) == 1


def test_side_by_side_with_other_content_one_wins(
    phone: Collect, network: Network, town: Town
) -> None:
    instance = f"uuid:{uuid4()}"
    forms = [introduction(*town.groups[:2], purpose=f"No {i}", instance=instance) for i in range(4)]
    with ThreadPoolExecutor(4) as pool:
        statuses = [answer.status_code for answer in pool.map(phone.send, forms)]
    assert sorted(statuses) == [201, 409, 409, 409]
    assert len(items(network.connector)) == 1


def test_several_posts_of_one_form_count_once(phone: Collect, network: Network, town: Town) -> None:
    xml = introduction(*town.groups[:2])
    first = phone.send(xml, **{"1.jpg": b"not asked for", "*isIncomplete*": "yes"})
    last = phone.send(xml)
    assert (first.status_code, last.status_code) == (201, 201)
    assert len(items(network.connector)) == 1


def test_other_content_under_one_instance_is_told_apart(
    phone: Collect, network: Network, town: Town
) -> None:
    xml = introduction(*town.groups[:2])
    other = introduction(*town.groups[:2], purpose="Quite another", instance=instance_of(xml))
    assert phone.send(xml).status_code == 201
    answer = phone.send(other)
    assert answer.status_code == 409
    assert said(answer)[0] == "error"
    assert "instanceID" in said(answer)[1]
    assert [each["purpose"] for each in items(network.connector)] == ["Supper"]


def test_other_content_does_not_slip_in_after_a_refusal(
    phone: Collect, network: Network, town: Town
) -> None:
    xml = introduction(town.groups[0])  # one party is no introduction
    assert phone.send(xml).status_code == 201
    mended = introduction(*town.groups[:2], instance=instance_of(xml))
    assert phone.send(mended).status_code == 409
    assert items(network.connector) == []


def test_what_was_removed_is_thanked_for_and_stays_removed(
    phone: Collect, network: Network, town: Town
) -> None:
    xml = introduction(*town.groups[:2])
    phone.send(xml)
    (made,) = items(network.connector)
    network.connector.delete(f"introductions/{made['id']}", If_Match=made["version"])
    assert phone.send(xml).status_code == 201
    assert items(network.connector) == []


def test_an_edit_changes_the_record_it_replaces(
    phone: Collect, network: Network, town: Town
) -> None:
    first = introduction(*town.groups[:2])
    second = introduction(*town.groups[:2], purpose="Songs", edits=instance_of(first))
    third = introduction(*town.groups[:2], purpose="Both", edits=instance_of(second))
    for xml in (first, second, third, second, first):
        assert phone.send(xml).status_code == 201
    assert [each["purpose"] for each in items(network.connector)] == ["Both"]


def test_an_edit_waits_for_its_original_to_be_in(
    phone: Collect, network: Network, town: Town
) -> None:
    first = introduction(*town.groups[:2])
    edit = introduction(*town.groups[:2], purpose="Songs", edits=instance_of(first))
    original = read(first.encode())
    with ThreadPoolExecutor(1) as pool:
        with network.database.transaction(network.id) as cx:
            receive(cx, network.connector.actor, original, read_change(original, network.id))
            sent = pool.submit(phone.send, edit)
            while not network.rows(WAITING):
                assert not sent.done()
        assert said(sent.result())[1].startswith("Logged")
    assert [each["purpose"] for each in items(network.connector)] == ["Songs"]


def test_an_edit_merges_with_what_others_changed(
    phone: Collect, network: Network, town: Town
) -> None:
    first = introduction(*town.groups[:2])
    phone.send(first)
    (made,) = items(network.connector)
    path = f"introductions/{made['id']}"
    network.coordinator.patch(path, {"space_id": town.space}, If_Match=made["version"])
    edit = introduction(*town.groups[:2], purpose="Songs", edits=instance_of(first))
    assert phone.send(edit).status_code == 201
    (now,) = items(network.connector)
    assert (now["purpose"], now["space_id"]) == ("Songs", town.space)


def test_an_edit_that_clashes_is_kept_for_a_person(
    phone: Collect, network: Network, town: Town
) -> None:
    first = introduction(*town.groups[:2])
    phone.send(first)
    (made,) = items(network.connector)
    path = f"introductions/{made['id']}"
    network.coordinator.patch(path, {"purpose": "Mine"}, If_Match=made["version"])
    edit = introduction(*town.groups[:2], purpose="Songs", edits=instance_of(first))
    answer = phone.send(edit)
    assert answer.status_code == 201
    assert "person has to look" in said(answer)[1]
    assert phone.verdict(edit)["status"] == "conflict"
    assert phone.verdict(edit)["payload"] == edit
    assert [each["purpose"] for each in items(network.connector)] == ["Mine"]


def test_an_edit_of_what_was_refused_mends_it(phone: Collect, network: Network, town: Town) -> None:
    first = introduction(town.groups[0])
    phone.send(first)
    edit = introduction(*town.groups[:2], edits=instance_of(first))
    assert said(phone.send(edit))[1].startswith("Logged")
    assert len(items(network.connector)) == 1


def test_an_edit_of_what_was_removed_does_not_revive_it(
    phone: Collect, network: Network, town: Town
) -> None:
    first = introduction(*town.groups[:2])
    phone.send(first)
    (made,) = items(network.connector)
    network.connector.delete(f"introductions/{made['id']}", If_Match=made["version"])
    edit = introduction(*town.groups[:2], purpose="Songs", edits=instance_of(first))
    assert phone.send(edit).status_code == 201
    assert items(network.connector) == []
    assert phone.verdict(edit)["error"]["code"] == "gone"


def test_what_cannot_be_applied_is_kept_whole_and_thanked_for(
    phone: Collect, network: Network, town: Town
) -> None:
    xml = introduction(town.groups[0], purpose="Söngs")
    answer = phone.send(xml)
    assert answer.status_code == 201
    assert "parties" in said(answer)[1]
    kept = phone.verdict(xml)
    assert (kept["status"], kept["kind"]) == ("rejected", "introductions")
    assert kept["error"]["code"] == "validation_failed"
    assert kept["payload"] == xml
    assert said(phone.send(xml))[1].startswith("This is here already")


def test_what_was_kept_is_mended_by_a_coordinator(
    phone: Collect, network: Network, town: Town
) -> None:
    xml = introduction(town.groups[0])
    phone.send(xml)
    (waiting,) = network.coordinator.get("sync/quarantined").json["items"]
    assert waiting["payload"] == xml
    body = {"op_id": str(uuid4()), "base_version": None, "data": town.introduction()}
    answer = network.coordinator.post(f"sync/quarantined/{waiting['op_id']}/mend", body)
    assert answer.status_code == 200, answer.text
    assert phone.send(xml).status_code == 201
    (made,) = items(network.connector)
    assert (made["id"], made["author_id"]) == (waiting["id"], str(network.connector.member_id))
    assert network.coordinator.get("sync/quarantined").json["items"] == []


def test_a_form_of_an_older_version_is_read_by_its_names(
    phone: Collect, network: Network, town: Town
) -> None:
    late = introduction(*town.groups[:2]).replace('version="1"', 'version="of long ago"')
    late = late.replace("<space_id/>", "<space_id/><a_field_since_removed/>")
    assert said(phone.send(late))[1].startswith("Logged")


def test_an_answer_that_no_field_takes_is_kept(
    phone: Collect, network: Network, town: Town
) -> None:
    late = introduction(*town.groups[:2]).replace("<space_id/>", "<weather>Rain</weather>")
    answer = phone.send(late)
    assert answer.status_code == 201
    assert "weather" in said(answer)[1]
    assert items(network.connector) == []
    assert phone.verdict(late)["payload"] == late


def test_another_members_record_is_not_edited(
    phone: Collect, network: Network, town: Town, give_key: Callable[[Member], Collect]
) -> None:
    first = introduction(*town.groups[:2])
    phone.send(first)
    theirs = give_key(network.colleague)
    edit = introduction(*town.groups[:2], purpose="Songs", edits=instance_of(first))
    assert theirs.send(edit).status_code == 201
    assert [each["purpose"] for each in items(network.connector)] == ["Supper"]
    assert theirs.verdict(edit)["error"]["code"] == "out_of_scope"


@pytest.mark.parametrize("kind", ["groups", "spaces"])
def test_a_kind_without_a_form_is_not_written(phone: Collect, network: Network, kind: str) -> None:
    xml = filled(kind, "<name>Made up</name><type>choir</type><status>proposed</status>")
    answer = phone.send(xml)
    assert answer.status_code == 201
    assert "no such form" in said(answer)[1]
    assert items(network.connector, kind) == []
