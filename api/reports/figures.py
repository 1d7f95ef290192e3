"""Figures: the shapes a report is made of, and the only place where counts become shares."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING

from .disclosure import EXACT

if TYPE_CHECKING:
    from .chance import Chance
    from .disclosure import Count

LEAST_DENOMINATOR = 20  # below this a percentage says nothing
Z95 = 1.959963984540054
SURE = 0.05


@dataclass(frozen=True, slots=True)
class Ratio:
    """A share of a count, as a fraction of one; None with the reason why there is none."""

    numerator: Count
    denominator: Count
    value: float | None = None
    interval: tuple[float, float] | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Against:
    """A share beside what chance would give. `beyond` is more, fewer, as_expected or None."""

    expected: float | None = None
    excess: float | None = None
    z: float | None = None
    p: float | None = None
    draws: int = 0
    beyond: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Index:
    """E-I: ties outward less ties inward over all, from -1 to 1; and by chance."""

    value: float
    expected: float | None = None
    excess: float | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """One number with all it takes to judge it, and one sentence that reads it out."""

    key: str
    label: str
    reading: str
    numerator: Count
    denominator: Count | None = None
    share: Ratio | None = None
    coverage: Ratio | None = None
    against: Against | None = None
    boundary_id: str | None = None
    median_hours: float | None = None
    index: Index | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A row of counts under the columns of its table; `id` is a name of ours or a section's id."""

    id: str
    label: str
    cells: tuple[Count, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Counts in rows and columns, with their labels."""

    key: str
    label: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    boundary_id: str | None = None


@dataclass(frozen=True, slots=True)
class Indicator:
    """A question that the report answers, with its definition and what it does not show."""

    id: str
    title: str
    sentence: str
    not_shown: str
    guards: tuple[str, ...]
    figures: tuple[Figure, ...]
    tables: tuple[Table, ...] = ()


def ratio(numerator: Count, denominator: Count, digits: int = 4) -> Ratio:
    """The share and its Wilson 95 % interval, rounded to `digits`; none below 20 or unseen."""
    part, whole = numerator.value, denominator.value
    if part is None or whole is None:
        return Ratio(numerator, denominator, reason="hidden")
    if whole == 0:
        return Ratio(numerator, denominator, reason="none")
    if whole < LEAST_DENOMINATOR:
        return Ratio(numerator, denominator, reason="below_20")
    low, high = wilson(part, whole)
    ends = round(low, digits), round(high, digits)
    return Ratio(numerator, denominator, round(part / whole, digits), ends)


def wilson(part: int, whole: int) -> tuple[float, float]:
    """Wilson's 95 % score interval of a proportion (Wilson 1927, JASA 22:209-212)."""
    share, weight = part / whole, Z95 * Z95 / whole
    middle = (share + weight / 2) / (1 + weight)
    half = Z95 * sqrt(share * (1 - share) / whole + weight / (4 * whole)) / (1 + weight)
    return max(0.0, middle - half), min(1.0, middle + half)


def against(share: Ratio, chance: Chance, digits: int = 4) -> Against:
    """Set a share beside chance; readers of rounded counts get neither `z` nor `p`."""
    if chance.expected is None:
        return Against(reason=chance.reason)
    if share.value is None:
        return Against(reason="no_percentage")
    expected = round(chance.expected, digits)
    excess = round(share.value - expected, digits)
    exact = share.numerator.state == share.denominator.state == EXACT
    return Against(
        expected=expected,
        excess=excess,
        z=round(chance.z, 2) if exact and chance.z is not None else None,
        p=round(chance.p, 4) if exact and chance.p is not None else None,
        draws=chance.draws,
        beyond=_beyond(excess, chance.p),
    )


def _beyond(excess: float, p: float | None) -> str:
    if p is None or p >= SURE or not excess:
        return "as_expected"
    return "more" if excess > 0 else "fewer"


def index(share: Ratio, beside: Against) -> Index | None:
    """E-I of a share of ties outward, where there is one (Krackhardt & Stern 1988)."""
    if share.value is None:
        return None
    value = round(2 * share.value - 1, 4)
    if beside.expected is None or beside.excess is None:
        return Index(value)
    return Index(value, round(2 * beside.expected - 1, 4), round(2 * beside.excess, 4))
