"""Material: what indicators and tables are made of, gathered for one reader."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .chance import Chance
    from .disclosure import Count
    from .facts import Facts
    from .voice import Voice


@dataclass(frozen=True)
class Material:
    """The frame, the counts as the reader may see them, chance by boundary id, and the words."""

    facts: Facts
    counts: Mapping[str, Count]
    chances: Mapping[str, Chance]
    voice: Voice

    def said(self, prefix: str, names: Sequence[str]) -> dict[str, str]:
        """The counts `prefix.name` in words, by name."""
        return {name: self.voice.count(self.counts[f"{prefix}.{name}"]) for name in names}

    def cells(self, prefix: str, names: Sequence[str]) -> tuple[Count, ...]:
        """The counts `prefix.name`, in this order."""
        return tuple(self.counts[f"{prefix}.{name}"] for name in names)

    def called(self, part: str, names: Sequence[str]) -> tuple[str, ...]:
        """What the catalogue's part calls these names."""
        return tuple(self.voice.words[part][name] for name in names)
