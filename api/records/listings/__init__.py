"""Listings: what a group needs or offers."""

from api.core.fields import Choice
from api.core.filters import choice, contains_text, equal
from api.core.record import RecordType

from .example import EXAMPLE
from .model import Listing
from .schema import RESOURCES, SIDES, STATUSES, ListingSchema

LISTINGS = RecordType(
    name="listings",
    noun="Listing",
    summary="Needs and offers of groups.",
    model=Listing,
    schema=ListingSchema,
    example=EXAMPLE,
    writers="connectors",
    order_by="created_at",
    filters=(
        choice("side", *SIDES),
        equal("resource", Choice(*RESOURCES, description="Only this sort of resource.")),
        equal("group_id"),
        equal("space_id"),
        choice("status", *STATUSES),
        contains_text("description"),
    ),
)
