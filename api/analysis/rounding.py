"""Rounding: how figures stand in an answer."""

from __future__ import annotations

DECIMALS, LEAST_P = 6, 1e-6


def figure(value: float | None) -> float | None:
    """Six decimals are more than any of these figures can bear; -0.0 is 0.0."""
    return None if value is None else round(float(value), DECIMALS) + 0.0


def read(found: object | None, name: str) -> float | None:
    """A figure of what was found, by its name; None where nothing was."""
    value = None if found is None else getattr(found, name)
    return chance(value) if name == "p" else figure(value)


def chance(p: float | None) -> float | None:
    """A p, which is never 0: what rounds to it is the least that can be said."""
    return None if p is None else max(figure(p) or 0.0, LEAST_P)
