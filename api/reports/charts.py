"""Charts: small pictures of counts and shares, inline SVG without words of its own.

Positions are percentages of the picture's width, so that one picture serves a phone and a page.
The words, and the same numbers as a table, stand beside each picture in the template.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from .disclosure import HIDDEN

if TYPE_CHECKING:
    from collections.abc import Sequence

SHARE_HEIGHT, BAR_HEIGHT = 36, 16


def share_chart(figure: dict[str, Any]) -> Markup:
    """One share from 0 to 100 %: a dot with its interval, and a diamond where chance would be."""
    share, beside = figure["share"], figure["against"]
    if share["value"] is None:
        return Markup("")
    middle = SHARE_HEIGHT // 2
    marks = [_line((0, 100), middle, "axis")]
    marks += [_tick(at, middle) for at in (0, 25, 50, 75, 100)]
    marks += [_line(tuple(100 * end for end in share["interval"]), middle, "range")]
    if beside["expected"] is not None:
        marks.append(_diamond(100 * beside["expected"], middle))
    marks.append(
        Markup('<circle class="seen" cx="{}%" cy="{}" r="6"/>').format(
            _short(100 * share["value"]), middle
        )
    )
    return _picture(SHARE_HEIGHT, marks)


def bar(count: dict[str, Any], most: int, least: int) -> Markup:
    """One count as a bar from the left; a hidden one is an outline of what it could be at most."""
    return _picture(BAR_HEIGHT, [_rect(0, 100 * _length(count, most, least), _kind(count))])


def both_ways(there: dict[str, Any], back: dict[str, Any], most: int, least: int) -> Markup:
    """Two counts from the middle outwards: one way to the left, the other to the right."""
    left, right = (50 * _length(count, most, least) for count in (there, back))
    middle = Markup('<line class="axis" x1="50%" x2="50%" y1="0" y2="{}"/>').format(BAR_HEIGHT)
    marks = [
        _rect(50 - left, left, _kind(there)),
        _rect(50, right, f"{_kind(back)} back"),
        middle,
    ]
    return _picture(BAR_HEIGHT, marks)


def most_of(counts: Sequence[dict[str, Any]], least: int) -> int:
    """What the longest bar stands for: the largest count, or the most a hidden one could be."""
    return max((_value(count, least) for count in counts), default=0)


def _value(count: dict[str, Any], least: int) -> int:
    """How long to draw a count; `least` is the smallest that is not hidden."""
    return least - 1 if count["state"] == HIDDEN else count["value"] or 0


def _length(count: dict[str, Any], most: int, least: int) -> float:
    return _value(count, least) / most if most else 0.0


def _kind(count: dict[str, Any]) -> str:
    return "bar hidden" if count["state"] == HIDDEN else "bar"


def _picture(height: int, marks: Sequence[Markup]) -> Markup:
    inside = Markup("").join(marks)
    return Markup('<svg width="100%" height="{}" aria-hidden="true">{}</svg>').format(
        height, inside
    )


def _line(ends: tuple[float, ...], y: int, kind: str) -> Markup:
    return Markup('<line class="{}" x1="{}%" x2="{}%" y1="{}" y2="{}"/>').format(
        kind, *map(_short, ends), y, y
    )


def _tick(at: int, y: int) -> Markup:
    return Markup('<line class="axis" x1="{0}%" x2="{0}%" y1="{1}" y2="{2}"/>').format(
        at, y - 4, y + 4
    )


def _diamond(at: float, y: int) -> Markup:
    """A square on its point; nested, for only an `svg` can stand at a percentage."""
    return Markup(
        '<svg x="{}%" y="{}" overflow="visible"><path class="chance" d="M0-9L9 0L0 9L-9 0Z"/></svg>'
    ).format(_short(at), y)


def _rect(x: float, width: float, kind: str) -> Markup:
    return Markup('<rect class="{}" x="{}%" width="{}%" height="{}" rx="2"/>').format(
        kind, _short(x), _short(width), BAR_HEIGHT
    )


def _short(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
