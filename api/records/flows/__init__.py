"""Flows: resources that went from one group to another."""

from api.core.fields import Choice
from api.core.filters import choice, equal, window, within
from api.core.record import RecordType

from .example import EXAMPLE
from .model import Flow
from .rules import check
from .schema import RESOURCES, STATUSES, FlowSchema

FLOWS = RecordType(
    name="flows",
    noun="Flow",
    summary="Resources that went from one group to another.",
    model=Flow,
    schema=FlowSchema,
    example=EXAMPLE,
    writers="connectors",
    order_by="happened_at",
    filters=(
        *window("happened_at"),
        equal("resource", Choice(*RESOURCES, description="Only this sort of resource.")),
        choice("status", *STATUSES),
        equal("space_id"),
        equal("introduction_id"),
        within(
            "group_id",
            "r.from_group_id = :group_id OR r.to_group_id = :group_id",
            "Only flows from or to this group.",
        ),
    ),
    check=check,
)
