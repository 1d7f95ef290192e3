"""Guides: the Markdown files under docs/, turned into pages of this site."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from markdown_it import MarkdownIt
from markupsafe import Markup

from api.settings import HOME

if TYPE_CHECKING:
    from collections.abc import Iterator

    from markdown_it.token import Token

DOCS = HOME / "docs"
PREFIX = "/docs/"

OPEN_TABLE = '<div class="wide" role="region" aria-label="Table" tabindex="0"><table>\n'

_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table")
_MARKDOWN.add_render_rule("table_open", lambda *_: OPEN_TABLE)
_MARKDOWN.add_render_rule("table_close", lambda *_: "</table></div>\n")


@dataclass(frozen=True, slots=True)
class Guide:
    """One page: its heading and its HTML."""

    title: str
    html: Markup


def read_guide(name: str) -> Guide | None:
    """The guide under this name, such as `accounts` or `decisions/opaque-tokens`; `` is the index.

    Names are looked up among the files there are, so no name can reach any other file.
    """
    found = {_name_of(path.relative_to(DOCS).as_posix()): path for path in DOCS.rglob("*.md")}
    path = found.get(name)
    if path is None:
        return None
    tokens = _MARKDOWN.parse(path.read_text(encoding="utf-8"))
    title = _finish(tokens, path.relative_to(DOCS).as_posix())
    html = _MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {})
    return Guide(title, Markup(html))  # noqa: S704  (raw HTML is off: all else is escaped)


def read_example(name: str) -> bytes | None:
    """An example that a guide links, such as `examples/groups.csv`."""
    found = {path.relative_to(DOCS).as_posix(): path for path in DOCS.rglob("*.csv")}
    return found[name].read_bytes() if name in found else None


def render_line(text: str) -> Markup:
    """A sentence with `code` and emphasis in it, as HTML."""
    return Markup(_MARKDOWN.renderInline(text))  # noqa: S704  (raw HTML is off: all else is escaped)


def slug(heading: str) -> str:
    """The anchor of a heading, as code hosts make it: `What is kept` -> `what-is-kept`."""
    return re.sub(r"\s", "-", re.sub(r"[^\w\s-]", "", heading.strip().lower()))


def _name_of(file: str) -> str:
    name = file.removesuffix(".md")
    return "" if name == "README" else name.removesuffix("/README")


def _finish(tokens: list[Token], file: str) -> str:
    """Give headings and rows anchors and links their address here; return the first heading."""
    titles: list[str] = []
    taken: set[str] = set()
    for place, token in enumerate(tokens):
        if token.type == "heading_open":
            titles.append(_plain(tokens[place + 1]))
            _anchor(token, slug(titles[-1]), taken)
        if token.type == "tr_open" and _is_code(tokens[place + 2]):
            _anchor(token, _plain(tokens[place + 2]), taken)
        if token.type == "fence":
            token.attrSet("tabindex", "0")  # long lines scroll, by keyboard too
    for link in _links(tokens):
        link.attrs = {"href": where} if (where := _address(str(link.attrGet("href")), file)) else {}
    return titles[0] if titles else file


def _anchor(token: Token, name: str, taken: set[str]) -> None:
    """Name a place of the page, unless another has that name."""
    if name not in taken:
        taken.add(name)
        token.attrSet("id", name)


def _is_code(cell: Token) -> bool:
    """Whether a cell holds one name in code and nothing else: what a table explains."""
    return [t.type for t in cell.children or ()] == ["code_inline"] and _plain(cell).isidentifier()


def _links(tokens: list[Token]) -> Iterator[Token]:
    for token in tokens:
        yield from (t for t in token.children or () if t.type == "link_open")


def _plain(inline: Token) -> str:
    return "".join(t.content for t in inline.children or () if t.type in ("text", "code_inline"))


def _address(href: str, file: str) -> str:
    """Where a link leads here: guides by name, examples, other sites; other files nowhere."""
    parts = urlsplit(href)
    if parts.scheme or href.startswith(("/", "#")):
        return href
    target = posixpath.normpath(posixpath.join(posixpath.dirname(file), parts.path))
    if target.startswith("../") or not target.endswith((".md", ".csv")):
        return ""
    fragment = f"#{parts.fragment}" if parts.fragment else ""
    return (PREFIX + _name_of(target)).rstrip("/") + fragment
