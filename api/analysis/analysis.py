"""Analysis: how one is declared. Routes, jobs and the command line know no more of it than this."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec

from api.core.actor import LOGGERS

if TYPE_CHECKING:
    from collections.abc import Callable

    import marshmallow as ma
    from sqlalchemy import Connection

    from api.core.actor import Actor
    from api.core.head import Head

VIEWER = "viewer"


@dataclass(frozen=True, slots=True)
class Analysis:
    """One analysis: what it is asked, what it reads and how it is worked out.

    `load` has the database, `work_out` has it no more: what takes long holds no connection. Where
    `is_personal`, `asked` says under `viewer` whose figures may be told: a connector sees their own
    and nobody else's, None sees all. What `is_long` is never waited for: it is answered 202. So
    is what `takes_long` once its material is loaded, unless it has been worked out.
    """

    name: str
    summary: str
    description: str
    query: type[ma.Schema]
    answer: type[ma.Schema]
    example: dict[str, Any]
    load: Callable[[Connection, UUID, dict[str, Any]], Any]
    work_out: Callable[[dict[str, Any], Any], dict[str, Any]]
    is_personal: bool = False
    is_long: Callable[[dict[str, Any]], bool] = lambda _: False
    takes_long: Callable[[dict[str, Any], Any], bool] | None = None


@dataclass(frozen=True)
class Question:
    """An analysis asked of a network; equal questions have equal answers at one revision."""

    analysis: Analysis
    network_id: UUID
    asked: dict[str, Any]

    @classmethod
    def ask(
        cls, analysis: Analysis, network_id: UUID, asked: dict[str, Any], actor: Actor | None = None
    ) -> Question:
        """What this actor asks by parameters as the query's schema loads them; None sees all."""
        if analysis.is_personal:
            is_own = actor is not None and actor.role == "connector"
            asked = asked | {VIEWER: actor.member_id if actor and is_own else None}
        return cls(analysis, network_id, asked)

    @classmethod
    def read(cls, analysis: Analysis, network_id: UUID, text: str) -> Question:
        """A question again from its `text`."""
        said: dict[str, Any] = msgspec.json.decode(text)
        viewer = said.pop(VIEWER, None)
        given = {name: value for name, value in said.items() if value is not None}
        asked: dict[str, Any] = analysis.query().load(given)
        own = {VIEWER: viewer and UUID(viewer)} if analysis.is_personal else {}
        return cls(analysis, network_id, asked | own)

    @cached_property
    def text(self) -> str:
        """What was asked, as canonical JSON."""
        return msgspec.json.encode(self.asked, order="sorted").decode()

    @cached_property
    def key(self) -> str:
        """The same for equal questions; says nothing about what was asked."""
        named = f"{self.network_id} {self.analysis.name} {self.text}"
        return blake2b(named.encode(), digest_size=8).hexdigest()

    def etag(self, head: Head) -> str:
        """The tag of the answer where the network stands so."""
        return f'W/"{head.mark}-{self.key}"'

    def is_for(self, actor: Actor) -> bool:
        """Whether this actor may be told the answer."""
        if actor.role not in LOGGERS:
            return False
        viewer = self.asked.get(VIEWER, actor.member_id)
        return actor.role != "connector" or viewer == actor.member_id
