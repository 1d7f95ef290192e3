"""Sections: the sides of a boundary."""

from api.core.filters import contains_text, equal
from api.core.record import RecordType

from .example import EXAMPLE
from .model import Section
from .schema import SectionSchema

SECTIONS = RecordType(
    name="sections",
    noun="Section",
    summary="The sides of a boundary.",
    model=Section,
    schema=SectionSchema,
    example=EXAMPLE,
    writers="coordinators",
    order_by="position",
    is_ascending=True,
    filters=(equal("boundary_id"), contains_text("name")),
    fixed=("boundary_id",),
)
