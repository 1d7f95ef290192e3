"""Listing: which forms there are and which files belong to one, as OpenRosa writes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree
from lxml.builder import ElementMaker

from .choices import file_of
from .forms import md5

if TYPE_CHECKING:
    from .forms import Form

LIST = "http://openrosa.org/xforms/xformsList"
MANIFEST = "http://openrosa.org/xforms/xformsManifest"


def write_list(forms: list[Form], root: str) -> bytes:
    """The list of forms; `root` is the address that the phone was given."""
    make = ElementMaker(namespace=LIST, nsmap={None: LIST})
    return _written(make.xforms(*(_entry(make, form, root) for form in forms)))


def _entry(make: ElementMaker, form: Form, root: str) -> etree._Element:
    where = f"{root}/forms/{form.id}"
    told = {
        "formID": form.id,
        "name": form.title,
        "version": form.version,
        "hash": form.hash,
        "downloadUrl": f"{where}.xml",
    }
    if form.files:
        told["manifestUrl"] = f"{where}/manifest"
    return make.xform(*(make(name, text) for name, text in told.items()))


def write_manifest(files: dict[str, bytes], root: str) -> bytes:
    """The files of a form, kind -> content, each with the hash of what will be downloaded."""
    make = ElementMaker(namespace=MANIFEST, nsmap={None: MANIFEST})
    entries = [
        make.mediaFile(
            make.filename(file_of(kind)),
            make.hash(md5(content)),
            make.downloadUrl(f"{root}/media/{file_of(kind)}"),
        )
        for kind, content in files.items()
    ]
    return _written(make.manifest(*entries))


def _written(document: etree._Element) -> bytes:
    return etree.tostring(document, xml_declaration=True, encoding="utf-8")
