"""The demonstration keeps what docs/demonstration.md promises, and loads whole or not at all."""

from __future__ import annotations

import json
import os
import re
from collections import Counter, defaultdict
from datetime import UTC, date, datetime, timedelta
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import numpy as np
import pytest

import api.records  # noqa: F401  (declares the kinds)
from api.analysis.measures.nulls import Ask, compare
from api.analysis.measures.ties import Ties, keep_known
from api.core.codec import encode
from api.core.db import Database
from api.core.record import KINDS
from api.exchange.demo import AUTHORS, Entry, load, loading, plan
from api.exchange.demo.ties import affinity
from api.exchange.demo.town import Town, read_town
from tests.database import clone

if TYPE_CHECKING:
    from collections.abc import Iterator


DAY = date(2026, 5, 20)  # a Wednesday
ENDS_AT = datetime(2026, 5, 18, tzinfo=UTC)
YEAR = timedelta(weeks=52)
EVENTS = ("introductions", "follow-ups", "meetings", "listings", "flows", "quiet-weeks")
DOCS = Path(__file__).parents[1] / "docs" / "demonstration.md"

Pair = tuple[int, int]


@pytest.fixture(scope="module")
def entries() -> list[Entry]:
    return plan(DAY)


@pytest.fixture(scope="module")
def town() -> Town:
    return read_town(1)


@pytest.fixture(scope="module")
def by_kind(entries: list[Entry]) -> dict[str, list[Entry]]:
    found: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        found[entry.kind].append(entry)
    return found


@pytest.fixture(scope="module")
def made(by_kind: dict[str, list[Entry]]) -> list[Entry]:
    """The introductions that came about."""
    return [entry for entry in by_kind["introductions"] if entry.values["status"] == "made"]


@pytest.fixture(scope="module")
def holders(town: Town, made: list[Entry]) -> dict[Pair, set[int]]:
    return holders_of(town, made)


def holders_of(town: Town, entries: list[Entry]) -> dict[Pair, set[int]]:
    """Per pair of groups the connectors who introduced them."""
    found: dict[Pair, set[int]] = defaultdict(set)
    for entry in entries:
        if entry.values.get("status") == "made":
            for pair in pairs(town, entry, "parties"):
                found[pair].add(entry.author)
    return found


def numbers(town: Town, ids: list[str]) -> list[int]:
    return sorted(town.group_ids.index(each) for each in ids)


def pairs(town: Town, entry: Entry, part: str) -> list[Pair]:
    return list(combinations(numbers(town, [p["group_id"] for p in entry.values[part]]), 2))


def named(town: Town, keys: list[str]) -> Pair:
    first, second = sorted(town.groups[key] for key in keys)
    return first, second


def crossing(town: Town, found: dict[Pair, set[int]], boundary: str) -> Any:
    """The observed share of ties that cross, beside what chance would give."""
    a, b = (np.array(ends) for ends in zip(*sorted(found), strict=True))
    ties = Ties(len(town.groups), a, b, np.ones(len(a), np.int64))
    return compare(keep_known(ties, town.shares[boundary]), Ask())


def spaces_of(town: Town, kind: list[Entry]) -> Counter[str]:
    keys = {str(town.ids[space["key"]]): space["key"] for space in town.told["spaces"]}
    used = [entry.values["space_id"] for entry in kind if "space_id" in entry.values]
    return Counter(keys[each] for each in used)


# --- what is in it --------------------------------------------------------------------------------


def test_the_town_is_of_the_size_that_is_promised(by_kind) -> None:
    counts = {kind: len({entry.id for entry in kept}) for kind, kept in by_kind.items()}
    assert (counts["boundaries"], counts["groups"], counts["spaces"]) == (4, 40, 25)
    assert 1_450 <= counts["introductions"] <= 1_600
    assert 550 <= counts["meetings"] <= 650
    assert counts["flows"] == 400
    assert counts["listings"] >= 30
    assert counts["quiet-weeks"] >= 10
    assert {entry.author for entry in by_kind["introductions"]} == {1, 2, 3, 4, 5}


