"""Meetings: groups and people in a space at a time."""

from api.core.filters import contains_text, equal, window, within
from api.core.record import RecordType

from .example import EXAMPLE
from .model import Meeting, MeetingAttendance
from .rules import check
from .schema import MeetingSchema

MEETINGS = RecordType(
    name="meetings",
    noun="Meeting",
    summary="Groups, with headcounts, in a space at a time.",
    model=Meeting,
    schema=MeetingSchema,
    example=EXAMPLE,
    writers="connectors",
    order_by="starts_at",
    filters=(
        *window("starts_at"),
        equal("space_id"),
        equal("host_group_id"),
        within(
            "group_id",
            "EXISTS (SELECT FROM meeting_attendance p WHERE p.network_id = :network"
            " AND p.meeting_id = r.id AND p.group_id = :group_id)",
            "Only meetings this group came to.",
        ),
        contains_text("title"),
    ),
    check=check,
    children={"attendance": MeetingAttendance},
)
