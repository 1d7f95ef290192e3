"""Cells: what a cell means, in the words people put into spreadsheets."""

from __future__ import annotations

import re
from typing import Any

YES, NO = ("yes", "y", "true", "1", "x"), ("no", "n", "false", "0")
DECIMAL = re.compile(r"^[+-]?\d+([.,]\d+)?$")
SHARE = "A share is a number from 0 to 1, a percentage, or x for all of it."


def text(cell: str) -> str:
    """As it stands."""
    return cell


def choice(cell: str) -> str:
    """`Community centre` for `community_centre`."""
    return "_".join(cell.casefold().replace("-", " ").split())


def flag(cell: str) -> bool:
    """Yes or no."""
    said = cell.casefold()
    if said not in YES + NO:
        message = "Say yes or no."
        raise ValueError(message)
    return said in YES


def words(cell: str) -> list[str]:
    """Several, with a vertical bar between."""
    return [part.strip() for part in cell.split("|") if part.strip()]


def number(cell: str) -> float:
    """A number, with a point or a comma."""
    if not DECIMAL.match(cell):
        message = "This is not a number."
        raise ValueError(message)
    return float(cell.replace(",", "."))


def whole(cell: str) -> Any:
    """A whole number; `1,234` would be two numbers, so it is not taken for one."""
    if not cell.isdecimal():
        message = "This is not a whole number."
        raise ValueError(message)
    return int(cell)


def share(cell: str) -> float:
    """`0.5`, `50%`, or `x` for all of it."""
    if cell.casefold() in YES and cell != "1":
        return 1.0
    found = number(cell.removesuffix("%").strip()) / (100 if cell.endswith("%") else 1)
    if not 0 <= found <= 1:
        raise ValueError(SHARE)
    return found
