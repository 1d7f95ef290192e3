"""A phone with Collect: a key, and the requests that the app makes with it."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4, uuid5
from xml.sax.saxutils import escape

import pytest
from lxml import etree

if TYPE_CHECKING:
    from collections.abc import Callable

    from werkzeug.test import TestResponse

    from tests.fixtures.networks import Member, Network

PERSON = {"alias": "Blue door", "notice": "not_given", "basis": "consent", "age_band": "adult"}
MESSAGE = "{http://openrosa.org/http/response}message"


@dataclass
class Collect:
    """A phone that speaks for a member: `phone.get("formList")`, `phone.send(xml)`."""

    member: Member
    key: str

    def get(self, path: str) -> TestResponse:
        """GET below the address that the phone was given."""
        return self.member.app.test_client().get(f"/key/{self.key}/{path}")

    def send(self, xml: str | bytes, **more: str | bytes) -> TestResponse:
        """POST a filled form as Collect does; `more` are further parts: files, where bytes."""
        body = xml.encode() if isinstance(xml, str) else xml
        return self.post(multipart({"xml_submission_file": body} | more))

    def post(self, body: bytes, **headers: str) -> TestResponse:
        """POST a body of parts."""
        client, url = self.member.app.test_client(), f"/key/{self.key}/submission?deviceID=x"
        sort = {"Content-Type": "multipart/form-data; boundary=cut"}
        return client.post(url, data=body, headers=sort | headers)

    def verdict(self, xml: str, form: str = "introductions") -> dict[str, Any]:
        """What the ledger says of a filled form: status, error, payload."""
        found = instance_of(xml)
        own = uuid5(uuid5(self.member.network_id, form), found)
        op_id = uuid5(own, sha256(xml.encode()).hexdigest())
        answer = self.member.get(f"sync/ops/{op_id}")
        assert answer.status_code == 200, answer.text
        told: dict[str, Any] = answer.json
        return told


def multipart(parts: dict[str, str | bytes]) -> bytes:
    """Parts as Collect sends them: what is bytes is a file."""
    head = '--cut\r\nContent-Disposition: form-data; name="{}"'
    lines: list[bytes] = []
    for name, content in parts.items():
        if isinstance(content, bytes):
            said = f'{head.format(name)}; filename="{name}"\r\nContent-Type: text/xml\r\n'
            lines += [said.encode(), content]
        else:
            lines += [f"{head.format(name)}\r\n".encode(), content.encode()]
    return b"\r\n".join([*lines, b"--cut--\r\n"])


def instance_of(xml: str) -> str:
    """The instanceID of a filled form."""
    return xml.partition("<instanceID>")[2].partition("</instanceID>")[0]


def filled(form: str, answers: str, instance: str = "", edits: str = "") -> str:
    """A filled form as Collect writes it."""
    meta = f"<instanceID>{instance or f'uuid:{uuid4()}'}</instanceID>"
    meta += f"<deprecatedID>{edits}</deprecatedID>" if edits else ""
    return (
        f'<?xml version=\'1.0\' ?><data id="{form}" version="1"'
        f' xmlns:orx="http://openrosa.org/xforms">{answers}<meta>{meta}</meta></data>'
    )


def introduction(*groups: str | UUID, purpose: str = "Supper", **meta: str) -> str:
    """A filled introduction of groups."""
    parties = "".join(
        f"<parties><group_id>{group}</group_id><person_id/></parties>" for group in groups
    )
    return filled(
        "introductions",
        "<made_at>2026-03-31T18:30:00.000+01:00</made_at>"
        f"<parties_count>{len(groups)}</parties_count>{parties}"
        f"<space_id/><purpose>{escape(purpose)}</purpose><status>made</status>",
        **meta,
    )


def said(answer: TestResponse) -> tuple[str, str]:
    """The nature and text of what a phone is told."""
    message = etree.fromstring(answer.data).find(MESSAGE)
    return message.get("nature"), message.text


@pytest.fixture
def give_key() -> Callable[[Member], Collect]:
    """Give a member a phone with a key of its own."""

    def give(member: Member) -> Collect:
        made = member.post("collect/keys", {"name": "Phone"})
        assert made.status_code == 201, made.text
        return Collect(member, made.json["key"])

    return give


@pytest.fixture
def phone(network: Network, give_key: Callable[[Member], Collect]) -> Collect:
    """The connector's phone."""
    return give_key(network.connector)
