"""What an introduction says on the wire."""

from api.core.fields import Children, Choice, Moment, Reference, Text
from api.core.schema import RecordSchema

STATUSES = ("offered", "made", "declined", "unwanted")


class PartySchema(RecordSchema):
    """A group, optionally with one person of the connector's notebook."""

    group_id = Reference("groups", required=True, description="The group this party belongs to.")
    person_id = Reference("people", description="A person of your notebook; never needed.")


class IntroductionSchema(RecordSchema):
    """Three ends: two groups (or more) and the connector."""

    made_at = Moment(required=True, description="When the parties were brought together.")
    parties = Children(PartySchema, least=2, most=12, description="Who was brought together.")
    connector_id = Reference(
        "members", description="The member who made it; left out, the record's author."
    )
    space_id = Reference("spaces", description="Where it happened.")
    channel = Choice(
        "in_person", "phone", "message", "video", "letter", description="How it was made."
    )
    purpose = Text(280, description="Plain and short. No names.")
    known_before = Choice(
        "yes", "no", "unknown", default="unknown", description="Had the parties met before?"
    )
    status = Choice(*STATUSES, default="made", description="How far it came.")
