"""Other people's clients under a seeded storm: all end as the server, every word kept."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import pytest

from tests.clients.conftest import held

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.clients.conftest import Phone
    from tests.fixtures.networks import Network
    from tests.fixtures.proxy import Proxy

Values = dict[str, Any]
Said = dict[tuple[str, str], str]


@pytest.mark.parametrize("seed", range(3))
def test_whatever_happens_all_phones_end_as_the_server(
    network: Network,
    phone_of: Callable[..., Phone],
    desk: Phone,
    walking: Phone,
    values: Values,
    line: Proxy,
    seed: int,
) -> None:
    dice = random.Random(seed)
    phones = [walking, desk, phone_of(network.connector, batch=3)]
    said: Said = {}
    for number in range(60):
        phone = dice.choice(phones)
        live(phone, dice, number, values, said)
        mishap(phone, dice, line)
    line.planned.clear()
    line.offline.clear()
    for phone in phones * 2:
        phone.sync()
    for phone in phones:
        assert phone.records == held(phone.member)
    stored = network.rows("SELECT data ->> 'purpose' FROM history WHERE network_id = %(network)s")
    refused = [entry["op"].get("data", {}) for phone in phones for entry in phone.attention]
    kept = {word for (word,) in stored} | {data.get("purpose") for data in refused}
    assert set(said.values()) <= kept


def live(phone: Phone, dice: random.Random, number: int, values: Values, said: Said) -> None:
    """Somebody writes, edits, removes, or moves a record; `said` is their last word on each."""
    known = [key.partition("/")[2] for key in phone.records if key.startswith("introductions/")]
    deed = dice.choice(("write", "edit", "edit", "edit", "remove", "move"))
    word = f"Word {number}"
    record = dice.choice(known) if known and deed != "write" else phone.put(values)
    if deed == "remove":
        phone.remove(record)
        said.pop((phone.name, record), None)
    elif deed == "move":
        phone.put({}, record, audience=dice.choice(("network", phone.member.notebook)))
    elif deed == "edit" and dice.random() < 0.4:
        phone.put({"channel": dice.choice(("letter", "video"))}, record)
    else:
        phone.put({"purpose": word}, record)
        said[phone.name, record] = word


def mishap(phone: Phone, dice: random.Random, line: Proxy) -> None:
    """The line is good, or bad, or gone; the app ends."""
    what = dice.choice(("sync", "sync", "sync", "fault", "offline", "online", "restart", "nothing"))
    if what == "fault":
        line.plan(phone.name, dice.choice(("drop_request", "drop_response", "dup", "html")))
    elif what == "offline":
        phone.go_offline()
    elif what == "restart":
        phone.restart()
    elif what == "online" or (what == "sync" and phone.name not in line.offline):
        phone.go_online()
