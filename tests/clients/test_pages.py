"""What the pages ask an app's maker to copy runs as it stands, against a real server."""

from __future__ import annotations

import json
import re
from email import message_from_bytes
from typing import TYPE_CHECKING, Any

import pytest

from api.settings import HOME
from tests.fixtures.server import serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.fixtures.networks import Network, Town
    from tests.fixtures.node import Node, Talk

FILE = re.compile(r"^```js\n// ([\w-]+\.js)\n(.*?)^```", re.MULTILINE | re.DOTALL)
PAGES = ("clients/README.md", "docs/attachments.md")
HERE = HOME / "tests" / "clients" / "pages"


@pytest.fixture(scope="module")
def served(
    database_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, Path]]:
    """The address of a server, and its folder."""
    folder = tmp_path_factory.mktemp("served")
    with serving(database_url, folder) as env:
        yield f"http://127.0.0.1:{env['WEFT_PORT']}", folder


def copy(folder: Path, address: str, library: str) -> None:
    """Do as the pages say: copy the adapter, paste each file, put in the server's address."""
    for page in (*PAGES, f"clients/{library}/README.md"):
        for name, code in FILE.findall((HOME / page).read_text()):
            (folder / name).write_text(code.replace("https://weft.example", address))
    (folder / "weft").symlink_to(HOME / "clients")
    (folder / "package.json").write_text('{"type": "module"}')


def code_for(email: str, app: Talk, var: Path) -> str:
    """The code that the app has mailed to its owner."""
    before = set((var / "outbox").glob("*.eml"))
    app.ask(do="begin", email=email)
    (letter,) = set((var / "outbox").glob("*.eml")) - before
    found = re.search(r"\b\d{6}\b", message_from_bytes(letter.read_bytes()).as_string())
    assert found
    return found[0]


@pytest.mark.parametrize("library", ["rxdb", "watermelondb"])
def test_an_app_pasted_from_the_pages_logs_what_its_owner_writes(
    library: str, node: Node, network: Network, town: Town, served: tuple[str, Path], tmp_path: Path
) -> None:
    address, var = served
    copy(tmp_path, address, library)
    member = network.connector
    email = member.get("/api/v1/me").json["user"]["email"]
    with node.talking(HERE / f"{library}.mjs", str(tmp_path)) as app:
        app.ask(do="enter", email=email, code=code_for(email, app, var))
        shown: dict[str, Any] = app.ask(do="start")
        kept = app.ask(do="attach")
    (made,) = member.get("introductions").json["items"]
    assert made["purpose"] == "A hall and a kitchen"
    assert len({party["group_id"] for party in made["parties"]}) == 2
    assert shown | {"introductions": [made["id"]], "attention": [], "trouble": None} == shown
    (attached,) = member.get(f"attachments?introduction_id={made['id']}").json["items"]
    assert kept == {"id": attached["id"], "state": "stored"}
    content = member.get(f"attachments/{attached['id']}/state").json
    assert content["state"] == "stored", json.dumps(content)


@pytest.mark.parametrize("library", ["rxdb", "watermelondb"])
def test_a_pasted_app_whose_token_ended_goes_on_with_the_next(
    library: str, node: Node, network: Network, town: Town, served: tuple[str, Path], tmp_path: Path
) -> None:
    address, var = served
    copy(tmp_path, address, library)
    member = network.connector
    email = member.get("/api/v1/me").json["user"]["email"]
    with node.talking(HERE / f"{library}.mjs", str(tmp_path)) as app:
        app.ask(do="enter", email=email, code=code_for(email, app, var))
        app.ask(do="start")
        (device,) = [
            each["id"]
            for each in member.get("/api/v1/devices").json["items"]
            if each["name"] == "My app"
        ]
        assert member.delete(f"/api/v1/devices/{device}").status_code == 204
        made = member.make("introductions", town.introduction())
        app.ask(do="renew", email=email, code=code_for(email, app, var))
        shown: dict[str, Any] = app.ask(do="sync")
    assert made["id"] in shown["introductions"]
