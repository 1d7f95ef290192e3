"""Pages: what a person reads without signing in, and the policy everything is served under."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

import pytest

from api.accounts.users import find_or_add_user
from api.core.problems import CATALOGUE
from api.pages.guides import DOCS, read_guide, render_line, slug
from api.pages.reading import read_chapters
from api.records import RECORD_TYPES

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient


class Page(HTMLParser):
    """The links and anchors of a page, and whatever in it would run or style by itself."""

    def __init__(self, text: str) -> None:
        """Read the whole page at once."""
        super().__init__()
        self.links: set[str] = set()
        self.anchors: list[str] = []
        self.inline: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what matters of one element."""
        said = {name: value or "" for name, value in attrs}
        self.links |= {said[name] for name in ("href", "src") if name in said}
        self.anchors += [said["id"]] if "id" in said else []
        self.inline += [name for name in said if name == "style" or name.startswith("on")]
        self.inline += [tag] if tag == "style" or (tag == "script" and "src" not in said) else []


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Somebody who is not signed in."""
    return app.test_client()


def walk(client: FlaskClient) -> dict[str, Page]:
    """Every page of this server that can be reached from the front page by links."""
    found: dict[str, Page] = {}
    waiting = {"/"}
    while waiting:
        path = waiting.pop()
        answer = client.get(path, buffered=True)
        assert answer.status_code == 200, path
        found[path] = Page(answer.text if answer.mimetype == "text/html" else "")
        there = {urlsplit(urljoin(path, link)) for link in found[path].links}
        waiting |= {link.path for link in there if not link.netloc} - found.keys()
    return found


def test_every_link_leads_somewhere(client: FlaskClient) -> None:
    """Links from the front page onwards answer, and where one names an anchor it is there."""
    pages = walk(client)
    for path, page in pages.items():
        for link in map(urlsplit, (urljoin(path, link) for link in page.links)):
            if link.fragment and not link.netloc and link.path != "/start":
                assert link.fragment in pages[link.path].anchors, f"{path} -> {link.geturl()}"


def test_every_guide_can_be_found_from_the_front_page(client: FlaskClient) -> None:
    """No page under docs/ is without a link that leads to it."""
    names = {path.relative_to(DOCS).with_suffix("").as_posix() for path in DOCS.rglob("*.md")}
    paths = {f"/docs/{name}" for name in names - {"README"}}
    assert paths <= walk(client).keys()


def test_nothing_runs_but_what_the_server_gives_as_a_file(client: FlaskClient) -> None:
    """No page has a script or style of its own, and the policy forbids both."""
    for path, page in walk(client).items():
        assert page.inline == [], path
    policy = client.get("/").headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'self';")
    assert "unsafe" not in policy
    assert "http" not in policy


def test_anchors_are_unique(client: FlaskClient) -> None:
    """An anchor names one place of its page."""
    for path, page in walk(client).items():
        assert len(page.anchors) == len(set(page.anchors)), path


def test_the_demonstration_accounts_are_shown_where_there_are_any(app: Flask) -> None:
    """The front page tells how to sign in to the demonstration, and only where it was loaded."""
    client, told = app.test_client(), "connector1@demo.example"
    with app.extensions["database"].transaction() as cx:
        delete = "UPDATE user_account SET disabled_at = now() WHERE email = %s"
        cx.exec_driver_sql(delete, ("coordinator@demo.example",))
    assert told not in client.get("/").text
    with app.extensions["database"].transaction() as cx:
        find_or_add_user(cx, "coordinator@demo.example")
        restore = "UPDATE user_account SET disabled_at = NULL WHERE email = %s"
        cx.exec_driver_sql(restore, ("coordinator@demo.example",))
    assert told in client.get("/").text


def test_every_problem_is_explained_where_its_type_points(client: FlaskClient) -> None:
    """The `type` of any problem is an address of this server with a sentence at its anchor."""
    refused = client.get("/api/v1/me").json
    assert refused["type"] == "/docs/problems#not_signed_in"
    page = client.get("/docs/problems").text
    assert set(Page(page).anchors) >= set(CATALOGUE)


@pytest.mark.parametrize("kind", RECORD_TYPES, ids=lambda kind: kind.name)
def test_every_kind_has_its_chapter(client: FlaskClient, kind: Any) -> None:
    """Its operations, each with a curl line, and every field of the kind by its path."""
    page = client.get(f"/docs/api/{kind.name}").text
    assert page.count('<section class="operation"') >= 5
    assert page.count(f"/api/v1/networks/$NETWORK/{kind.name}") >= 5
    for name in kind.fields:
        assert f"<code>{name}</code>" in page


def test_every_operation_of_the_document_is_readable(client: FlaskClient) -> None:
    """Whatever openapi.json lists stands under /docs/api as well."""
    document = client.get("/openapi.json").json
    shown = [each for chapter in read_chapters(document).values() for each in chapter.operations]
    listed = {
        (method.upper(), path)
        for path, item in document["paths"].items()
        for method in item.keys() - {"parameters"}
    }
    assert {(each.method, each.path) for each in shown} == listed
    anchors = {urlsplit(link).fragment for link in Page(client.get("/docs/api").text).links}
    assert {each.name for each in shown} <= anchors


@pytest.mark.parametrize("name", ["nothing", "../README", "%2e%2e/README", "api.md", "decisions"])
def test_only_guides_are_served(client: FlaskClient, name: str) -> None:
    """No name reaches a file outside docs/, and an unknown one is a problem."""
    answer = client.get(f"/docs/{name}")
    assert answer.status_code == 404
    assert answer.json["code"] == "not_found"


def test_the_examples_of_spreadsheets_can_be_fetched(client: FlaskClient) -> None:
    page = Page(client.get("/docs/spreadsheets").text)
    examples = [link for link in page.links if link.endswith(".csv")]
    assert len(examples) == 3
    for link in examples:
        found = client.get(link)
        assert (found.status_code, found.mimetype) == (200, "text/csv")
        assert found.headers["Content-Disposition"] == "attachment"


def test_an_unknown_chapter_is_a_problem(client: FlaskClient) -> None:
    """There is no documentation of what there is not."""
    assert client.get("/docs/api/leagues").json["code"] == "not_found"


def test_guides_cannot_bring_their_own_html() -> None:
    """Markup in a description stays text."""
    assert "<b>" not in render_line("<b>bold</b> `code`")
    assert "<code>code</code>" in render_line("<b>bold</b> `code`")


def test_headings_have_the_anchors_that_code_hosts_give_them() -> None:
    """A link to a heading works here and there."""
    assert slug("What is kept, and why") == "what-is-kept-and-why"
    index = read_guide("")
    assert index is not None
    assert index.title == "Documentation"
    assert 'href="/docs/accounts"' in index.html


def test_a_request_says_how_it_is_made() -> None:
    """A chapter made of a small document: shapes in words, parts laid flat, a safe curl line."""
    uuid = {"type": "string", "format": "uuid"}
    party = {"type": "object", "required": ["group_id"], "properties": {"group_id": uuid}}
    parties = {"type": "array", "items": {"$ref": "#/components/schemas/Party"}, "minItems": 2}
    purpose = {"type": ["string", "null"], "maxLength": 280}
    heat = {"type": "string", "enum": ["hot", "cold"], "default": "hot"}
    fields = {"parties": parties, "purpose": purpose, "heat": heat}
    body = {"type": "object", "properties": fields}
    sent = {"application/json": {"schema": body, "example": {"purpose": "it's hot"}}}
    document = {
        "tags": [{"name": "teas"}],
        "paths": {
            "/teas/{network_id}": {"post": {"tags": ["teas"], "requestBody": {"content": sent}}}
        },
        "components": {"schemas": {"Party": party}},
    }
    (operation,) = read_chapters(document)["teas"].operations
    assert [(f.path, f.shape, f.is_required) for f in operation.fields] == [
        ("parties", "list of objects, at least 2", False),
        ("parties[].group_id", "UUID", True),
        ("purpose", "text, at most 280 characters, or null", False),
        ("heat", "one of: hot, cold, otherwise hot", False),
    ]
    assert 'curl -X POST "$WEFT/teas/$NETWORK"' in operation.curl
    assert """-d '{"purpose": "it'"'"'s hot"}'""" in operation.curl
