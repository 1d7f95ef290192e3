"""Reading: the XML of a filled form, without any of the traps that XML can hold."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID, uuid5

from lxml import etree

from api.core.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

XML_BYTES = 1_048_576
MOST_NAME = 255  # characters of an instanceID
BROKEN = "This is not XML in UTF-8, or it was cut short."
TYPED = "The XML has a DOCTYPE; a filled form needs none."


@dataclass(frozen=True)
class Filled:
    """A filled form: whose form, which instance, which one it replaces, and its answers."""

    form_id: str
    instance_id: str
    deprecated_id: str
    xml: bytes
    root: etree._Element

    @property
    def digest(self) -> bytes:
        """What makes two posts of an instance the same."""
        return hashlib.sha256(self.xml).digest()

    def id_in(self, network_id: UUID, instance_id: str = "") -> UUID:
        """What an instance of this form is called here: this one, or the one named."""
        return uuid5(uuid5(network_id, self.form_id), instance_id or self.instance_id)

    def replaced_in(self, network_id: UUID) -> UUID | None:
        """What the instance that this one edits is called here; None for an original."""
        return self.id_in(network_id, self.deprecated_id) if self.deprecated_id else None

    def op_in(self, network_id: UUID) -> UUID:
        """The id of the operation: the same content of the same instance has the same."""
        return uuid5(self.id_in(network_id), self.digest.hex())


def read(xml: bytes) -> Filled:
    """Read a filled form; `bad_request` says what is wrong with it."""
    if len(xml) > XML_BYTES:
        raise Problem("batch_too_large", f"A filled form may have {XML_BYTES} bytes.")
    root = _parse(xml)
    form_id = root.get("id", "").strip()
    meta = next(named(root, "meta"), None)
    instance_id = _said(meta, "instanceID")
    if not form_id:
        raise Problem("bad_request", "The XML does not say which form it fills: no id.")
    if not instance_id:
        raise Problem("bad_request", "The XML has no instanceID, so it could count twice.")
    deprecated_id = _said(meta, "deprecatedID")
    if max(map(len, (form_id, instance_id, deprecated_id))) > MOST_NAME:
        raise Problem("bad_request", f"An id in the XML has more than {MOST_NAME} characters.")
    return Filled(form_id, instance_id, deprecated_id, xml, root)


def named(parent: etree._Element, name: str) -> Iterator[etree._Element]:
    """The children of this name, in whatever namespace a form was written."""
    return (child for child in parent if local(child) == name)


def local(element: etree._Element) -> str:
    """An element's name without its namespace."""
    return etree.QName(element).localname


def text_of(element: etree._Element) -> str:
    """All that an element says."""
    return "".join(element.itertext()).strip()


def _said(meta: etree._Element | None, name: str) -> str:
    found = next(named(meta, name), None) if meta is not None else None
    return "" if found is None else text_of(found)


def _parse(xml: bytes) -> etree._Element:
    """Nothing is fetched, expanded or allowed to grow; a DOCTYPE is refused whatever it says."""
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(xml, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Problem("bad_request", TYPED if b"<!DOCTYPE" in xml else BROKEN) from error
    if root.getroottree().docinfo.doctype:
        raise Problem("bad_request", TYPED)
    return root
