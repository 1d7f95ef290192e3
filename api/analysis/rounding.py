"""Rounding: how figures stand in an answer."""

from __future__ import annotations

DECIMALS = 6


def figure(value: float | None) -> float | None:
    """Six decimals are more than any of these figures can bear; -0.0 is 0.0."""
    return None if value is None else round(float(value), DECIMALS) + 0.0


def read(found: object | None, name: str) -> float | None:
    """A figure of what was found, by its name; None where nothing was."""
    return None if found is None else figure(getattr(found, name))
