"""What a group says on the wire."""

from api.core.fields import Children, Choice, Day, Number, Reference, Text, Words
from api.core.schema import RecordSchema

TYPES = (
    "association",
    "charity",
    "faith",
    "school",
    "sports",
    "arts",
    "firm",
    "public_service",
    "residents",
    "young_people",
    "older_people",
    "informal",
    "other",
)
STATUSES = ("proposed", "active", "retired")


class GroupSectionSchema(RecordSchema):
    """How much of the group is on one side of a boundary."""

    section_id = Reference("sections", required=True, description="A side of some boundary.")
    share = Number(0, 1, default=1.0, description="Shares in one boundary's sections sum to 1.")


class GroupSpaceSchema(RecordSchema):
    """A space that means something to the group."""

    space_id = Reference("spaces", required=True)
    stance = Choice("valued", "avoided", required=True, description="Drawn to it, or kept away.")


class GroupSchema(RecordSchema):
    """Any group of people; unknown in a boundary when it has no section there."""

    name = Text(120, required=True, description="What the group calls itself.")
    type = Choice(*TYPES, required=True, description="What sort of group it is.")
    description = Text(1000, description="In a sentence or two.")
    sections = Children(GroupSectionSchema, most=40, description="Where it sits in each boundary.")
    home_space_id = Reference("spaces", description="Where it usually meets.")
    spaces = Children(GroupSpaceSchema, most=100, description="Spaces valued or avoided.")
    active_from = Day(description="First day.")
    active_to = Day(description="Last day, when the group has ended.")
    external_ids = Words(
        r"^[A-Z]{2,3}-[A-Z0-9_]+-[A-Za-z0-9 ./_-]+$",
        description="Identifiers elsewhere, as org-id.guide writes them: `GB-CHC-1234567`.",
    )
    status = Choice(
        *STATUSES, default="active", description="Connectors propose; coordinators accept."
    )
