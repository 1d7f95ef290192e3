"""Town: the invented place as `seeds/demo.json` tells it, and the entries of its frame."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from .entry import Entry, make_id, stream

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

    from numpy.typing import NDArray

SEEDS = Path(__file__).parents[3] / "seeds" / "demo.json"
COORDINATOR, PROPOSER = 0, 4
METRES = np.array([68_400.0, 111_200.0])  # a degree of longitude and of latitude at 52 north


@dataclass(frozen=True)
class Town:
    """Groups and spaces are numbers here, in the order of the file; `ids` names every key's."""

    told: dict[str, Any]
    ids: dict[str, UUID]

    @property
    def model(self) -> dict[str, Any]:
        """The parameters of the model; docs/demonstration.md explains each."""
        found: dict[str, Any] = self.told["model"]
        return found

    @cached_property
    def groups(self) -> dict[str, int]:
        """The number of each group's key."""
        return {group["key"]: i for i, group in enumerate(self.told["groups"])}

    @cached_property
    def group_ids(self) -> list[str]:
        """The id of each group, as on the wire."""
        return [str(self.ids[key]) for key in self.groups]

    @cached_property
    def busy(self) -> NDArray[np.float64]:
        """How busy each group is; 1 is usual."""
        return np.array([group.get("busy", 1.0) for group in self.told["groups"]])

    @cached_property
    def shares(self) -> dict[str, NDArray[np.float64]]:
        """Per boundary the shares (groups, sections); a row of zeros is unknown."""
        return {b["key"]: self._shares(b) for b in self.told["boundaries"]}

    def _shares(self, boundary: dict[str, Any]) -> NDArray[np.float64]:
        keys = [section["key"] for section in boundary["sections"]]
        placed = [_placed(group, boundary["key"]) for group in self.told["groups"]]
        return np.array([[shares.get(key, 0.0) for key in keys] for shares in placed])

    def weights(self, of_section: dict[str, float]) -> NDArray[np.float64]:
        """Per group the sum of what its sections weigh, by its shares."""
        keys = [b["key"] for b in self.told["boundaries"]]
        placed = [[_placed(group, key) for key in keys] for group in self.told["groups"]]
        return np.array(
            [
                sum(share * of_section.get(key, 0.0) for s in all_ for key, share in s.items())
                for all_ in placed
            ]
        )

    def is_apart(self, boundary: str, groups: list[int]) -> bool:
        """Whether two of the groups declare sections of the boundary and share none."""
        declares = [row > 0 for row in self.shares[boundary][groups] if row.any()]
        return any(not (a & b).any() for i, a in enumerate(declares) for b in declares[:i])

    def home(self, group: int) -> str:
        """The key of the space where a group meets."""
        return str(self.told["groups"][group]["space"])

    def avoids(self, groups: list[int], space: str) -> bool:
        """Whether one of the groups keeps away from the space."""
        return any(space in self.told["groups"][group].get("avoided", ()) for group in groups)

    @cached_property
    def _public(self) -> list[dict[str, Any]]:
        """The spaces anyone may walk into."""
        return [s for s in self.told["spaces"] if not {"open_to", "never_map", "status"} & set(s)]

    def draw_near(self, groups: list[int], rng: np.random.Generator) -> str:
        """A public space, the likelier the nearer it is to where the groups are at home."""
        spaces = {s["key"]: _middle(s["at"]) for s in self.told["spaces"]}
        here = np.mean([spaces[self.home(group)] for group in groups], axis=0)
        away = np.array([spaces[s["key"]] for s in self._public]) - here
        weight = np.exp(-np.hypot(*(away * METRES).T) / 250)  # halves every 170 metres
        return str(rng.choice([s["key"] for s in self._public], p=weight / weight.sum()))


@cache
def read_town(seed: int) -> Town:
    """The town of the file, with ids that depend on the seed alone and not on the day."""
    told = json.loads(SEEDS.read_text(encoding="utf-8"))
    at, rng = registered_at(told), stream(seed, "frame")
    sections = [section for b in told["boundaries"] for section in b["sections"]]
    named = [*told["boundaries"], *sections, *told["spaces"], *told["groups"]]
    return Town(told, {each["key"]: make_id(at, rng) for each in named})


def registered_at(told: dict[str, Any]) -> datetime:
    """The instant the frame was put down."""
    return datetime.fromisoformat(told["registered_at"])


def frame(town: Town) -> list[Entry]:
    """Boundaries, sections, spaces, groups; then the spaces again with their stewards."""
    at = registered_at(town.told)
    rows = [
        *(("boundaries", key, values) for key, values in _boundaries(town)),
        *(("sections", key, values) for key, values in _sections(town)),
        *(("spaces", s["key"], _space(s)) for s in town.told["spaces"]),
        *(("groups", g["key"], _group(town, g)) for g in town.told["groups"]),
        *(
            ("spaces", s["key"], _space(s) | {"steward_group_id": str(town.ids[s["steward"]])})
            for s in town.told["spaces"]
            if "steward" in s
        ),
    ]
    return [Entry(kind, town.ids[key], values, _author(values), at) for kind, key, values in rows]


def _author(values: dict[str, Any]) -> int:
    return PROPOSER if values.get("status") == "proposed" else COORDINATOR


def _boundaries(town: Town) -> Iterator[tuple[str, dict[str, Any]]]:
    for position, told in enumerate(town.told["boundaries"], 1):
        yield (
            told["key"],
            {"name": told["name"], "question": told["question"], "position": position},
        )


def _sections(town: Town) -> Iterator[tuple[str, dict[str, Any]]]:
    for boundary in town.told["boundaries"]:
        for position, told in enumerate(boundary["sections"], 1):
            values = {"boundary_id": str(town.ids[boundary["key"]]), "position": position}
            yield told["key"], values | {"name": told["name"], "population": told["population"]}


def _space(told: dict[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in told.items() if name not in ("key", "at", "steward")}
    return kept | {"geometry": _geometry(told["at"])}


def _geometry(at: list[Any]) -> dict[str, Any]:
    """A pair is a Point; a list of corners is a Polygon, whose ring is closed here."""
    if isinstance(at[0], float):
        return {"type": "Point", "coordinates": at}
    return {"type": "Polygon", "coordinates": [[*at, at[0]]]}


def _middle(at: list[Any]) -> NDArray[np.float64]:
    return np.asarray(np.atleast_2d(np.array(at)).mean(axis=0), dtype=np.float64)


def _group(town: Town, told: dict[str, Any]) -> dict[str, Any]:
    sections = [
        {"section_id": str(town.ids[key]), "share": share}
        for boundary in town.told["boundaries"]
        for key, share in _placed(told, boundary["key"]).items()
    ]
    spaces = [
        {"space_id": str(town.ids[key]), "stance": stance}
        for stance in ("valued", "avoided")
        for key in told.get(stance, ())
    ]
    return {
        "name": told["name"],
        "type": told["type"],
        "description": told["description"],
        "sections": sections,
        "home_space_id": str(town.ids[told["space"]]),
        "spaces": spaces,
        "active_from": told["since"],
        "external_ids": told.get("external_ids", []),
    }


def _placed(group: dict[str, Any], boundary: str) -> dict[str, float]:
    """A group's shares by section key: one section is a share of 1, none is unknown."""
    told = group.get(boundary, {})
    return {told: 1.0} if isinstance(told, str) else told
