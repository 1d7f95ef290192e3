"""What a flow says on the wire."""

from api.core.fields import Choice, Moment, Number, Reference, Text
from api.core.schema import RecordSchema

RESOURCES = ("goods", "money", "time", "skill", "information", "space")
STATUSES = ("promised", "delivered", "fell_through")


class FlowSchema(RecordSchema):
    """What went from whom to whom, and how far it came."""

    happened_at = Moment(required=True, description="When it went, or was promised.")
    resource = Choice(*RESOURCES, required=True, description="Which of the six sorts.")
    description = Text(280, description="Plain and short. No names.")
    quantity = Number(0, 1e12, description="How much, in `unit`.")
    unit = Text(40, description="Hours, chairs, pounds.")
    from_group_id = Reference("groups", required=True, description="Who gave.")
    to_group_id = Reference("groups", required=True, description="Who received.")
    space_id = Reference("spaces", description="Where it changed hands.")
    introduction_id = Reference("introductions", description="The introduction behind it.")
    listing_id = Reference("listings", description="The need or offer it answers.")
    status = Choice(*STATUSES, default="delivered", description="How far it came.")
