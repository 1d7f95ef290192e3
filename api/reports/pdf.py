"""PDF: the page of a report on paper: tagged (PDF/UA-1), numbered, its charts as vectors.

The same report gives the same bytes while template and WeasyPrint stay as they are.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from api.core.problems import Problem

from . import html

if TYPE_CHECKING:
    from types import ModuleType

    from .shelved import Around

PAPER = html.TEMPLATES / "paper.css"


def render(report: dict[str, Any], digest: str, around: Around | None = None) -> bytes:
    """The report as a PDF; `pdf_unavailable` on a machine without Pango."""
    printer = weasyprint()
    page = _apart(html.render(report, digest, around, _paper()))
    document = printer.HTML(string=page, url_fetcher=_fetch_nothing)
    made: bytes = document.write_pdf(
        pdf_variant="pdf/ua-1",
        pdf_identifier=digest.encode(),
        custom_metadata=False,
    )
    return made


def _apart(page: str) -> str:
    """Names in another direction than their page, marked: to the library, `bdi` says nothing."""
    return page.replace("<bdi>", "<bdi>\u2068").replace("</bdi>", "\u2069</bdi>")


@cache
def weasyprint() -> ModuleType:
    """The library, imported when the first PDF is asked for: it takes a second."""
    try:
        import weasyprint as found
    except OSError as error:  # it is Python, but Pango is the system's
        raise Problem("pdf_unavailable") from error
    module: ModuleType = found
    return module


def _fetch_nothing(url: str, *_: object, **__: object) -> NoReturn:
    """A report holds everything it needs: nothing is ever loaded, from here or elsewhere."""
    raise ValueError(url)


@cache
def _paper() -> str:
    return Path(PAPER).read_text(encoding="utf-8")
