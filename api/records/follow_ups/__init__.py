"""Follow-ups: what became of an introduction, asked at 14, 90 and 180 days."""

from api.core.filters import Filter, choice, equal, window
from api.core.record import RecordType

from .example import EXAMPLE
from .model import FollowUp
from .rules import check
from .schema import OUTCOMES, FollowUpSchema

FOLLOW_UPS = RecordType(
    name="follow-ups",
    noun="FollowUp",
    summary="What became of an introduction; made by the server as they come due.",
    model=FollowUp,
    schema=FollowUpSchema,
    example=EXAMPLE,
    writers="server",
    order_by="due_on",
    filters=(
        *window("due_on", days=True),
        equal("introduction_id"),
        choice("outcome", *OUTCOMES),
        Filter(
            "state",
            choice("state", "open", "answered").field,
            "(r.outcome IS NULL) = (:state = 'open')",
        ),
        equal("author_id"),
    ),
    fixed=("introduction_id", "due_on"),
    check=check,
    looks_at=("introductions",),
    follows=("introduction_id",),
)
