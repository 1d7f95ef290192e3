"""Asking: what tests ask of the brokerage endpoint, and what they look for in its answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .conftest import id_of

if TYPE_CHECKING:
    from uuid import UUID

    from tests.fixtures.networks import Member

    from .conftest import Canal

WINDOW = {"from": "2026-01-01T00:00:00Z", "to": "2026-04-01T00:00:00Z"}


def ask(canal: Canal, who: Member | None = None, **query: Any) -> Any:
    asked = {"boundary": canal.boundary} | WINDOW | query
    path = "analysis/brokerage?" + "&".join(f"{k}={v}" for k, v in asked.items())
    return (who or canal.network.coordinator).get(path)


def group(canal: Canal, letter: str, **query: Any) -> dict[str, Any]:
    """What is told of one group."""
    (found,) = ask(canal, group=id_of(letter), **query).json["groups"]
    return dict(found)


def connectors(answer: Any) -> dict[UUID, dict[str, Any]]:
    return {each["connector_id"]: each for each in answer.json["connectors"]}
