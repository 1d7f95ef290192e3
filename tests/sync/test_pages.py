"""Pages: however the feed is cut, every change arrives whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from api.sync import pull

if TYPE_CHECKING:
    from tests.fixtures.networks import Network, Town


@pytest.mark.parametrize("limit", range(1, 8))
def test_a_record_moved_within_sight_arrives_and_does_not_leave(
    network: Network, town: Town, limit: int
) -> None:
    records = [network.connector.make("introductions", town.introduction()) for _ in range(6)]
    _, cursor = network.connector.pull()
    for each in records:
        where, seen = f"introductions/{each['id']}", f'"{each["version"]}"'
        moved = {"audience": network.connector.notebook}
        assert network.connector.patch(where, moved, If_Match=seen).status_code == 200
    changes, _ = network.connector.pull(cursor, limit)
    assert [(c["op"], c["id"]) for c in changes] == [("upsert", each["id"]) for each in records]


def test_a_page_is_cut_where_it_would_grow_too_large(
    network: Network, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(6):
        network.connector.make("introductions", town.introduction(purpose="x" * 250))
    whole, _ = network.connector.pull()
    monkeypatch.setattr(pull, "PAGE_BYTES", 2_000)
    page = network.connector.get("sync/changes?limit=500").json
    assert (0 < len(page["changes"]) < len(whole), page["has_more"]) == (True, True)
    rest, _ = network.connector.pull(page["cursor"])
    assert page["changes"] + rest == whole


def test_one_record_larger_than_a_page_is_sent_all_the_same(
    network: Network, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    network.connector.make("introductions", town.introduction())
    whole, _ = network.connector.pull()
    monkeypatch.setattr(pull, "PAGE_BYTES", 1)
    assert network.connector.pull()[0] == whole


def test_a_snapshot_says_nothing_of_what_was_removed_before(network: Network, town: Town) -> None:
    record = network.connector.make("introductions", town.introduction())
    network.connector.delete(f"introductions/{record['id']}", If_Match="*")
    changes, _ = network.connector.pull()
    assert {change["op"] for change in changes} == {"upsert"}
    assert record["id"] not in {change["id"] for change in changes}
