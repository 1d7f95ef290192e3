"""Loads: what phones send in the benchmarks; ids fresh, so nothing is a repeat.

They are UUIDs of version 7, as our own phone makes them: they grow, and indexes with them.
"""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING, Any

from uuid_utils.compat import uuid7

from .client import Load

if TYPE_CHECKING:
    from .world import Place

Request = tuple[str, dict[str, str], bytes]


def introduction(place: Place) -> dict[str, Any]:
    """One introduction of two groups of the network."""
    return {
        "made_at": f"2026-01-{random.randint(1, 28):02d}T10:00:00+01:00",
        "parties": [{"group_id": g} for g in random.sample(place.groups, 2)],
        "space_id": random.choice(place.spaces),
        "channel": "in_person",
        "purpose": "A hall for the autumn supper",
        "known_before": "no",
        "status": "made",
    }


def headers(place: Place) -> dict[str, str]:
    """As a signed-in phone sends them."""
    return {"Authorization": f"Bearer {place.token}", "Content-Type": "application/json"}


def pushes(port: int, place: Place, size: int, count: int) -> Load:
    """Push batches of `size` operations into one network."""
    phone = str(uuid7())
    return Load(port, "POST", [pushed(place, size, phone) for _ in range(count)])


def over(port: int, places: list[Place], size: int, count: int) -> Load:
    """Push batches of `size` operations into one network after the other."""
    stores = [(place, str(uuid7())) for place in places]
    turns = (stores[i % len(stores)] for i in range(count))
    return Load(port, "POST", [pushed(place, size, phone) for place, phone in turns])


def pushed(place: Place, size: int, phone: str) -> Request:
    """One push of `size` new introductions."""
    ops = [
        {
            "op_id": str(uuid7()),
            "kind": "introductions",
            "id": str(uuid7()),
            "action": "put",
            "audience": "network",
            "base_version": None,
            "data": introduction(place),
        }
        for _ in range(size)
    ]
    body = json.dumps({"client_id": phone, "ops": ops}).encode()
    return f"/api/v1/networks/{place.network}/sync/push", headers(place), body


def posts(port: int, place: Place, count: int) -> Load:
    """Single introductions by REST."""
    path = f"/api/v1/networks/{place.network}/introductions"
    bodies = [json.dumps(introduction(place)).encode() for _ in range(count)]
    return Load(port, "POST", [(path, headers(place), body) for body in bodies])


def batches_of_twin(port: int, place: Place, size: int, count: int) -> Load:
    """The twin's batch endpoint."""
    path = f"/networks/{place.network}/introductions/batch"
    bodies = [
        json.dumps({"items": [introduction(place) for _ in range(size)]}).encode()
        for _ in range(count)
    ]
    return Load(port, "POST", [(path, headers(place), body) for body in bodies])


def gets(port: int, place: Place, path: str, count: int = 20_000) -> Load:
    """The same GET over and over."""
    return Load(port, "GET", [(path, headers(place), b"")] * count)
