"""What a boundary says on the wire."""

from api.core.fields import Text, Whole
from api.core.schema import RecordSchema


class BoundarySchema(RecordSchema):
    """Name, the question people are asked, and the place in the order shown."""

    name = Text(80, required=True, description="What the line is called.")
    question = Text(280, description="How a person is asked which side they are on.")
    position = Whole(0, 999, default=0, description="Order in which boundaries are shown.")
