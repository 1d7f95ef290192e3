"""HTML: a frozen report as one self-contained page, made of its JSON and nothing else."""

from __future__ import annotations

from base64 import b64encode
from datetime import date, timedelta
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from . import charts
from .disclosure import Count, Rule
from .voice import Voice

if TYPE_CHECKING:
    from .shelved import Around

MEDIA = "text/html"
TEMPLATES = Path(__file__).parent / "templates"
# How a table is drawn, by the last word of its key; others are bars where they have one column.
PICTURES = {"directions": "ways", "ties": "grid", "stages": "parts", "answers": "parts"}
ARROWS = {"ltr": "→", "rtl": "←"}
PARTS = ("across", "failed", "unknown")  # of the first page, in order
SUMS = frozenset({"total", "asked", "due"})  # rows that are the sum of the others: never drawn


def render(
    report: dict[str, Any], digest: str, around: Around | None = None, more_style: str = ""
) -> str:
    """The page of a report as it was frozen; `digest` is that of its JSON.

    `around` is what stands before it on the page without being part of it, `more_style` what
    comes after the page's own style sheet and so overrules it.
    """
    voice = Voice(report["language"], rule_of(report))
    return (
        environment()
        .get_template("report.html")
        .render(
            spoken(report, voice),
            digest=digest,
            around=around,
            css=style() + more_style,
            guards=guards(report),
            arrow=ARROWS[voice.words["language"]["direction"]],
            report_parts=[part for part in PARTS if part in report["summary"]],
            beside=beside(report),
            of_boundary=of_boundary,
            full_label=lambda figure: full_label(report, figure),
            short=lambda count: voice.short(Count(count["value"], count["state"])),
            pairs=pairs,
            flowed=flowed,
            picture_of=picture_of,
            drawn=drawn,
        )
    )


def spoken(report: dict[str, Any], voice: Voice) -> dict[str, Any]:
    """What every page of a report is told with: its words, days and charts."""
    return {
        "report": report,
        "voice": voice,
        "words": voice.words,
        "charts": charts,
        "css": style(),
        "day": lambda text: voice.day(date.fromisoformat(text[:10])),
        "last_day": lambda text: voice.day(date.fromisoformat(text) - timedelta(days=1)),
        "sign": sign,
    }


def rule_of(report: dict[str, Any]) -> Rule | None:
    """The rule that a report was frozen under; None inside the network."""
    hidden = report["disclosure"]
    return Rule(hidden["threshold"], hidden["rounding"]) if hidden["threshold"] else None


def render_closed(language: str, code: str) -> str:
    """The page of a link that opens nothing, whatever the reason is."""
    voice = Voice(language)
    page = environment().get_template("closed.html")
    return page.render(language=language, words=voice.words, code=code, css=style())


def policy() -> str:
    """The page's Content-Security-Policy: its own style and nothing else at all."""
    fingerprint = b64encode(sha256(style().encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{fingerprint}'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )


def headers() -> dict[str, str]:
    """What goes with every page made here."""
    return {"Content-Security-Policy": policy(), "Referrer-Policy": "no-referrer"}


def of_boundary(items: list[dict[str, Any]], boundary_id: str) -> list[dict[str, Any]]:
    """The figures or tables of one boundary; "" for those of none."""
    return [item for item in items if (item["boundary_id"] or "") == boundary_id]


def beside(report: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The figures that stand beside chance, by the sentence that reads them out."""
    return {
        figure["reading"]: figure
        for indicator in report["indicators"]
        for figure in indicator["figures"]
        if figure["against"] and figure["share"]["value"] is not None
    }


def guards(report: dict[str, Any]) -> dict[str, list[str]]:
    """Every guard once, with the indicators that it holds for."""
    found: dict[str, list[str]] = {}
    for indicator in report["indicators"]:
        for guard in indicator["guards"]:
            found.setdefault(guard, []).append(indicator["id"])
    return found


def full_label(report: dict[str, Any], figure: dict[str, Any]) -> str:
    """The label of a figure, with its boundary's name unless it is that."""
    names = {boundary["id"]: boundary["name"] for boundary in report["boundaries"]}
    name, label = names.get(figure["boundary_id"]), str(figure["label"])
    return label if name in (None, label) else f"{name}: {label}"


def picture_of(table: dict[str, Any]) -> str:
    """Which picture a table gets: bars, parts, grid, ways, or none but itself."""
    ending = table["key"].rpartition(".")[2]
    return PICTURES.get(ending) or ("bars" if len(table["columns"]) == 1 else "")


def drawn(table: dict[str, Any]) -> list[dict[str, Any]]:
    """The rows of a table of one column that are parts, not their sum."""
    return [row for row in table["rows"] if row["id"] not in SUMS]


def pairs(table: dict[str, Any]) -> list[tuple[str, str, dict[str, Any], dict[str, Any]]]:
    """Each two ends of a table of directions: their names, the flow there and the flow back.

    In the order of the table, and only those of which a reader sees a flow: a picture of what is
    hidden would show nothing. All are in the table.
    """
    rows = table["rows"]
    found = [
        (giver["label"], rows[at]["label"], giver["cells"][at], rows[at]["cells"][before])
        for before, giver in enumerate(rows)
        for at in range(before + 1, len(rows))
    ]
    return [pair for pair in found if any(count["value"] for count in pair[2:])]


def flowed(table: dict[str, Any]) -> bool:
    """Whether anything at all flowed between different ends, seen or hidden."""
    return any(
        cell["value"] != 0
        for at, row in enumerate(table["rows"])
        for to, cell in enumerate(row["cells"])
        if at != to
    )


def sign(excess: float) -> str:
    """Which way a difference goes once it is rounded to whole points."""
    points = round(excess * 100)
    return "none" if not points else "more" if points > 0 else "fewer"


@cache
def environment() -> Environment:
    """Templates that escape everything and fail on what is missing."""
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=False,  # an upgrade beneath a running server never mixes old and new
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def style() -> str:
    """The page's style sheet, as it stands between its tags."""
    return (TEMPLATES / "report.css").read_text(encoding="utf-8")
