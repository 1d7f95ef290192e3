"""Formats: every form in which a frozen report can be had, by the ending of its address.

A new form is one more entry of FORMATS: members, links and the command line then have it too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from api.core.problems import Problem
from api.core.web import JSON, answer

from . import html, package, pdf, xlsx

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Response

    from .shelved import Shelved

BOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Format:
    """How one form is made, what it is, and the headers that go with it."""

    media: str
    make: Callable[[Shelved], bytes]
    headers: Callable[[], Mapping[str, str]] = field(default=dict)
    disposition: str = ""  # how a browser takes it: beside the page, or as a file to keep


def _page(shelved: Shelved) -> bytes:
    return html.render(shelved.content(), shelved.digest, shelved.around).encode()


def _paper(shelved: Shelved) -> bytes:
    around = replace(shelved.around, stories="")  # paper leads nowhere
    return pdf.render(shelved.content(), shelved.digest, around)


def _book(shelved: Shelved) -> bytes:
    return xlsx.render(shelved.content(), shelved.digest)


def _tables(shelved: Shelved) -> bytes:
    return package.render(shelved.content(), shelved.digest)


FORMATS: Mapping[str, Format] = {
    "json": Format(JSON, lambda shelved: shelved.body.encode()),
    "html": Format(html.MEDIA, _page, html.headers),
    "pdf": Format("application/pdf", _paper, disposition="inline"),
    "xlsx": Format(BOOK, _book, disposition="attachment"),
    "zip": Format("application/zip", _tables, disposition="attachment"),
}


def etag_of(shelved: Shelved, name: str) -> str:
    """The quoted ETag of a form: of JSON its SHA-256; of others, also of all that shapes them."""
    if name == "json":
        return f'"{shelved.digest}"'
    shaped = f"{shelved.digest} {name} {shelved.around} {_making()}"
    return f'"{sha256(shaped.encode()).hexdigest()}"'


def file_name(content: dict[str, Any], form: str) -> str:
    """What a file to keep is called: period, audience and language, and nobody's name."""
    ends = content["period"]
    parts = ("weft", ends["from"], ends["to"], content["audience"], content["language"])
    return f"{'-'.join(parts)}.{form}"


@cache
def _making() -> str:
    """A fingerprint of everything that makes pages out of reports: code, templates and words."""
    found = sha256()
    for path in sorted(html.TEMPLATES.parent.rglob("*.*")):
        if path.suffix in {".py", ".html", ".css", ".toml"}:
            found.update(path.read_bytes())
    return found.hexdigest()


def described(description: str) -> dict[int, Any]:
    """A documented answer that may be any form."""
    file, data = {"schema": {"type": "string", "format": "binary"}}, {"schema": {"type": "object"}}
    content = {form.media: data if form.media == JSON else file for form in FORMATS.values()}
    return {200: {"description": description, "content": content}}


def require_format(name: str) -> Format:
    """The form of this name; `not_found` for one that is not made here."""
    if name not in FORMATS:
        raise Problem("not_found", f"A report can be had as {', '.join(FORMATS)}.")
    return FORMATS[name]


def serve(shelved: Shelved, name: str) -> Response:
    """A report in one form, as an answer."""
    form = require_format(name)
    response = answer(form.make(shelved), media=form.media)
    response.headers.update(form.headers())
    if form.disposition:
        called = f'{form.disposition}; filename="{file_name(shelved.content(), name)}"'
        response.headers["Content-Disposition"] = called
    return response
