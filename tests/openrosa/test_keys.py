"""Keys for phones: made, listed and taken back by their member, and no more than hashes here."""

from __future__ import annotations

import base64
import json
import zlib
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from api.accounts.commands import prune
from api.accounts.limits import KEYS_PER_CLIENT
from api.cli import weft

from .conftest import Collect

if TYPE_CHECKING:
    from collections.abc import Callable

    from api.settings import Settings
    from tests.fixtures.networks import Member, Network


def test_a_key_comes_with_all_that_a_phone_needs(network: Network) -> None:
    answer = network.connector.post("collect/keys", {"name": "Phone"})
    assert answer.status_code == 201
    assert answer.headers["Cache-Control"] == "no-store"
    made = answer.json
    assert made["url"] == f"http://localhost/key/{made['key']}"
    scanned = json.loads(zlib.decompress(base64.b64decode(made["settings_qr"])))
    assert scanned == made["settings"]
    assert scanned["general"]["server_url"] == made["url"]
    assert scanned["project"]["name"] == "Town"


@pytest.mark.parametrize(
    "public_url", ["", "https://weft.example.org", "https://example.org/weft/"]
)
def test_a_key_and_its_list_of_forms_name_the_same_server(
    network: Network, monkeypatch: pytest.MonkeyPatch, public_url: str
) -> None:
    extensions = network.connector.app.extensions
    settings = replace(extensions["settings"], public_url=public_url)
    monkeypatch.setitem(extensions, "settings", settings)
    made = network.connector.post("collect/keys", {"name": "Phone"}).json
    assert made["url"] == f"{public_url.rstrip('/') or 'http://localhost'}/key/{made['key']}"
    listed = Collect(network.connector, made["key"]).get("formList").text
    assert f"<downloadUrl>{made['url']}/forms/flows.xml<" in listed


def test_only_the_hash_of_a_key_is_kept(network: Network, phone: Collect) -> None:
    (row,) = network.rows("SELECT k::text FROM collect_key k WHERE network_id = %(network)s")
    assert phone.key not in row[0]
    assert phone.key.encode().hex() not in row[0]


def test_a_member_lists_their_own_keys_without_the_keys(network: Network, phone: Collect) -> None:
    answer = network.connector.get("collect/keys")
    assert [each["name"] for each in answer.json["items"]] == ["Phone"]
    assert phone.key not in answer.text
    assert network.colleague.get("collect/keys").json["items"] == []


def test_nobody_else_takes_a_key_back(network: Network, phone: Collect) -> None:
    (listed,) = network.connector.get("collect/keys").json["items"]
    for other in (network.colleague, network.admin):
        assert other.delete(f"collect/keys/{listed['id']}").status_code == 404
    assert phone.get("formList").status_code == 200


def test_signing_out_everywhere_takes_keys_back_too(network: Network, phone: Collect) -> None:
    assert network.connector.delete("/api/v1/devices").status_code == 204
    assert phone.get("formList").status_code == 404


def test_funders_and_strangers_get_no_key(network: Network, other_network: Network) -> None:
    assert network.funder.post("collect/keys", {"name": "Phone"}).status_code == 403
    assert network.funder.get("collect/keys").status_code == 403
    path = f"/api/v1/networks/{other_network.id}/collect/keys"
    assert network.connector.post(path, {"name": "Phone"}).json["code"] == "unknown_network"


def test_a_key_is_no_token(network: Network, phone: Collect) -> None:
    headers = {"Authorization": f"Bearer {phone.key}"}
    assert network.connector.ask("GET", "introductions", headers=headers).status_code == 401


@pytest.mark.parametrize("age", ["last_used_on = current_date - 180", "created_at = '2020-01-01'"])
def test_a_key_unused_or_old_falls_silent(phone: Collect, network: Network, age: str) -> None:
    with network.database.transaction() as cx:
        cx.exec_driver_sql(
            f"UPDATE collect_key SET {age} WHERE network_id = %(network)s", {"network": network.id}
        )
    assert phone.get("formList").status_code == 404


def test_keys_long_silent_are_deleted(phone: Collect, network: Network) -> None:
    with network.database.transaction() as cx:
        cx.exec_driver_sql(
            "UPDATE collect_key SET last_used_on = current_date - 271"
            " WHERE network_id = %(network)s",
            {"network": network.id},
        )
        assert prune(cx)["collect_key"] >= 1
    assert network.rows("SELECT FROM collect_key WHERE network_id = %(network)s") == []


def test_the_day_of_use_is_noted(phone: Collect, network: Network) -> None:
    params = {"network": network.id}
    with network.database.transaction() as cx:
        cx.exec_driver_sql(
            "UPDATE collect_key SET last_used_on = current_date - 9 WHERE network_id = %(network)s",
            params,
        )
    phone.get("formList")
    (row,) = network.rows(
        "SELECT last_used_on = current_date FROM collect_key WHERE network_id = %(network)s"
    )
    assert row[0]


def test_guessing_is_slowed_down_and_known_keys_are_not(network: Network, phone: Collect) -> None:
    client = phone.member.app.test_client()
    far = {"environ_base": {"REMOTE_ADDR": "198.51.100.7"}}
    answers = [client.get(f"/key/x{i}/formList", **far) for i in range(KEYS_PER_CLIENT.burst + 1)]
    assert {answer.status_code for answer in answers[:-1]} == {404}
    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["Retry-After"]) > 0
    assert client.get(f"/key/{phone.key}/formList", **far).status_code == 200


def test_the_command_line_makes_a_key(
    network: Network, app_settings: Settings, address_of: Callable[[Member], str]
) -> None:
    env = {"WEFT_DATABASE_URL": app_settings.database_url, "WEFT_VAR": str(app_settings.var)}
    asked = ["collect-key", address_of(network.connector), str(network.id)]
    done = CliRunner().invoke(weft, asked, env=env)
    assert done.exit_code == 0, done.output
    key = done.stdout.split("/key/")[1].split()[0]
    assert Collect(network.connector, key).get("formList").status_code == 200
    left = address_of(network.colleague)
    network.admin.delete(f"members/{network.colleague.member_id}")
    for address in (address_of(network.funder), "nobody@town.example", left):
        asked = ["collect-key", address, str(network.id)]
        done = CliRunner().invoke(weft, asked, env=env)
        assert done.exit_code == 1
        assert "Nobody with this address logs" in done.output


@pytest.fixture
def address_of(network: Network) -> Callable[[Member], str]:
    """The address that a member signs in with."""

    def found(member: Member) -> str:
        (row,) = network.rows(
            "SELECT u.email FROM member m JOIN user_account u ON u.id = m.user_id"
            " WHERE m.network_id = %(network)s AND m.id = %(member)s",
            member=member.member_id,
        )
        return row[0]

    return found
