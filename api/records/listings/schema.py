"""What a listing says on the wire."""

from api.core.fields import Choice, Day, Number, Reference, Text
from api.core.schema import RecordSchema

SIDES = ("need", "offer")
RESOURCES = ("goods", "money", "time", "skill", "information", "space")
STATUSES = ("open", "met", "closed")


class ListingSchema(RecordSchema):
    """What is needed or offered, by which group, until when."""

    side = Choice(*SIDES, required=True, description="A need or an offer.")
    resource = Choice(*RESOURCES, required=True, description="Which of the six sorts.")
    group_id = Reference("groups", required=True, description="Whose need or offer it is.")
    description = Text(280, required=True, description="Plain and short. No names.")
    quantity = Number(0, 1e12, description="How much, in `unit`.")
    unit = Text(40, description="Hours, chairs, pounds.")
    space_id = Reference("spaces", description="Where.")
    open_until = Day(description="The last day it stands.")
    status = Choice(*STATUSES, default="open", description="Whether it still stands.")
