"""Charts: small pictures of counts and shares as inline SVG, readable without colour.

Positions are percentages of the picture's width, so that one picture serves a phone, a page and a
PDF. How marks look stands in them, not in a style sheet, so that every renderer draws them alike.
The words and the numbers stand beside each picture in the template; `title` and `desc` say them
to whoever cannot see it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from .disclosure import HIDDEN

if TYPE_CHECKING:
    from collections.abc import Sequence

SHARE_HEIGHT, BAR_HEIGHT, SQUARE = 36, 16, 26
INK, SOFT, LINE, SEEN, PALE, CHANCE = (
    "#1d2733",
    "#56616e",
    "#98a2ad",
    "#0b6b62",
    "#cfe3e0",
    "#b4530a",
)
DASHED = f'fill="none" stroke="{SEEN}" stroke-width="1.5" stroke-dasharray="3 3"'
FILLED = f'fill="{SEEN}"'
# Parts of a bar, told apart by how dark they are and by their outline.
PARTS = (
    FILLED,
    f'fill="{PALE}" stroke="{SEEN}"',
    f'fill="#fff" stroke="{SOFT}"',
    f'fill="none" stroke="{SOFT}" stroke-dasharray="3 3"',
)


@dataclass(frozen=True, slots=True)
class Scale:
    """What the longest bar stands for, and the smallest count that is not hidden."""

    most: int
    least: int

    def length(self, count: dict[str, Any]) -> float:
        """How much of the picture a count takes, from 0 to 1; a hidden one, what it could be."""
        return _value(count, self.least) / self.most if self.most else 0.0


def scale_of(counts: Sequence[dict[str, Any]], least: int) -> Scale:
    """The scale on which the largest count, or the most a hidden one could be, fills the width."""
    return Scale(max((_value(count, least) for count in counts), default=0), least)


def share_chart(figure: dict[str, Any]) -> Markup:
    """One share from 0 to 100 %: a dot with its interval, and a diamond where chance would be."""
    share, beside = figure["share"], figure["against"]
    if share["value"] is None:
        return Markup("")
    middle = SHARE_HEIGHT // 2
    low, high = (100 * end for end in share["interval"])
    marks = [_line(0, 100, middle, f'stroke="{LINE}"')]
    marks += [_tick(at, middle) for at in (0, 25, 50, 75, 100)]
    marks.append(_line(low, high, middle, f'stroke="{SEEN}" stroke-width="5" opacity=".45"'))
    marks += [_upright(at, middle, 6, SEEN) for at in (low, high)]
    if beside and beside["expected"] is not None:
        marks.append(_diamond(100 * beside["expected"], middle))
    marks.append(
        Markup('<circle cx="{}%" cy="{}" r="6" fill="{}"/>').format(
            _short(100 * share["value"]), middle, SEEN
        )
    )
    return _picture(SHARE_HEIGHT, marks, figure["label"], figure["reading"])


def bar(count: dict[str, Any], scale: Scale, title: str) -> Markup:
    """One count as a bar from the left; a hidden one is an outline of what it could be at most."""
    marks = [_rect(0, 100 * scale.length(count), _look(count))]
    return _picture(BAR_HEIGHT, marks, title, count["text"])


def both_ways(there: dict[str, Any], back: dict[str, Any], scale: Scale, title: str) -> Markup:
    """Two counts from the middle outwards: one way to the left, the other to the right."""
    left, right = (50 * scale.length(count) for count in (there, back))
    marks = [
        _rect(50 - left, left, _look(there)),
        _rect(50, right, _look(back)),
        _upright(50, BAR_HEIGHT // 2, BAR_HEIGHT // 2, INK),
    ]
    return _picture(BAR_HEIGHT, marks, title, f"{there['text']}; {back['text']}")


def parts(cells: Sequence[dict[str, Any]], scale: Scale, title: str) -> Markup:
    """All cells but the last as parts of one bar, the last being the whole of it.

    What is hidden takes no place, so a bar with gaps in it is shorter than its whole.
    """
    *counts, whole = cells
    marks, at = [_rect(0, 100 * scale.length(whole), f'fill="none" stroke="{LINE}"')], 0.0
    for look, count in zip(PARTS, counts, strict=False):
        width = 100 * ((count["value"] or 0) / scale.most if scale.most else 0.0)
        marks.append(_rect(at, width, look))
        at += width
    return _picture(BAR_HEIGHT, marks, title, "; ".join(cell["text"] for cell in cells))


def swatch(at: int, title: str) -> Markup:
    """What the part of a bar at this place looks like, for the key."""
    mark = _rect(5, 90, PARTS[min(at, len(PARTS) - 1)])
    return _small(22, BAR_HEIGHT, title, mark)


def square(count: dict[str, Any], scale: Scale) -> Markup:
    """One cell of a grid: a square whose area is the count; a dashed one for a hidden count."""
    side = SQUARE * scale.length(count) ** 0.5
    edge = _short((SQUARE - side) / 2)
    mark = Markup('<rect x="{0}" y="{0}" width="{1}" height="{1}" {2}/>').format(
        edge,
        _short(side),
        Markup(_look(count)),  # noqa: S704 - ours alone
    )
    return _small(SQUARE, SQUARE, count["text"], mark)


def key_of_share(observed: str, expected: str) -> tuple[Markup, Markup]:
    """The two marks of a share chart, for its key, and the words for each."""
    dot = Markup(
        '<line x1="2" x2="22" y1="10" y2="10" stroke="{0}" stroke-width="5" opacity=".45"/>'
        '<circle cx="12" cy="10" r="6" fill="{0}"/>'
    ).format(SEEN)
    diamond = Markup(
        '<path d="M12 1L21 10L12 19L3 10Z" fill="#fff" stroke="{}" stroke-width="2.5"/>'
    ).format(CHANCE)
    return _small(24, 20, observed, dot), _small(24, 20, expected, diamond)


def _value(count: dict[str, Any], least: int) -> int:
    """How long to draw a count."""
    return least - 1 if count["state"] == HIDDEN else count["value"] or 0


def _look(count: dict[str, Any]) -> str:
    return DASHED if count["state"] == HIDDEN else FILLED


def _picture(height: int, marks: Sequence[Markup], title: str, desc: str) -> Markup:
    return Markup(
        '<svg width="100%" height="{0}" role="img" aria-label="{1}: {2}">'
        "<title>{1}</title><desc>{2}</desc>{3}</svg>"
    ).format(height, title, desc, Markup("").join(marks))


def _small(width: int, height: int, title: str, mark: Markup) -> Markup:
    """A mark whose words stand beside it; the title is what a tagged PDF wants of each picture."""
    return Markup(
        '<svg width="{}" height="{}" aria-hidden="true"><title>{}</title>{}</svg>'
    ).format(width, height, title, mark)


def _line(start: float, end: float, y: int, look: str) -> Markup:
    return Markup('<line x1="{}%" x2="{}%" y1="{}" y2="{}" {}/>').format(
        _short(start),
        _short(end),
        y,
        y,
        Markup(look),  # noqa: S704 - ours alone
    )


def _tick(at: int, y: int) -> Markup:
    return _upright(at, y, 4, LINE)


def _upright(at: float, y: int, half: int, colour: str) -> Markup:
    return Markup('<line x1="{0}%" x2="{0}%" y1="{1}" y2="{2}" stroke="{3}"/>').format(
        _short(at), y - half, y + half, colour
    )


def _diamond(at: float, y: int) -> Markup:
    """A square on its point; nested, for only an `svg` can stand at a percentage."""
    return Markup(
        '<svg x="{}%" y="{}" overflow="visible"><path d="M0-9L9 0L0 9L-9 0Z" fill="#fff"'
        ' stroke="{}" stroke-width="2.5"/></svg>'
    ).format(_short(at), y, CHANCE)


def _rect(x: float, width: float, look: str) -> Markup:
    return Markup('<rect x="{}%" y="1" width="{}%" height="{}" rx="2" {}/>').format(
        _short(x),
        _short(width),
        BAR_HEIGHT - 2,
        Markup(look),  # noqa: S704 - ours alone
    )


def _short(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