def test_every_value_is_one_the_api_accepts(entries) -> None:
    for entry in entries:
        KINDS[entry.kind].codec.load(encode(entry.values))


def test_no_person_is_in_it(entries) -> None:
    assert not [entry for entry in entries if entry.kind == "people" or "person_id" in str(entry)]


def test_groups_have_sections_of_all_sorts(by_kind, town) -> None:
    """Most are on one side of every boundary, a few on two, a few unknown in one."""
    for boundary, shares in town.shares.items():
        assert 2 <= shares.shape[1] <= 5
        assert (shares.max(axis=1) == 1).sum() >= 30, boundary
    declared = np.array([shares.any(axis=1) for shares in town.shares.values()])
    split = np.array([shares.max(axis=1) < 1 for shares in town.shares.values()]) & declared
    assert 3 <= split.any(axis=0).sum() <= 10
    assert 3 <= (~declared).any(axis=0).sum() <= 10
    assert declared.sum(axis=0).min() == len(town.shares) - 1


def test_spaces_are_points_and_areas_with_one_hidden_and_one_proposed(by_kind) -> None:
    spaces = {entry.id: entry for entry in by_kind["spaces"]}.values()
    shapes = Counter(entry.values["geometry"]["type"] for entry in spaces)
    assert shapes["Point"] >= 15
    assert shapes["Polygon"] >= 3
    assert sum(entry.values.get("never_map", False) for entry in spaces) == 1
    (proposed,) = (entry for entry in spaces if entry.values.get("status") == "proposed")
    assert AUTHORS[proposed.author].startswith("connector")


def test_meetings_have_headcounts_and_some_of_them_many_groups(by_kind) -> None:
    sizes = Counter(len(entry.values["attendance"]) for entry in by_kind["meetings"])
    assert set(sizes) == {1, 2, 3, 4, 5, 6}
    assert sum(sizes[size] for size in (3, 4, 5, 6)) > 150


def test_every_resource_flows(by_kind) -> None:
    resources = Counter(entry.values["resource"] for entry in by_kind["flows"])
    assert len(resources) == 6
    assert min(resources.values()) >= 20


def test_follow_ups_are_there_as_far_as_due_and_mostly_answered(by_kind, made) -> None:
    due = {
        (str(entry.id), (entry.at.date() + timedelta(days)).isoformat())
        for entry in made
        for days in (14, 90, 180)
        if entry.at.date() + timedelta(days) < ENDS_AT.date()
    }
    follow_ups = [entry.values for entry in by_kind["follow-ups"]]
    assert len(follow_ups) == len(due)
    assert {(each["introduction_id"], each["due_on"]) for each in follow_ups} == due
    assert 0.7 < sum("outcome" in each for each in follow_ups) / len(due) < 0.9


def test_nobody_logs_in_a_week_they_called_quiet(by_kind) -> None:
    quiet = {(entry.author, entry.values["week_on"]) for entry in by_kind["quiet-weeks"]}
    for kind in ("introductions", "meetings", "flows", "listings"):
        for entry in by_kind[kind]:
            monday = (entry.at - timedelta(entry.at.weekday())).date().isoformat()
            assert (entry.author, monday) not in quiet


# --- what is to be seen in it ---------------------------------------------------------------------


def test_home_is_nearly_closed(town, holders) -> None:
    found = crossing(town, holders, "home")
    assert found.observed < found.expected / 3
    assert found.p < 0.01


def test_faith_is_open(town, holders) -> None:
    found = crossing(town, holders, "faith")
    assert abs(found.excess) < 0.05
    assert found.p > 0.2


def test_one_space_holds_most_introductions_across_the_closed_boundary(town, made) -> None:
    across = [
        entry
        for entry in made
        if any(town.is_apart("home", list(pair)) for pair in pairs(town, entry, "parties"))
    ]
    used = spaces_of(town, across)
    assert used["pump-house"] > sum(used.values()) * 0.6
    assert spaces_of(town, made)["pump-house"] < len(made) * 0.4


