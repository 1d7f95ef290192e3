"""What happens by itself: follow-ups come due, notebooks forget, in every network apart."""

from __future__ import annotations

import datetime as dt
import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import pytest
from psycopg.errors import LockNotAvailable
from sqlalchemy.exc import ProgrammingError

from api.core.lock import lock_network
from api.core.write import Change
from api.jobs import follow_ups
from api.jobs.follow_ups import make_due_follow_ups
from api.jobs.networks import apply_as_server
from api.jobs.notebooks import purge_notebooks
from api.settings import HOME
from tests.fixtures.networks import make_town

if TYPE_CHECKING:
    from collections.abc import Iterator

    from api.core.db import Database
    from tests.fixtures.networks import Member, Network, Town

MADE_ON = dt.date(2026, 3, 31)  # the day of `town.introduction()`
PATIENCE = 60  # seconds; only a worker that hangs takes them


def after(days: int) -> dt.date:
    """A day so long after the introduction."""
    return MADE_ON + dt.timedelta(days)


def questions(member: Member) -> list[dict[str, Any]]:
    """The follow-ups a member sees, the earliest first."""
    items: list[dict[str, Any]] = member.get("follow-ups?limit=500").json["items"]
    return sorted(items, key=lambda each: each["due_on"])


def due_days(member: Member) -> list[int]:
    """How many days after the introduction each question is due."""
    days = [dt.date.fromisoformat(each["due_on"]) - MADE_ON for each in questions(member)]
    return [each.days for each in days]


@pytest.mark.parametrize(
    ("days", "made"),
    [(0, []), (13, []), (14, [14]), (89, [14]), (90, [14, 90]), (179, [14, 90]),
     (180, [14, 90, 180]), (2000, [14, 90, 180])],
)  # fmt: skip
def test_questions_are_made_on_their_day_and_not_before(
    database: Database, network: Network, town: Town, days: int, made: list[int]
) -> None:
    network.connector.make("introductions", town.introduction())
    make_due_follow_ups(database, after(days))
    assert due_days(network.connector) == made


def test_a_question_is_open_and_the_connectors_own(
    database: Database, network: Network, town: Town
) -> None:
    made = network.connector.make("introductions", town.introduction())
    make_due_follow_ups(database, after(14))
    (question,) = questions(network.colleague)
    assert question["introduction_id"] == made["id"]
    assert question["author_id"] == str(network.connector.member_id)
    assert question["audience"] == "network"
    assert question["outcome"] is None


def test_the_named_connector_is_asked_rather_than_who_typed_it_in(
    database: Database, network: Network, town: Town
) -> None:
    named = str(network.connector.member_id)
    network.coordinator.make("introductions", town.introduction(connector_id=named))
    make_due_follow_ups(database, after(14))
    assert [each["author_id"] for each in questions(network.connector)] == [named]


def test_what_stands_in_a_notebook_is_asked_there(
    database: Database, network: Network, town: Town
) -> None:
    own = network.connector.notebook
    network.connector.make("introductions", town.introduction(audience=own))
    make_due_follow_ups(database, after(14))
    assert [each["audience"] for each in questions(network.connector)] == [own]
    assert questions(network.coordinator) == []


@pytest.mark.parametrize("status", ["offered", "declined", "unwanted"])
def test_only_introductions_that_came_about_are_followed_up(
    database: Database, network: Network, town: Town, status: str
) -> None:
    network.connector.make("introductions", town.introduction(status=status))
    make_due_follow_ups(database, after(180))
    assert questions(network.connector) == []


def test_a_removed_introduction_is_not_followed_up(
    database: Database, network: Network, town: Town
) -> None:
    made = network.connector.make("introductions", town.introduction())
    network.connector.delete(f"introductions/{made['id']}", If_Match="*")
    make_due_follow_ups(database, after(180))
    assert questions(network.connector) == []


def test_a_second_run_makes_nothing_new(database: Database, network: Network, town: Town) -> None:
    network.connector.make("introductions", town.introduction())
    make_due_follow_ups(database, after(90))
    before = questions(network.connector)
    assert make_due_follow_ups(database, after(90)) == 0
    assert questions(network.connector) == before


def test_two_runs_that_saw_the_same_make_each_question_once(
    database: Database, network: Network, town: Town
) -> None:
    network.connector.make("introductions", town.introduction())
    seen = follow_ups._due(database, network.id, after(14))
    assert apply_as_server(database, network.id, seen) == 1
    assert apply_as_server(database, network.id, seen) == 0
    assert due_days(network.connector) == [14]


