"""Published: the JSON Schema of a frozen report, at an address that needs no account."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from api.core.web import Blueprint, answer, require_changed

if TYPE_CHECKING:
    from flask import Response

FILE = Path(__file__).parent / "frozen.schema.json"
SCHEMA = {"schema": {"type": "object"}}

blueprint = Blueprint(
    "report schema", __name__, url_prefix="/api/v1/schemas", description="Published schemas."
)


@blueprint.get("/report-1.json")
@blueprint.doc(
    security=[],
    responses={
        200: {"description": "JSON Schema 2020-12.", "content": {"application/schema+json": SCHEMA}}
    },
)
@blueprint.alt_response(304, description="You have it already.")
def read_schema() -> Response:
    """The JSON Schema that every frozen report fits."""
    content = published()
    etag = f'"{sha256(content).hexdigest()}"'
    require_changed(etag)
    return answer(content, etag=etag, media="application/schema+json")


@cache
def published() -> bytes:
    """The schema as a file."""
    return FILE.read_bytes()