def test_one_space_holds_most_contact_across_the_closed_boundary_in_meetings(town, by_kind) -> None:
    """Contact mass with Newman's weights: a meeting of n people weighs n/2 in all."""
    mass: Counter[str] = Counter()
    for entry in by_kind["meetings"]:
        came = entry.values["attendance"]
        rows = [town.group_ids.index(part["group_id"]) for part in came]
        heads = np.array([part["headcount"] for part in came])
        sides = heads @ town.shares["home"][rows]
        people = sides.sum()
        across = (people**2 - (sides**2).sum()) / 2 / max(people - 1, 1)
        mass[entry.values["space_id"]] += across
    assert mass[str(town.ids["pump-house"])] > sum(mass.values()) * 0.6


@pytest.mark.parametrize("seed", [1, 3])
def test_one_connector_alone_holds_three_pairs_and_nobody_any_other(seed) -> None:
    town = read_town(seed)
    made = [entry for entry in plan(DAY, seed) if entry.kind == "introductions"]
    alone = {pair: who for pair, who in holders_of(town, made).items() if len(who) == 1}
    told = town.told["held_alone"]
    assert set(alone) == {named(town, pair) for pair in told["pairs"]}
    assert len(alone) == 3
    assert set.union(*alone.values()) == {told["connector"]}
    assert all(town.is_apart("home", list(pair)) for pair in alone)


def test_two_groups_have_never_met_though_no_pair_was_likelier_to(town, by_kind, holders) -> None:
    met = {pair for e in by_kind["introductions"] for pair in pairs(town, e, "parties")}
    met |= {pair for e in by_kind["meetings"] for pair in pairs(town, e, "attendance")}
    for entry in by_kind["flows"]:
        ends = [entry.values["from_group_id"], entry.values["to_group_id"]]
        met.add(tuple(numbers(town, ends)))
    strangers = named(town, town.told["never_met"])
    assert strangers not in met
    liking = affinity(town)
    never = [pair for pair in combinations(range(len(town.groups)), 2) if pair not in met]
    assert max(never, key=lambda pair: liking[pair]) == strangers
    for group in strangers:
        assert sum(group in pair for pair in holders) >= 8


# --- the same again -------------------------------------------------------------------------------


def test_the_same_day_and_seed_give_the_same_plan(entries) -> None:
    assert plan(DAY) == entries


def test_another_seed_gives_another_year(entries) -> None:
    assert relative(plan(DAY, seed=2), ENDS_AT) != relative(entries, ENDS_AT)


def test_another_day_moves_the_year_by_whole_weeks_and_nothing_else(entries) -> None:
    day = date(2024, 2, 29)
    monday = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(day.weekday())
    assert relative(plan(day), monday) == relative(entries, ENDS_AT)


def relative(plan_: list[Entry], ends_at: datetime) -> list[Any]:
    """The plan with days told from the end of its year, and ids by their first appearance."""
    places: dict[str, int] = {}
    for entry in plan_:
        places.setdefault(str(entry.id), len(places))

    def tell(found: re.Match[str]) -> str:
        day = date.fromisoformat(found[0])
        return str((day - ends_at.date()).days)

    told = []
    for entry in plan_:
        text = json.dumps(entry.values)
        text = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", lambda found: f"#{places[found[0]]}", text)
        if entry.kind in EVENTS:
            text = re.sub(r"\b\d{4}-\d\d-\d\d", tell, text)
        told.append((entry.kind, entry.author, places[str(entry.id)], text))
    return told


def test_groups_and_spaces_keep_their_ids_for_ever(entries) -> None:
    frame = [entry.id for entry in entries if entry.kind not in EVENTS]
    assert [entry.id for entry in plan(date(2031, 3, 3)) if entry.kind not in EVENTS] == frame


def test_ids_are_version_7_and_begin_with_their_instant(entries) -> None:
    ids = {(entry.kind, entry.id) for entry in entries}
    assert len({each for _, each in ids}) == len(ids)
    for entry in entries:
        assert (entry.id.version, entry.id.variant) == (7, "specified in RFC 4122")
        assert entry.id.int >> 80 == int(entry.at.timestamp() * 1000)


