"""Boundaries: the lines along which people of the place usually keep apart."""

from api.core.filters import contains_text
from api.core.record import RecordType

from .example import EXAMPLE
from .model import Boundary
from .schema import BoundarySchema

BOUNDARIES = RecordType(
    name="boundaries",
    noun="Boundary",
    summary="Lines along which people of the place usually keep apart.",
    model=Boundary,
    schema=BoundarySchema,
    example=EXAMPLE,
    writers="coordinators",
    order_by="position",
    is_ascending=True,
    filters=(contains_text("name", "question"),),
)
