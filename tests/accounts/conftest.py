"""What tests of accounts share: people of invented addresses, a network, their mail."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from email import message_from_bytes, policy
from typing import TYPE_CHECKING, Any

import pytest

from api.accounts import commands

if TYPE_CHECKING:
    from collections.abc import Callable
    from email.message import EmailMessage
    from uuid import UUID

    from flask import Flask
    from werkzeug.test import TestResponse


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a token, a member of one network."""

    email: str
    token: str
    network_id: UUID
    member_id: UUID

    @property
    def network(self) -> str:
        """The address of their network."""
        return f"/networks/{self.network_id}"


@pytest.fixture
def make_email() -> Callable[[], str]:
    """An address that no other test uses."""
    return lambda: f"somebody-{secrets.token_hex(6)}@town.example"


@pytest.fixture
def email(make_email: Callable[[], str]) -> str:
    """One address that nobody has."""
    return make_email()


@pytest.fixture
def visit(app: Flask) -> Callable[..., TestResponse]:
    """Request as one client, whose address no other test has: `visit("GET", "/me", person)`."""
    client = app.test_client()
    address = "10." + ".".join(map(str, secrets.token_bytes(3)))
    client.environ_base["REMOTE_ADDR"] = address

    def ask(method: str, path: str, who: Any = None, **values: Any) -> TestResponse:
        token = getattr(who, "token", who)
        headers = {"X-Request-ID": "a-test"}  # the same, so that answers can be compared whole
        headers |= {"Authorization": f"Bearer {token}"} if token else {}
        return client.open(f"/api/v1{path}", method=method, headers=headers, json=values or None)

    ask.client_address = address  # type: ignore[attr-defined]
    return ask


@pytest.fixture
def letters(app: Flask) -> Callable[[str], list[EmailMessage]]:
    """The letters to an address that lie in the outbox, in order of sending."""

    def find(email: str) -> list[EmailMessage]:
        files = sorted(app.extensions["settings"].outbox.glob("*.eml"))
        found = [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]
        return [letter for letter in found if letter["To"] == email]

    return find


@pytest.fixture
def ask_code(
    visit: Callable[..., TestResponse], letters: Callable[[str], list[EmailMessage]]
) -> Callable[[str], str]:
    """Ask for a code and read it in the mail."""

    def ask(email: str) -> str:
        assert visit("POST", "/sign-in", email=email).status_code == 202
        found = re.search(r"\b\d{6}\b", letters(email)[-1].get_content())
        assert found
        return found.group()

    return ask


@pytest.fixture
def join(app: Flask, make_email: Callable[[], str]) -> Callable[..., Person]:
    """Make somebody a member: `join(network_id, "connector")`; anybody, or a given address."""

    def add(network_id: UUID, role: str, email: str = "") -> Person:
        email = email or make_email()
        with app.extensions["database"].transaction() as cx:
            member_id = commands.add_member(cx, network_id, email, role)
            return Person(email, commands.issue_token(cx, email), network_id, member_id)

    return add


@pytest.fixture
def make_admin(
    app: Flask, make_email: Callable[[], str], join: Callable[..., Person]
) -> Callable[[], Person]:
    """The admin of a new network."""

    def make() -> Person:
        email = make_email()
        with app.extensions["database"].transaction() as cx:
            network_id = commands.create_network(cx, "Town", email)
        return join(network_id, "admin", email)

    return make


@pytest.fixture
def admin(make_admin: Callable[[], Person]) -> Person:
    """The only admin of a network of their own."""
    return make_admin()


@pytest.fixture
def execute(app: Flask) -> Callable[..., Any]:
    """Run one statement in the scope of a network, for what only time or an operator does."""

    def run(statement: str, network_id: UUID | None = None) -> list[Any]:
        with app.extensions["database"].transaction(network_id) as cx:
            found = cx.exec_driver_sql(statement)
            return list(found) if found.returns_rows else []

    return run
