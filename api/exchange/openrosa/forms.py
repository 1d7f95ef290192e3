"""Forms: the XForm of each collected kind, made from the kind itself by pyxform."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version

import msgspec

from api.core.record import KINDS

from .collected import COLLECTED
from .languages import NAMES, OWN, title
from .questions import sheet_of


@dataclass(frozen=True)
class Form:
    """What a phone downloads. `files` are the kinds whose records its questions choose from."""

    id: str
    title: str
    version: str
    xml: bytes
    files: tuple[str, ...]

    @property
    def hash(self) -> str:
        """The form's hash as OpenRosa writes it."""
        return md5(self.xml)


def md5(content: bytes) -> str:
    """OpenRosa's hash of exact bytes: it notices a change, it guards nothing."""
    return "md5:" + hashlib.md5(content, usedforsecurity=False).hexdigest()


def forms() -> list[Form]:
    """Every form, in the order in which people should see them."""
    return [form_of(name) for name in COLLECTED]


def form_of(name: str) -> Form:
    """The form of one collected kind, as the kind stands now."""
    sheet, called = sheet_of(KINDS[name]), title(COLLECTED[name].title)
    settings = {"form_id": name, "form_title": called, "default_language": NAMES[OWN]}
    settings |= {"client_editable": "yes"}  # or Collect lets nobody edit what was sent
    made_of = {"survey": sheet.survey, "choices": sheet.choices, "settings": [settings]}
    xml, made_version = _made(msgspec.json.encode(made_of))
    return Form(name, called, made_version, xml, tuple(sheet.files))


@cache
def _made(definition: bytes) -> tuple[bytes, str]:
    """The form's bytes and version. The version comes of all that the form is made of.

    So the same form has the same version on every server, and a changed one has a new one.
    """
    from pyxform.xls2xform import convert  # a form is made once a process

    said = definition + version("pyxform").encode()
    made_version = hashlib.sha256(said).hexdigest()[:12]
    workbook = msgspec.json.decode(definition)
    workbook["settings"][0]["version"] = made_version
    return convert(workbook).xform.encode(), made_version
