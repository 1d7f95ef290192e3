"""The town that docs/measures.md works through, in a network of its own."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest

from api.records.people.example import EXAMPLE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.fixtures.networks import Member, Network

NORTH, SOUTH, UNKNOWN = "abcde", "fghijk", "u"
INTRODUCED = ("abc", "ad", "be", "fgh", "ij", "af", "af", "bg", "di", "ua", "uf")


def id_of(letter: str) -> str:
    """Ids in the order of letters, so that a seed gives the same draws in every run."""
    return str(UUID(int=ord(letter)))


@dataclass(frozen=True)
class Canal:
    """Two banks of a canal, twelve groups, eleven introductions."""

    network: Network
    boundary: str
    north: str
    south: str
    numbers: Iterator[int] = field(default_factory=lambda: count(1_000))

    def introduce(self, letters: str, who: Member | None = None, **more: Any) -> dict[str, Any]:
        """The groups of these letters are brought together in February."""
        values = {
            "made_at": "2026-02-10T10:00:00Z",
            "parties": [{"group_id": id_of(letter)} for letter in letters],
        }
        return (who or self.network.connector).make("introductions", values | more)

    def introduce_person(self, letters: str) -> str:
        """Somebody of the first group is brought together with the others; the person's id."""
        first, *others = (id_of(letter) for letter in letters)
        values = EXAMPLE | {"alias": "Heron", "group_ids": [first]}
        person: str = self.network.connector.make("people", values)["id"]
        parties = [{"group_id": first, "person_id": person}]
        self.introduce("", parties=parties + [{"group_id": other} for other in others])
        return person

    def meet(self, heads: dict[str, int], **more: Any) -> dict[str, Any]:
        """So many heads of the groups of these letters come to a meeting in February.

        Ids in the order of making, so that a seed gives the same draws in every run.
        """
        attendance = [
            {"group_id": id_of(letter), "headcount": came} for letter, came in heads.items()
        ]
        values = {"starts_at": "2026-02-12T18:00:00Z", "attendance": attendance}
        values |= {"id": str(UUID(int=next(self.numbers)))}
        return self.network.connector.make("meetings", values | more)

    def give(self, letters: str, **more: Any) -> dict[str, Any]:
        """The first group gives the second an hour in February."""
        giver, taker = (id_of(letter) for letter in letters)
        values = {"from_group_id": giver, "to_group_id": taker, "resource": "time"}
        values |= {"happened_at": "2026-02-14T10:00:00Z", "quantity": 1, "unit": "hours"}
        return self.network.connector.make("flows", values | more)

    def add_group(self, letter: str, *sections: dict[str, Any], **more: Any) -> dict[str, Any]:
        """A group in these sections."""
        values = {"name": letter, "type": "other", "sections": list(sections)}
        return self.network.coordinator.make("groups", {"id": id_of(letter)} | values | more)

    def add_space(self, name: str) -> str:
        """A space, open to all."""
        point = {"type": "Point", "coordinates": [0.1, 52.0]}
        values = {"name": name, "type": "community_centre", "geometry": point}
        space: str = self.network.coordinator.make("spaces", values)["id"]
        return space

    def place(self, letter: str, section: str) -> None:
        """The group is in a section of another boundary as well."""
        side = self.north if letter in NORTH else self.south
        self.change(letter, sections=[{"section_id": each} for each in (side, section)])

    def change(self, letter: str, **values: Any) -> None:
        """Something else is true of the group."""
        path = f"groups/{id_of(letter)}"
        answer = self.network.coordinator.patch(path, values, If_Match="*")
        assert answer.status_code == 200, answer.text

    def ask(self, who: Member | None = None, **query: Any) -> Any:
        """The answer to a question about the boundary."""
        asked = {"boundary": self.boundary} | query
        path = "analysis/crossing?" + "&".join(f"{k}={v}" for k, v in asked.items())
        return (who or self.network.coordinator).get(path)

    def figures(self, **query: Any) -> dict[str, Any]:
        """What was answered."""
        answer = self.ask(**query)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json
        return found


@pytest.fixture
def bare_canal(network: Network) -> Canal:
    """The boundary and its groups, nothing logged."""
    make = network.coordinator.make
    boundary = make("boundaries", {"name": "Side of the canal"})["id"]
    north, south = (
        make("sections", {"boundary_id": boundary, "name": name, "position": position})["id"]
        for position, name in enumerate(("North bank", "South bank"))
    )
    made = Canal(network, boundary, north, south)
    for letters, section in ((NORTH, north), (SOUTH, south)):
        for letter in letters:
            made.add_group(letter, {"section_id": section})
    made.add_group(UNKNOWN)
    return made


@pytest.fixture
def canal(bare_canal: Canal) -> Canal:
    """The whole town."""
    for letters in INTRODUCED:
        bare_canal.introduce(letters)
    return bare_canal


@pytest.fixture
def shared(canal: Canal) -> Canal:
    """The town of the documentation: a colleague brought some together as well."""
    canal.introduce("eh")
    for letters in ("ab", "af", "ck"):
        canal.introduce(letters, canal.network.colleague)
    return canal
