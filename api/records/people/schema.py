"""What a notebook entry says on the wire."""

from api.core.fields import Choice, Day, References, Text
from api.core.schema import RecordSchema

NOTICES = ("not_given", "given", "declined")


class PersonSchema(RecordSchema):
    """An alias and what the person was told. Nobody under 18 is ever entered."""

    alias = Text(60, required=True, description="A name only you need to understand.")
    group_ids = References("groups", 20, description="Groups the person belongs to.")
    notice = Choice(*NOTICES, required=True, description="Whether they know they are noted here.")
    notice_on = Day(description="The day they were told.")
    basis = Choice(
        "consent",
        "legitimate_interest",
        required=True,
        description="The ground in data protection law for keeping the entry.",
    )
    age_band = Choice(
        "adult",
        required=True,
        description="Only adults. For anyone under 18 log the group, never a person.",
    )
    purge_on = Day(
        description="The day the entry is removed. Left out: 30 days after it was made, "
        "unless notice is given by then."
    )
