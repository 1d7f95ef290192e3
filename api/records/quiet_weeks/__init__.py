"""Quiet weeks: "nothing this week", so that silence and nothing are told apart."""

from api.core.filters import equal, window
from api.core.record import RecordType

from .example import EXAMPLE
from .model import QuietWeek
from .rules import check
from .schema import QuietWeekSchema

QUIET_WEEKS = RecordType(
    name="quiet-weeks",
    noun="QuietWeek",
    summary="A connector says: nothing this week.",
    model=QuietWeek,
    schema=QuietWeekSchema,
    example=EXAMPLE,
    writers="connectors",
    order_by="week_on",
    filters=(*window("week_on", days=True), equal("author_id")),
    check=check,
)
