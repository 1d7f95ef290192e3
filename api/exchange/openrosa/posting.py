"""Posting: the filled form among the parts of a post."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from flask import request
from werkzeug.formparser import MultiPartParser

from api.core.problems import Problem

if TYPE_CHECKING:
    from werkzeug.datastructures import Headers

POST_BYTES = 10_000_000  # a phone splits what is more into several posts
OVERHEAD_BYTES = 100_000  # it counts the bytes of its files alone, not what stands around each
POST_PARTS = 200  # a phone sends at most 100 files at once
SHEET = "xml_submission_file"
EXACT = "latin-1"


class Parts(MultiPartParser):
    """The parts of a post; a field keeps its bytes, as a file does."""

    def get_part_charset(self, headers: Headers) -> str:  # noqa: ARG002
        """The one in which every byte is a character."""
        return EXACT


def posted() -> bytes:
    """The XML of the filled form; `bad_request` for a post without one, or cut short.

    Other parts are files that a form would have to declare, and no form here asks for one: they
    are read to the end, for the sender waits for that, and not kept.
    """
    request.max_content_length = POST_BYTES + OVERHEAD_BYTES
    parser = Parts(lambda *_, **__: BytesIO(), max_form_parts=POST_PARTS)
    boundary = request.mimetype_params.get("boundary", "").encode()
    try:
        fields, files = parser.parse(request.stream, boundary, request.content_length)
    except ValueError as error:
        raise Problem("bad_request", "The post is no form, or it was cut short.") from error
    if SHEET in files:
        return files[SHEET].read()
    if SHEET in fields:
        return fields[SHEET].encode(EXACT)
    raise Problem("bad_request", f"The post has no part called {SHEET}.")
