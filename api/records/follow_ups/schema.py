"""What a follow-up says on the wire."""

from api.core.fields import Choice, Day, Flag, Reference
from api.core.schema import RecordSchema

OUTCOMES = ("met", "ongoing", "ended", "none", "unwanted", "unknown")
YES_NO_UNSURE = ("yes", "no", "unsure")


class FollowUpSchema(RecordSchema):
    """A question with its day, and what was answered; all empty while it is open."""

    introduction_id = Reference("introductions", required=True, description="What it asks about.")
    due_on = Day(required=True, description="14, 90 or 180 days after the introduction.")
    asked_on = Day(description="The day somebody asked.")
    answered_by = Choice("connector", "party", description="Whose answer it is.")
    outcome = Choice(*OUTCOMES, description="What became of it.")
    without_connector = Flag(description="In touch on their own, without the connector.")
    would_turn_to_again = Choice(*YES_NO_UNSURE, description="Would they turn to them again?")
    anyway = Choice(*YES_NO_UNSURE, description="Would it have happened anyway?")
