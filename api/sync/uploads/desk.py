"""Desk: pieces and store as the settings have them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .pieces import Pieces
from .store import open_store
from .taking import Desk

if TYPE_CHECKING:
    from api.settings import Settings


def open_desk(settings: Settings) -> Desk:
    """Where files are taken in; nothing is made or connected to yet."""
    return Desk(Pieces(settings.var / "uploads"), open_store(settings), settings.files_megabytes)
