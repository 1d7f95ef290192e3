"""Who asks: a phone sees what its member sees, and strangers learn nothing, not even from logs."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import create_engine

from api.core.db import sqlalchemy_url

from .conftest import Collect, introduction, said

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.fixtures.networks import Member, Network, Town

PATHS = (
    "formList",
    "forms/flows.xml",
    "forms/flows/manifest",
    "media/groups.csv",
)

SILENT = "This address no longer works. Ask your coordinator for a new key."


def is_unknown(phone: Collect) -> bool:
    """Whether the phone learns nothing but what to do, wherever it asks."""
    answers = [phone.get(path) for path in PATHS]
    answers += [phone.send(introduction("x")), phone.send("no XML")]
    client = phone.member.app.test_client()
    answers.append(client.head(f"/key/{phone.key}/submission"))
    texts = {said(answer)[1] for answer in answers[:-1] if answer.status_code == 404}
    return {answer.status_code for answer in answers} == {404} and texts == {SILENT}


def test_an_unknown_key_learns_nothing(network: Network, phone: Collect) -> None:
    assert not is_unknown(phone)
    assert is_unknown(Collect(network.connector, f"weft_{secrets.token_urlsafe(32)}"))
    assert is_unknown(Collect(network.connector, network.connector.token))


def test_a_key_taken_back_falls_silent(network: Network, phone: Collect) -> None:
    (listed,) = network.connector.get("collect/keys").json["items"]
    path = f"collect/keys/{listed['id']}"
    assert network.connector.delete(path).status_code == 204
    assert is_unknown(phone)
    assert network.connector.get("collect/keys").json["items"] == []
    assert network.connector.delete(path).status_code == 404


def test_the_key_of_who_has_left_falls_silent(network: Network, phone: Collect) -> None:
    network.admin.delete(f"members/{network.connector.member_id}")
    assert is_unknown(phone)


def test_the_key_of_a_disabled_account_falls_silent(
    network: Network, phone: Collect, database_url: str
) -> None:
    engine = create_engine(sqlalchemy_url(database_url))
    with engine.begin() as owner:
        owner.exec_driver_sql(
            "UPDATE user_account u SET disabled_at = now() FROM member m"
            " WHERE u.id = m.user_id AND m.id = %(member)s",
            {"member": network.connector.member_id},
        )
    engine.dispose()
    assert is_unknown(phone)


def test_who_became_a_funder_logs_no_more(network: Network, phone: Collect) -> None:
    network.admin.patch(f"members/{network.connector.member_id}", {"role": "funder"})
    answers = [phone.get(path) for path in PATHS] + [phone.send(introduction("x"))]
    assert {answer.status_code for answer in answers} == {403}
    assert {said(answer)[0] for answer in answers} == {"error"}


def test_another_networks_group_is_not_told_from_none(
    phone: Collect,
    town: Town,
    other_network: Network,
    give_key: Callable[[Member], Collect],
) -> None:
    theirs = other_network.coordinator.make("groups", {"name": "Far away", "type": "arts"})["id"]
    told = []
    for group in (theirs, "0197b0c4-6a10-7cc3-8f00-00000000dead"):
        xml = introduction(town.groups[0], group)
        answer = phone.send(xml)
        assert answer.status_code == 201
        assert phone.verdict(xml)["error"]["code"] == "reference_missing"
        assert phone.verdict(xml)["payload"] == xml
        told.append(said(answer))
    assert told[0] == told[1]
    assert "Far away" not in told[0][1]


def test_an_instance_of_another_network_is_not_known_here(
    phone: Collect, town: Town, other_network: Network, give_key: Callable[[Member], Collect]
) -> None:
    xml = introduction(*town.groups[:2])
    phone.send(xml)
    answer = give_key(other_network.connector).send(xml)
    assert "person has to look" in said(answer)[1]  # its groups are not there
    assert other_network.connector.get("introductions").json["items"] == []


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "", 404),
        ("GET", "/", 404),
        ("GET", "/nowhere", 404),
        ("GET", "/a/b/formList", 404),
        ("GET", "/submission", 405),
        ("PUT", "/formList", 405),
    ],
)
def test_an_address_that_nothing_is_at_speaks_openrosa_too(
    phone: Collect, method: str, path: str, status: int
) -> None:
    client = phone.member.app.test_client()
    answer = client.open(f"/key/{phone.key}{path}", method=method)
    assert answer.status_code == status
    assert answer.headers["X-OpenRosa-Version"] == "1.0"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "X-OpenRosa-Version" not in client.open("/nowhere", method=method).headers


def test_no_log_holds_a_key(phone: Collect, capfd: pytest.CaptureFixture[str]) -> None:
    for path in (*PATHS, "nowhere", "media/none.csv"):
        phone.get(path)
    phone.send(introduction("x"))
    phone.send("no XML")
    printed = "".join(capfd.readouterr())
    assert "/key/<key>/formList" in printed
    assert phone.key not in printed