def test_a_question_that_was_removed_is_never_asked_again(
    database: Database, network: Network, town: Town
) -> None:
    network.connector.make("introductions", town.introduction())
    make_due_follow_ups(database, after(14))
    (question,) = questions(network.connector)
    removal = Change(
        "follow-ups", UUID(question["id"]), base_version=UUID(question["version"]), remove=True
    )
    assert apply_as_server(database, network.id, [removal]) == 1
    assert make_due_follow_ups(database, after(14)) == 0
    assert questions(network.connector) == []


def test_a_network_that_is_busy_keeps_no_other_waiting(
    database: Database, network: Network, other_network: Network
) -> None:
    both = [network, other_network]
    busy, free = sorted(both, key=lambda each: each.id)
    for each in both:
        each.connector.make("introductions", make_town(each).introduction())
    with database.transaction(busy.id) as cx:
        lock_network(cx, busy.id)
        with pytest.raises(ExceptionGroup) as failed:
            make_due_follow_ups(database, after(14))
    assert [type(each) for each in failed.value.exceptions] == [LockNotAvailable]
    assert (due_days(busy.connector), due_days(free.connector)) == ([], [14])
    make_due_follow_ups(database, after(14))
    assert due_days(busy.connector) == [14]


def test_an_answer_outlives_the_next_run(database: Database, network: Network, town: Town) -> None:
    network.connector.make("introductions", town.introduction())
    make_due_follow_ups(database, after(14))
    (question,) = questions(network.connector)
    answer = {"outcome": "met", "answered_by": "connector"}
    network.connector.post(f"follow-ups/{question['id']}/answer", answer)
    make_due_follow_ups(database, after(14))
    assert [each["outcome"] for each in questions(network.connector)] == ["met"]


def test_each_network_gets_its_own_questions(
    database: Database, network: Network, other_network: Network, town: Town
) -> None:
    elsewhere = make_town(other_network)
    network.connector.make("introductions", town.introduction())
    quiet = other_network.connector.make("introductions", elsewhere.introduction(status="offered"))
    before = other_network.revision
    make_due_follow_ups(database, after(14))
    assert due_days(network.connector) == [14]
    assert other_network.revision == before == quiet["revision"]
    assert questions(other_network.connector) == []


# --- notebooks -----------------------------------------------------------------------------------


def entry(**more: Any) -> dict[str, Any]:
    """Values of a notebook entry nobody has been told of."""
    values = {"alias": "Blue door", "notice": "not_given", "basis": "consent", "age_band": "adult"}
    return values | more


def made_on(record: dict[str, Any]) -> dt.date:
    """The day a record came to the server."""
    return dt.datetime.fromisoformat(record["created_at"]).date()


def is_there(member: Member, person: dict[str, Any]) -> bool:
    """Whether the entry is still in the notebook."""
    return bool(member.get(f"people/{person['id']}").status_code == 200)


@pytest.mark.parametrize(
    "said", [{}, {"notice": "declined", "notice_on": "2026-03-30"}], ids=["untold", "declined"]
)
def test_without_notice_an_entry_lasts_thirty_days(
    database: Database, network: Network, said: dict[str, Any]
) -> None:
    person = network.connector.make("people", entry(**said))
    purge_notebooks(database, made_on(person) + dt.timedelta(29))
    assert is_there(network.connector, person)
    purge_notebooks(database, made_on(person) + dt.timedelta(30))
    assert not is_there(network.connector, person)


def test_with_notice_an_entry_stays(database: Database, network: Network) -> None:
    told = entry(notice="given", notice_on="2026-03-30")
    person = network.connector.make("people", told)
    purge_notebooks(database, made_on(person) + dt.timedelta(3650))
    assert is_there(network.connector, person)


@pytest.mark.parametrize("notice", [{}, {"notice": "given", "notice_on": "2026-03-30"}])
def test_a_chosen_day_is_kept_to_whatever_the_notice(
    database: Database, network: Network, notice: dict[str, Any]
) -> None:
    person = network.connector.make("people", entry(purge_on="2031-05-01", **notice))
    purge_notebooks(database, dt.date(2031, 4, 30))
    assert is_there(network.connector, person)
    purge_notebooks(database, dt.date(2031, 5, 1))
    assert not is_there(network.connector, person)


ALIAS = "Heron by the second lock"


def mentions(network: Network) -> int:
    """In how many places of history and ledger the alias still stands."""
    (row,) = network.rows(
        """SELECT (SELECT count(*) FROM history WHERE network_id = %(network)s
                   AND data::text LIKE %(like)s)
                + (SELECT count(*) FROM op_ledger WHERE network_id = %(network)s
                   AND payload LIKE %(like)s)""",
        like=f"%{ALIAS}%",
    )
    return int(row[0])


def pushed(**values: Any) -> dict[str, Any]:
    """An entry as a phone pushes it."""
    ids = {"op_id": str(uuid4()), "kind": "people", "id": str(uuid4())}
    return ids | {"action": "put", "base_version": None, "data": entry(alias=ALIAS, **values)}


