"""What a section says on the wire."""

from api.core.fields import Reference, Text, Whole
from api.core.schema import RecordSchema


class SectionSchema(RecordSchema):
    """Which boundary it is a side of, and how many people live on that side if known."""

    boundary_id = Reference(
        "boundaries", required=True, description="The boundary it is a side of."
    )
    name = Text(80, required=True, description="What people call this side.")
    position = Whole(0, 999, default=0, description="Order in which sections are shown.")
    population = Whole(0, 100_000_000, description="People on this side, from a census if known.")
