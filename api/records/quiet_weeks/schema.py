"""What a quiet week says on the wire."""

from api.core.fields import Day
from api.core.schema import RecordSchema


class QuietWeekSchema(RecordSchema):
    """Nothing this week."""

    week_on = Day(required=True, description="The Monday the week begins on.")
