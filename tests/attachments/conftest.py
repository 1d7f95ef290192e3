"""What tests of attachments share: a member who uploads as a tus client does."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from tests.attachments import files

if TYPE_CHECKING:
    from werkzeug.test import TestResponse

    from tests.fixtures.networks import Member, Network, Town

TUS = {"Tus-Resumable": "1.0.0"}


@dataclass
class File:
    """A file on somebody's phone, and the attachment it is for."""

    member: Member
    content: bytes
    mime: str = "image/jpeg"
    id: str = field(default_factory=lambda: str(uuid4()))

    @property
    def sha256(self) -> str:
        """Its digest."""
        return hashlib.sha256(self.content).hexdigest()

    @property
    def path(self) -> str:
        """Where its upload is."""
        return f"sync/uploads/{self.id}"

    def values(self, **owner: str) -> dict[str, Any]:
        """The attachment's record."""
        return {"sha256": self.sha256, "size": len(self.content), "mime": self.mime} | owner

    def attach(self, introduction: str) -> dict[str, Any]:
        """Log the attachment."""
        return self.member.make(
            "attachments", {"id": self.id} | self.values(introduction_id=introduction)
        )

    def announce(self, **more: str) -> TestResponse:
        """POST it, as tus has it; `more` replaces headers."""
        said = {"attachment_id": self.id, "sha256": self.sha256, "mime": self.mime}
        said["filename"] = "../../etc/passwd"
        named = [f"{k} {base64.b64encode(v.encode()).decode()}" for k, v in said.items()]
        headers = {"Upload-Length": str(len(self.content)), "Upload-Metadata": ",".join(named)}
        return self.member.ask("POST", "sync/uploads", headers=TUS | headers | more)

    def send(self, begin: int, end: int | None = None, **more: str) -> TestResponse:
        """PATCH a piece."""
        headers = TUS | {"Upload-Offset": str(begin)} | more
        media = "application/offset+octet-stream"
        piece = self.content[begin:end]
        return self.member.ask("PATCH", self.path, data=piece, headers=headers, content_type=media)

    def head(self) -> TestResponse:
        """Ask how far it came."""
        return self.member.ask("HEAD", self.path, headers=TUS)

    def upload(self) -> TestResponse:
        """All of it, at one go."""
        assert self.announce().status_code == 201
        return self.send(0)

    def download(self, member: Member | None = None, **headers: str) -> TestResponse:
        """The file, as somebody gets it."""
        return (member or self.member).get(f"attachments/{self.id}/content", **headers)

    @property
    def state(self) -> str:
        """Whether it arrived."""
        told: str = self.member.get(f"attachments/{self.id}/state").json["state"]
        return told


@pytest.fixture
def file(network: Network) -> File:
    """A photo on the connector's phone."""
    return File(network.connector, files.picture())


@pytest.fixture
def introduction(network: Network, town: Town) -> str:
    """An introduction to attach it to."""
    made: str = network.connector.make("introductions", town.introduction())["id"]
    return made
