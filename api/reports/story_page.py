"""Story page: how one figure was made, as a page for whoever may read it, or as JSON."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec
from flask import current_app, request

from api.core.web import JSON, answer

from . import html
from .disclosure import Count
from .voice import Voice

if TYPE_CHECKING:
    from flask import Response

    from .shelved import Shelved

PAGE = ".html"
OF_PAIRS = ("K4.", "K5.", "K11.")  # and whatever has `pairs` in its name


@dataclass(frozen=True, slots=True)
class Ways:
    """Where one can go from the page: to its report, to what all numbers mean, to more ids.

    `to` says whether back is the report, or the list of reports; `came`, that ids are what one
    came for.
    """

    back: str
    docs: str
    more: str = ""
    came: bool = False
    to: str = "report"


def asked_for(figure_id: str) -> tuple[str, bool]:
    """The key of the figure, and whether a page of it is wanted: by `.html`, or else by `Accept`.

    A browser names HTML before all; a program that takes anything gets JSON.
    """
    if figure_id.endswith(PAGE):
        return figure_id.removesuffix(PAGE), True
    return figure_id, request.accept_mimetypes.best_match([JSON, html.MEDIA]) == html.MEDIA


def public(path: str) -> str:
    """The address of something here as people outside know it: it also leads here from a file."""
    base_url: str = current_app.extensions["settings"].base_url
    return base_url + path


def say(shelved: Shelved, story: dict[str, Any], ways: Ways | None) -> Response:
    """The story as a page with its ways, or as JSON where there are none."""
    if ways:
        page = render(shelved.content(), story, ways).encode()
        response = answer(page, media=html.MEDIA)
        response.headers.update(html.headers())
    else:
        response = answer(msgspec.json.encode(story))
    response.vary.add("Accept")
    return response


def render(report: dict[str, Any], story: dict[str, Any], ways: Ways) -> str:
    """The page in the language of its report."""
    voice = Voice(report["language"], html.rule_of(report))
    figure = story["figure"]
    return (
        html.environment()
        .get_template("story.html")
        .render(
            html.spoken(report, voice),
            story=story,
            figure=figure,
            ways=ways,
            label=html.full_label(report, figure),
            is_of_pairs=figure["key"].startswith(OF_PAIRS) or "pairs" in figure["key"],
            number=lambda count: voice.count(Count(count)),
        )
    )
