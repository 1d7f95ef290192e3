"""The whole API, driven by its own description: no 5xx, and no answer that is not documented."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
import schemathesis
import yaml
from hypothesis import HealthCheck, given, settings
from schemathesis import checks
from schemathesis.specs.openapi import checks as described

from api.settings import HOME

if TYPE_CHECKING:
    from tests.fixtures.networks import Network, Town

CHECKED = [
    checks.not_a_server_error,
    described.status_code_conformance,
    described.content_type_conformance,
    described.response_schema_conformance,
]
# These take the caller's own token away, ask for mail, never end, or take bytes of no known type.
LEFT_OUT = re.compile(r"/(devices|sign-out|sign-in|stream|uploads)")
METHODS = ("get", "post", "put", "patch", "delete")


def operations() -> list[Any]:
    """Every operation of the committed description, by path and method."""
    paths = yaml.load((HOME / "openapi.yaml").read_text(), Loader=yaml.CSafeLoader)["paths"]
    return [
        pytest.param(path, method, id=f"{method} {path.removeprefix('/api/v1')}")
        for path, item in paths.items()
        for method in METHODS
        if method in item and not LEFT_OUT.search(path)
    ]


@pytest.fixture(scope="session")
def described_api(app: Any) -> Any:
    """The description as the server gives it, bound to the server."""
    return schemathesis.openapi.from_wsgi("/openapi.json", app)


@pytest.mark.parametrize(("path", "method"), operations())
def test_every_answer_is_documented(
    described_api: Any, network: Network, town: Town, path: str, method: str
) -> None:
    token = network.coordinator.token
    headers = {"Authorization": f"Bearer {token}", "Accept-Encoding": "identity"}

    @settings(
        max_examples=15,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=described_api[path][method.upper()].as_strategy())
    def drive(case: Any) -> None:
        if "network_id" in (case.path_parameters or {}):
            case.path_parameters["network_id"] = str(network.id)
        response = case.call(headers=headers)
        case.validate_response(response, checks=CHECKED)

    drive()
