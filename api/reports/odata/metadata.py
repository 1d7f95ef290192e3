"""Metadata: the service document, and the types in CSDL for whoever connects."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

from api.reports.entities import ENTITY_SETS

if TYPE_CHECKING:
    from api.reports.entities import EntitySet

EDM, EDMX = "http://docs.oasis-open.org/odata/ns/edm", "http://docs.oasis-open.org/odata/ns/edmx"
NAMESPACE = "Weft"


def service(root: str) -> dict[str, Any]:
    """What there is to ask for."""
    sets = [{"name": name, "kind": "EntitySet", "url": name} for name in ENTITY_SETS]
    return {"@odata.context": f"{root}$metadata", "value": sets}


def metadata() -> bytes:
    """The types and sets as CSDL 4.0 in XML."""
    ET.register_namespace("edmx", EDMX)
    edmx = ET.Element(f"{{{EDMX}}}Edmx", Version="4.0")
    # one default namespace, which the library can only give as a plain attribute
    inside = ET.SubElement(edmx, f"{{{EDMX}}}DataServices")
    schema = ET.SubElement(inside, "Schema", xmlns=EDM, Namespace=NAMESPACE)
    for entity_set in ENTITY_SETS.values():
        _entity_type(schema, entity_set)
    container = ET.SubElement(schema, "EntityContainer", Name="Released")
    for entity_set in ENTITY_SETS.values():
        named = {"Name": entity_set.name, "EntityType": f"{NAMESPACE}.{entity_set.type}"}
        ET.SubElement(container, "EntitySet", named)
    found: bytes = ET.tostring(edmx, encoding="utf-8", xml_declaration=True)
    return found


def _entity_type(schema: ET.Element, entity_set: EntitySet) -> None:
    made = ET.SubElement(schema, "EntityType", Name=entity_set.type)
    key = ET.SubElement(made, "Key")
    for name in entity_set.keys:
        ET.SubElement(key, "PropertyRef", Name=name)
    for name, type_ in entity_set.properties.items():
        may_be_null = "false" if name in entity_set.keys else "true"
        ET.SubElement(made, "Property", Name=name, Type=type_, Nullable=may_be_null)
