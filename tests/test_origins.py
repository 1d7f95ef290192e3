"""Web apps of others: let in by name, in a browser's own words."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from api import create_app
from api.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask.testing import FlaskClient

    from tests.fixtures.networks import Network

APP, STRANGER = "https://app.example", "https://stranger.example"
ASKED = {
    "Access-Control-Request-Method": "PATCH",
    "Access-Control-Request-Headers": "authorization, sync-protocol, tus-resumable, upload-offset",
}


@pytest.fixture
def browser(app_settings: Settings) -> Iterator[FlaskClient]:
    """A browser before a server that lets one app in."""
    app = create_app(replace(app_settings, origins=(APP, "capacitor://localhost")))
    yield app.test_client()
    app.extensions["database"].close()


def test_an_app_that_is_let_in_may_ask_before_it_asks(
    browser: FlaskClient, network: Network
) -> None:
    path = f"/api/v1/networks/{network.id}/introductions"
    for origin in (APP, "capacitor://localhost"):
        answer = browser.options(path, headers=ASKED | {"Origin": origin})
        assert answer.status_code == 200
        assert answer.headers["Access-Control-Allow-Origin"] == origin
        assert "sync-protocol" in answer.headers["Access-Control-Allow-Headers"]
        assert "PATCH" in answer.headers["Access-Control-Allow-Methods"]
        assert "Access-Control-Allow-Credentials" not in answer.headers
        assert "Origin" in answer.headers["Vary"]


def test_it_is_answered_and_reads_the_headers_it_needs(
    browser: FlaskClient, network: Network
) -> None:
    headers = {"Origin": APP, "Authorization": f"Bearer {network.connector.token}"}
    answer = browser.get(f"/api/v1/networks/{network.id}/groups", headers=headers)
    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Origin"] == APP
    told = answer.headers["Access-Control-Expose-Headers"].split(", ")
    assert {"ETag", "Location", "Upload-Offset", "Retry-After"} <= set(told)


def test_it_learns_why_it_was_refused(browser: FlaskClient, network: Network) -> None:
    answer = browser.get(f"/api/v1/networks/{network.id}/groups", headers={"Origin": APP})
    assert answer.json["code"] == "not_signed_in"
    assert answer.headers["Access-Control-Allow-Origin"] == APP


def test_it_uploads_as_well(browser: FlaskClient, network: Network) -> None:
    path = f"/api/v1/networks/{network.id}/sync/uploads"
    answer = browser.options(path, headers=ASKED | {"Origin": APP})
    assert answer.headers["Access-Control-Allow-Origin"] == APP
    assert "upload-offset" in answer.headers["Access-Control-Allow-Headers"]
    assert "POST" in answer.headers["Access-Control-Allow-Methods"]


@pytest.mark.parametrize(
    "origin", [STRANGER, f"{APP}.stranger.example", "http://app.example", "null"]
)
def test_a_stranger_is_not_let_in(browser: FlaskClient, network: Network, origin: str) -> None:
    path = f"/api/v1/networks/{network.id}/introductions"
    for answer in (
        browser.options(path, headers=ASKED | {"Origin": origin}),
        browser.get(path, headers={"Origin": origin}),
    ):
        assert "Access-Control-Allow-Origin" not in answer.headers


def test_only_the_api_is_opened(browser: FlaskClient) -> None:
    for path in ("/healthz", "/start", "/key/x/formList"):
        answer = browser.get(path, headers={"Origin": APP})
        assert "Access-Control-Allow-Origin" not in answer.headers


def test_nobody_is_let_in_unless_the_operator_says_so(network: Network) -> None:
    answer = network.connector.get("groups", Origin=APP)
    assert answer.status_code == 200
    assert "Access-Control-Allow-Origin" not in answer.headers


def test_what_is_no_origin_stops_the_start() -> None:
    env = {"WEFT_SECRET": "x", "WEFT_DATABASE_URL": "postgresql://x"}
    named = Settings.from_env(env | {"WEFT_ORIGINS": f"{APP}, capacitor://localhost"}).origins
    assert named == (APP, "capacitor://localhost")
    for wrong in (
        "*",
        "app.example",
        f"{APP}/",
        f"{APP}/path",
        "https://*.example",
        "https://",
        "://x",
    ):
        with pytest.raises(ValueError, match="WEFT_ORIGINS"):
            Settings.from_env(env | {"WEFT_ORIGINS": wrong})
