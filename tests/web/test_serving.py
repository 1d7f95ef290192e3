"""Serving: the built client goes out compressed, cached for ever by name, under a strict policy."""

from __future__ import annotations

import gzip
import re
import struct
from typing import TYPE_CHECKING

import pytest

from api.pages import built
from api.settings import HOME
from ops.web import digest_of_sources

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask
    from flask.testing import FlaskClient

MOST_SCRIPT = 120 * 1024  # bytes of gzipped script on first load


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def first_scripts(page: str) -> list[str]:
    return re.findall(r'(?:src|href)="(/start/assets/[^"]+\.js)"', page)


def test_what_is_served_was_built_from_what_is_written_here() -> None:
    """Or every other test here would try an older client, and say nothing."""
    assert (built.DIST / ".sources").read_text() == digest_of_sources()


def test_the_page_names_its_parts_and_is_asked_for_anew(client: FlaskClient) -> None:
    answer = client.get("/start")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-cache"
    assert first_scripts(answer.text)
    again = client.get("/start", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_parts_never_change_under_their_name_and_go_out_compressed(client: FlaskClient) -> None:
    for path in first_scripts(client.get("/start").text):
        plain = client.get(path)
        assert plain.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        packed = client.get(path, headers={"Accept-Encoding": "gzip"})
        assert packed.headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(packed.data) == plain.data
        best = client.get(path, headers={"Accept-Encoding": "gzip, deflate, br"})
        assert best.headers["Content-Encoding"] == "br"
        assert len(best.data) < len(packed.data)
        assert "Accept-Encoding" in best.headers["Vary"]


def test_the_first_load_is_small(client: FlaskClient) -> None:
    paths = first_scripts(client.get("/start").text)
    sizes = [len(client.get(path, headers={"Accept-Encoding": "gzip"}).data) for path in paths]
    assert 0 < sum(sizes) <= MOST_SCRIPT


def test_the_client_can_be_installed(client: FlaskClient) -> None:
    """Icons of the sizes that phones ask for, one of which may be cut to any shape."""
    manifest = client.get("/start/manifest.webmanifest").json
    assert manifest["display"] == "standalone"
    drawn = [icon for icon in manifest["icons"] if icon["type"] == "image/png"]
    assert {"192x192", "512x512"} <= {icon["sizes"] for icon in drawn}
    assert {icon["purpose"] for icon in drawn} == {"any", "maskable"}
    for icon in drawn:
        picture = client.get(icon["src"])
        width, height = struct.unpack(">II", picture.data[16:24])
        assert (picture.mimetype, f"{width}x{height}") == ("image/png", icon["sizes"])


def test_nothing_runs_that_is_written_into_a_page(client: FlaskClient) -> None:
    answer = client.get("/start")
    policy = answer.headers["Content-Security-Policy"]
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy
    assert re.findall(r"<script(?![^>]*src=)|<style|\son\w+=", answer.text) == []


def test_the_worker_may_watch_over_the_page(client: FlaskClient) -> None:
    answer = client.get("/start/sw.js")
    assert answer.headers["Service-Worker-Allowed"] == "/start"
    assert answer.headers["Cache-Control"] == "no-cache"
    for path in first_scripts(client.get("/start").text):
        assert path in answer.text


@pytest.mark.parametrize(
    "name", ["nothing.js", "../package.json", "%2e%2e/package.json", ".sources"]
)
def test_only_what_was_built_is_served(client: FlaskClient, name: str) -> None:
    answer = client.get(f"/start/{name}")
    assert answer.status_code == 404
    assert answer.json["code"] == "not_found"


def test_a_missing_build_is_said_in_words(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(built.read_part, "__defaults__", (tmp_path,))
    answer = client.get("/start")
    assert answer.status_code == 503
    assert "python3 -m ops.web" in answer.text


def test_the_lock_names_no_registry() -> None:
    for folder in ("web", "tests/node"):
        text = (HOME / folder / "package-lock.json").read_text()
        assert '"resolved"' not in text
