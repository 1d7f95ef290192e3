"""Spaces: the places where people meet."""

from api.core.fields import Choice
from api.core.filters import BBOX, NEAR, choice, contains_text, equal
from api.core.record import RecordType

from .example import EXAMPLE
from .model import Space
from .rules import check
from .schema import STATUSES, TYPES, SpaceSchema

SPACES = RecordType(
    name="spaces",
    noun="Space",
    summary="Physical places where people meet.",
    model=Space,
    schema=SpaceSchema,
    example=EXAMPLE,
    writers="proposers",
    order_by="name",
    is_ascending=True,
    filters=(
        BBOX,
        NEAR,
        contains_text("name", "address"),
        equal("type", Choice(*TYPES, description="Only spaces of this type.")),
        choice("status", *STATUSES),
        equal("steward_group_id"),
    ),
    check=check,
)
