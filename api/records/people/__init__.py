"""People: entries in one connector's private notebook."""

from api.core.filters import choice, contains_text, within
from api.core.record import RecordType

from .example import EXAMPLE
from .model import Person
from .rules import check
from .schema import NOTICES, PersonSchema

PEOPLE = RecordType(
    name="people",
    noun="Person",
    summary="Your notebook: aliases of people, never needed for logging.",
    model=Person,
    schema=PersonSchema,
    example=EXAMPLE,
    writers="connectors",
    order_by="alias",
    is_ascending=True,
    filters=(
        contains_text("alias"),
        choice("notice", *NOTICES),
        within("group_id", ":group_id = ANY(r.group_ids)", "Only people of this group."),
    ),
    check=check,
    notebook=True,
)