def test_everything_happens_in_the_52_weeks_before_the_week_of_the_day(by_kind) -> None:
    for kind in EVENTS:
        assert all(ENDS_AT - YEAR <= entry.at < ENDS_AT for entry in by_kind[kind]), kind
    weeks = {(entry.at - ENDS_AT) // timedelta(weeks=1) for entry in by_kind["introductions"]}
    assert len(weeks) == 52


def test_the_page_explains_every_parameter_and_gives_the_true_counts(town, by_kind, made) -> None:
    page = DOCS.read_text(encoding="utf-8")
    assert [name for name in town.model if f"`{name}`" not in page] == []
    counts = [len(by_kind[kind]) for kind in ("introductions", "follow-ups", "meetings", "flows")]
    records = len({entry.id for kept in by_kind.values() for entry in kept})
    assert [n for n in (*counts, len(made), records) if f"{n:,}" not in page] == []


# --- loading --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def own_database() -> Iterator[Database]:
    """A database of its own: other tests may look for demonstration accounts."""
    made = Database(clone(f"weft_demo_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"))
    yield made
    made.close()


@pytest.fixture
def empty(own_database, monkeypatch) -> Database:
    """The database, with the demonstration to be loaded under an id that is still free."""
    monkeypatch.setattr(loading, "DEMO_NETWORK", uuid4())
    return own_database


def ask(database: Database, statement: str) -> list[Any]:
    """What a statement finds in the demonstration network."""
    with database.snapshot(loading.DEMO_NETWORK) as cx:
        return list(cx.exec_driver_sql(statement).all())


def count(database: Database, table: str) -> int:
    return ask(database, f"SELECT count(*) FROM {table}")[0][0]


def test_it_loads_every_entry_and_a_second_time_does_nothing(empty, by_kind) -> None:
    loaded = load(empty, today=DAY, progress=False)
    for kind, kept in by_kind.items():
        assert count(empty, KINDS[kind].table) == len({entry.id for entry in kept}), kind
    assert f"{loaded.records:,} records" in str(loaded)
    assert ask(empty, "SELECT DISTINCT status FROM op_ledger") == [("applied",)]
    revision = ask(empty, "SELECT revision FROM network")

    again = load(empty, today=DAY + timedelta(weeks=3), progress=False)
    assert (again.records, "nothing was done" in str(again)) == (0, True)
    assert ask(empty, "SELECT revision FROM network") == revision


def test_each_connector_is_the_author_of_what_they_logged(empty, by_kind) -> None:
    load(empty, today=DAY, progress=False)
    statement = (
        "SELECT u.email, count(*) FROM {} r JOIN member m ON m.id = r.author_id"
        " JOIN user_account u ON u.id = m.user_id GROUP BY 1"
    )
    for kind in ("introductions", "follow-ups", "quiet-weeks"):
        told = Counter(f"{AUTHORS[entry.author]}@demo.example" for entry in by_kind[kind])
        assert dict(map(tuple, ask(empty, statement.format(KINDS[kind].table)))) == told


def test_what_stops_halfway_leaves_nothing(empty, monkeypatch) -> None:
    put, calls = loading._put, []

    def stop(*args: Any) -> None:
        calls.append(args)
        if len(calls) > 5:
            raise KeyboardInterrupt
        put(*args)

    with monkeypatch.context() as patched:
        patched.setattr(loading, "_put", stop)
        with pytest.raises(KeyboardInterrupt):
            load(empty, today=DAY, progress=False)
    assert (count(empty, "network"), count(empty, "grp")) == (0, 0)
    assert load(empty, today=DAY, progress=False).records > 5_000


def test_a_record_that_is_refused_stops_the_loading(empty, monkeypatch) -> None:
    wrong = [entry._replace(values={}) if entry.kind == "flows" else entry for entry in plan(DAY)]
    monkeypatch.setattr(loading, "plan", lambda *_: wrong)
    with pytest.raises(RuntimeError, match="flows"):
        load(empty, today=DAY, progress=False)
    assert count(empty, "network") == 0
