"""What a meeting says on the wire."""

from api.core.fields import Children, Moment, Reference, References, Text, Whole
from api.core.schema import RecordSchema


class AttendanceSchema(RecordSchema):
    """One group's part of a meeting."""

    group_id = Reference("groups", required=True)
    headcount = Whole(1, 10_000, required=True, description="How many of the group came.")
    person_ids = References("people", 50, description="People of your notebook; never needed.")


class MeetingSchema(RecordSchema):
    """When, where and who came."""

    starts_at = Moment(required=True, description="When it began.")
    ends_at = Moment(description="When it ended.")
    space_id = Reference("spaces", description="Where it was.")
    title = Text(120, description="What people call it. No names.")
    host_group_id = Reference("groups", description="Who hosted it.")
    attendance = Children(AttendanceSchema, most=60, description="Groups, with headcounts.")
    recurrence = Text(
        200,
        pattern=r"^(FREQ|INTERVAL|COUNT|UNTIL|BY[A-Z]+|WKST)=[A-Z0-9,+-]+"
        r"(;(FREQ|INTERVAL|COUNT|UNTIL|BY[A-Z]+|WKST)=[A-Z0-9,+-]+)*$",
        description="iCalendar RRULE, such as `FREQ=WEEKLY;BYDAY=TH`.",
    )
