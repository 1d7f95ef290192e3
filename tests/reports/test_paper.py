"""The PDF: tagged, the same bytes every time, and nothing fetched from anywhere."""

from __future__ import annotations

import json
import re
import zlib
from datetime import date
from uuid import UUID

import pytest

from api.core.problems import Problem
from api.reports import pdf
from api.reports.facts import Boundary
from api.reports.freeze import freeze
from api.reports.order import Moment, Order
from tests.reports.town import RIVER, town

ORDER = Order(date(2026, 7, 1), date(2026, 10, 1), audience="funder")
MOMENT = Moment(UUID(int=7), "Wendlow", 12, "2026-10-05T09:12:44Z")


def printed(**changes):
    frozen = freeze(UUID(int=9), ORDER, town(**changes), MOMENT)
    return pdf.render(json.loads(frozen.body), frozen.digest)


def test_a_report_prints_to_the_same_tagged_bytes_every_time():
    found = printed()
    assert found == printed()
    assert found.startswith(b"%PDF-1.7")
    inside = opened(found)
    assert re.search(rb"/MarkInfo\s*<<\s*/Marked true", inside)
    assert b"/Lang (en)" in inside
    assert b"pdfuaid" in inside
    assert b"/Alt " in inside


def test_names_stand_apart_from_a_page_in_another_direction(monkeypatch):
    pages = []
    real = pdf.weasyprint()

    class Looking:
        def HTML(self, string, **more):  # noqa: N802
            pages.append(string)
            return real.HTML(string=string, **more)

    monkeypatch.setattr(pdf, "weasyprint", Looking)
    printed()
    assert f"<bdi>\u2068{RIVER.name}\u2069</bdi>" in pages[0]


def opened(content):
    """All of a PDF with its compressed parts unpacked."""
    packed = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", content, flags=re.DOTALL)
    return content + b"".join(
        zlib.decompressobj().decompress(part) for part in packed if part[:1] == b"x"
    )


def test_a_name_that_looks_like_an_address_is_never_fetched(monkeypatch):
    asked = []
    monkeypatch.setattr(pdf, "_fetch_nothing", lambda url, *_, **__: asked.append(url))
    name = "<img src='file:///etc/hostname'>"
    printed(boundaries=(Boundary(RIVER.id, name, name, RIVER.sections, RIVER.declared),))
    assert asked == []


def test_a_machine_without_pango_says_so(monkeypatch):
    def refuse(name, *more):
        if name == "weasyprint":
            raise OSError
        return real(name, *more)

    real = __import__
    pdf.weasyprint.cache_clear()
    monkeypatch.setattr("builtins.__import__", refuse)
    with pytest.raises(Problem) as told:
        pdf.weasyprint()
    assert told.value.code == "pdf_unavailable"
