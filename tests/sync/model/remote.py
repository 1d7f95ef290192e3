"""Remote: a member who speaks to a server process over HTTP, on one connection kept open."""

from __future__ import annotations

import http.client
import json
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .line import Lost

if TYPE_CHECKING:
    from uuid import UUID

    from tests.fixtures.networks import Member

PATIENCE = 60  # seconds
PAUSE = 0.2  # seconds after nobody answered
LATER = (429, 502, 503)  # to be asked again; so is 500, which is counted


@dataclass(frozen=True)
class Answer:
    """What came back, as the model reads it."""

    status_code: int
    text: str

    @property
    def json(self) -> Any:
        return json.loads(self.text)

    def get_data(self, *, as_text: bool) -> str:
        assert as_text
        return self.text


class Remote:
    """`get` and `post` as members of the suite have them; Lost when nobody answers."""

    def __init__(self, member: Member, port: int) -> None:
        self.network_id: UUID = member.network_id
        self.member_id: UUID = member.member_id
        self.notebook = member.notebook
        self.failures = 0  # answers that say the server did not know what to do
        self.tries = 1  # how often it asks before it takes a request for lost
        self._token, self._port = member.token, port
        self._open = threading.local()  # a fault may send the same thing from several threads

    def get(self, path: str) -> Answer:
        return self._ask("GET", path, None, {})

    def post(self, path: str, values: Any, **headers: str) -> Answer:
        return self._ask("POST", path, json.dumps(values), headers)

    def _ask(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> Answer:
        for _ in range(self.tries - 1):
            with suppress(Lost):
                return self._once(method, path, body, headers)
            time.sleep(PAUSE)
        return self._once(method, path, body, headers)

    def _once(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> Answer:
        own = {"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"}
        inside = f"/api/v1/networks/{self.network_id}/{path}"
        try:
            self._connection.request(method, inside, body, own | headers)
            answer = self._connection.getresponse()
            found = Answer(answer.status, answer.read().decode())
        except (OSError, http.client.HTTPException) as error:
            self._open.connection = None
            raise Lost from error
        self.failures += found.status_code == 500
        if found.status_code in (500, *LATER):
            raise Lost
        return found

    @property
    def _connection(self) -> http.client.HTTPConnection:
        if getattr(self._open, "connection", None) is None:
            self._open.connection = http.client.HTTPConnection(
                "127.0.0.1", self._port, timeout=PATIENCE
            )
        found: http.client.HTTPConnection = self._open.connection
        return found