def test_nothing_of_a_purged_entry_is_left(database: Database, network: Network) -> None:
    person = network.connector.make("people", entry(alias=ALIAS, purge_on="2026-04-01"))
    network.connector.patch(f"people/{person['id']}", {"basis": "consent"}, If_Match="*")
    assert mentions(network) > 0
    purge_notebooks(database, dt.date(2026, 4, 1))
    assert mentions(network) == 0


def test_an_entry_that_its_owner_removed_is_forgotten_too(
    database: Database, network: Network
) -> None:
    person = network.connector.make("people", entry(alias=ALIAS))
    network.connector.delete(f"people/{person['id']}", If_Match="*")
    purge_notebooks(database, made_on(person))
    assert mentions(network) == 0


def test_a_refused_entry_is_forgotten_after_thirty_days(
    database: Database, network: Network
) -> None:
    (refused,) = network.connector.push(pushed(age_band="child"))
    assert refused["status"] == "rejected"
    assert list(refused["error"]["fields"]) == ["age_band"]
    today = dt.datetime.now(dt.UTC).date()
    purge_notebooks(database, today)
    assert mentions(network) == 1
    purge_notebooks(database, today + dt.timedelta(32))
    assert mentions(network) == 0


def test_what_stays_in_the_notebook_keeps_its_history(database: Database, network: Network) -> None:
    network.connector.make("people", entry(alias=ALIAS))
    purge_notebooks(database, dt.date(2020, 1, 1))
    assert mentions(network) == 1


def test_the_history_cannot_be_altered_otherwise(network: Network) -> None:
    network.connector.make("people", entry())
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        network.database.transaction(network.id) as cx,
    ):
        cx.exec_driver_sql("UPDATE history SET data = NULL")


def test_an_introduction_keeps_its_groups_when_the_person_is_forgotten(
    database: Database, network: Network, town: Town
) -> None:
    connector = network.connector
    person = connector.make("people", entry(group_ids=[town.groups[0]], purge_on="2026-04-01"))
    parties = [
        {"group_id": town.groups[0], "person_id": person["id"]},
        {"group_id": town.groups[1]},
    ]
    own = town.introduction(parties=parties, audience=connector.notebook)
    made = connector.make("introductions", own)
    purge_notebooks(database, dt.date(2026, 4, 1))
    kept = connector.get(f"introductions/{made['id']}").json
    assert [party["group_id"] for party in kept["parties"]] == list(town.groups[:2])
    assert not is_there(connector, person)


# --- the worker as a process ---------------------------------------------------------------------


@pytest.fixture
def worker(database_url: str, tmp_path: Any) -> Iterator[Any]:
    """Start `weft worker` as an operator would."""
    own = {"WEFT_DATABASE_URL": database_url, "WEFT_VAR": str(tmp_path)}
    started = []

    def start() -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "api.cli", "worker"]
        process = subprocess.Popen(
            command, cwd=HOME, env=os.environ | own, stderr=subprocess.PIPE, text=True
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def wait_until_working(database: Database, worker: subprocess.Popen[str]) -> None:
    """Until it has put its name on the queue's list of workers."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and worker.poll() is None:
        with database.snapshot() as cx:
            if cx.exec_driver_sql("SELECT count(*) FROM procrastinate_workers").scalar():
                return
        time.sleep(0.1)
    worker.kill()
    pytest.fail(f"The worker never began: {worker.communicate()[1]}")


def test_a_worker_catches_up_and_ends_cleanly(
    database: Database, network: Network, town: Town, worker: Any
) -> None:
    made = network.connector.make(
        "introductions", town.introduction(made_at="2020-01-01T12:00:00Z")
    )
    person = network.connector.make("people", entry(purge_on="2020-01-01"))
    process = worker()
    wait_until_working(database, process)
    asked = questions(network.connector)
    process.send_signal(signal.SIGTERM)
    _, said = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, said
    assert {each["introduction_id"] for each in asked} == {made["id"]}
    assert len(asked) == 3
    assert not is_there(network.connector, person)
    assert "Traceback" not in said


def test_what_was_asked_for_with_time_to_spare_a_worker_works_out(
    database: Database, network: Network, worker: Any
) -> None:
    boundary = network.coordinator.make("boundaries", {"name": "Side of the river"})["id"]
    path = f"analysis/crossing?boundary={boundary}"
    where = network.coordinator.get(path, Prefer="respond-async").headers["Location"]
    wait_until_working(database, worker())
    deadline = time.monotonic() + PATIENCE
    while (found := network.coordinator.get(where).json)["status"] != "done":
        assert time.monotonic() < deadline, found
        time.sleep(0.05)
    assert found["answer"] == network.coordinator.get(path).json
