"""Phones of each client library, on a bad line to a server process."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from tests.fixtures.proxy import proxying
from tests.fixtures.server import serving

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.fixtures.networks import Member, Network, Town
    from tests.fixtures.node import Node, Talk
    from tests.fixtures.proxy import Proxy

Records = dict[str, dict[str, Any]]


@dataclass
class Phone:
    """A member's phone: what they do on it is done by the client library."""

    talk: Talk
    proxy: Proxy
    member: Member
    name: str = field(default_factory=lambda: uuid4().hex)

    def open(self, batch: int = 200, device: str | None = None) -> Phone:
        """Switch it on for the first time; with a device's name, a tab on that."""
        self.do(
            "open",
            address=self.proxy.address(self.name),
            network=str(self.member.network_id),
            token=self.member.token,
            batchSize=batch,
            device=device,
        )
        return self

    def do(self, verb: str, **words: Any) -> Any:
        """One thing that the owner or the system does."""
        return self.talk.ask(do=verb, phone=self.name, **words)

    def put(self, data: dict[str, Any], record: str | None = None, **more: Any) -> str:
        """Write an introduction, or fields of one; its id."""
        record = record or str(uuid4())
        self.do("put", **{"kind": "introductions", "id": record, "data": data} | more)
        return record

    def remove(self, record: str) -> None:
        """Remove an introduction."""
        self.do("remove", kind="introductions", id=record)

    def remove_while_pushing(self, record: str) -> None:
        """Remove an introduction when the next push was answered, before the app hears of it."""
        self.do("whilePushing", act={"do": "remove", "kind": "introductions", "id": record})

    def put_while_pushing(self, data: dict[str, Any], record: str) -> None:
        """Write fields of one when the next push was answered, before the app hears of it."""
        act = {"do": "put", "kind": "introductions", "id": record, "data": data}
        self.do("whilePushing", act=act)

    def sync(self) -> None:
        """Everything here is there, and the other way round, however often it takes."""
        self.do("sync")

    def sign_in(self, member: Member) -> None:
        """Somebody signs in, with the same store open."""
        self.do("signIn", token=member.token)

    def restart(self) -> None:
        """The system ended the app, the owner opens it again."""
        self.do("restart")

    def go_offline(self) -> None:
        """No bars."""
        self.proxy.offline.add(self.name)

    def go_online(self) -> None:
        """Bars, and everything that waited goes."""
        self.proxy.offline.discard(self.name)
        self.sync()

    def meet(self, code: str) -> dict[str, Any]:
        """Try until this trouble is met; what is known of it."""
        trouble: dict[str, Any] = self.do("meet", code=code)
        assert trouble["code"] == code
        return trouble

    def lose_an_answer(self, data: dict[str, Any], record: str | None = None) -> str:
        """The server stores what the phone wrote, the phone never hears of it and is offline."""
        self.proxy.plan(self.name, "cut")
        record = self.put(data, record)
        self.meet("no_answer")
        assert (self.name, "cut") in self.proxy.met
        return record

    @property
    def records(self) -> Records:
        """What it holds, by `kind/id`."""
        found: Records = self.do("records")
        return found

    def data(self, record: str) -> dict[str, Any]:
        """The fields of an introduction."""
        found: dict[str, Any] = self.records[f"introductions/{record}"]["data"]
        return found

    @property
    def attention(self) -> list[dict[str, Any]]:
        """What was refused and waits for its owner to look."""
        found: list[dict[str, Any]] = self.do("attention")
        return found


@pytest.fixture(scope="session")
def line(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    """The connection to a server process on the database of the tests."""
    with (
        serving(database_url, tmp_path_factory.mktemp("served")) as env,
        proxying(f"http://127.0.0.1:{env['WEFT_PORT']}") as proxy,
    ):
        yield proxy


@pytest.fixture(scope="session", params=["rxdb", "watermelondb"])
def stage(request: pytest.FixtureRequest, node: Node) -> Iterator[Talk]:
    """Phones of one client library."""
    with node.talking(f"tests/clients/{request.param}_phones.mjs") as talk:
        yield talk


@pytest.fixture
def phone_of(stage: Talk, line: Proxy) -> Iterator[Callable[..., Phone]]:
    """Make a new phone for a member; all are closed afterwards."""
    made: list[Phone] = []

    def make(member: Member, **options: Any) -> Phone:
        made.append(Phone(stage, line, member).open(**options))
        return made[-1]

    yield make
    for phone in made:
        phone.do("close")


@pytest.fixture
def walking(phone_of: Callable[..., Phone], network: Network, town: Town) -> Phone:
    """A connector's phone, up to date."""
    phone = phone_of(network.connector)
    phone.sync()
    return phone


@pytest.fixture
def desk(phone_of: Callable[..., Phone], network: Network, town: Town) -> Phone:
    """A coordinator's phone, up to date."""
    phone = phone_of(network.coordinator)
    phone.sync()
    return phone


@pytest.fixture
def values(network: Network, town: Town) -> dict[str, Any]:
    """An introduction with every field, as the server writes it."""
    made = network.connector.make("introductions", town.introduction())
    changes, _ = network.connector.pull()
    (data,) = [change["data"] for change in changes if change["id"] == made["id"]]
    network.connector.delete(f"introductions/{made['id']}", If_Match="*")
    return data | {"purpose": "A hall", "channel": "phone"}


def held(member: Member) -> Records:
    """What the server would show this member."""
    changes, _ = member.pull()
    names = ("version", "audience", "data")
    return {f"{c['kind']}/{c['id']}": {n: c[n] for n in names} for c in changes}


def introductions(network: Network) -> list[dict[str, Any]]:
    """What everybody sees in the list."""
    found: list[dict[str, Any]] = network.admin.get("introductions").json["items"]
    return found
