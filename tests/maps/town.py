"""A town to draw: groups at home in spaces on both sides of a river, and what ties them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.fixtures.networks import Network, Town

WEIR, MILL, CHOIR = range(3)


@dataclass(frozen=True)
class Drawn:
    """The small town, its first group at home in the library, its second in the hall."""

    network: Network
    town: Town
    homes: tuple[str, str]

    def introduce(self, *groups: int, **more: Any) -> None:
        """Groups are introduced."""
        parties = [{"group_id": self.town.groups[i]} for i in groups]
        values = {"made_at": "2026-03-10T18:00:00Z", "parties": parties} | more
        self.network.connector.make("introductions", values)

    def meet(self, heads: dict[str, int], **more: Any) -> None:
        """Groups meet, with so many heads each."""
        came = [{"group_id": group, "headcount": count} for group, count in heads.items()]
        values = {"starts_at": "2026-03-10T18:00:00Z", "attendance": came}
        self.network.connector.make("meetings", values | more)

    def path(self, what: str, **query: Any) -> str:
        """Where a map is asked for; of the river unless said otherwise."""
        asked = {"boundary": self.town.boundary} | query
        return f"maps/{what}?" + "&".join(f"{name}={value}" for name, value in asked.items())

    def ask(self, what: str, **query: Any) -> Any:
        """A map as the coordinator is answered."""
        answer = self.network.coordinator.get(self.path(what, **query))
        assert answer.status_code == 200, answer.text
        return answer.json

    def change(self, kind: str, record_id: str, **values: Any) -> None:
        """The coordinator alters a record."""
        answer = self.network.coordinator.patch(f"{kind}/{record_id}", values, If_Match="*")
        assert answer.status_code == 200, answer.text


def draw(network: Network, town: Town) -> Drawn:
    """Give the first two groups of the town their homes."""
    hall = {"type": "Point", "coordinates": [-4.2, 52.115]}
    values = {"name": "Hall", "type": "community_centre", "geometry": hall}
    homes = (town.space, network.coordinator.make("spaces", values)["id"])
    drawn = Drawn(network, town, homes)
    for group, home in zip(town.groups[:2], homes, strict=True):
        drawn.change("groups", group, home_space_id=home)
    return drawn
