"""Groups: any group of people of the place."""

from api.core.fields import Choice
from api.core.filters import choice, contains_text, equal, within
from api.core.record import RecordType

from .example import EXAMPLE
from .model import Group, GroupSection, GroupSpace
from .rules import check, relate
from .schema import STATUSES, TYPES, GroupSchema

GROUPS = RecordType(
    name="groups",
    noun="Group",
    summary="Groups of people: a tenants' association, a choir, a school gate, a firm.",
    model=Group,
    schema=GroupSchema,
    example=EXAMPLE,
    writers="proposers",
    order_by="name",
    is_ascending=True,
    filters=(
        contains_text("name", "description"),
        equal("type", Choice(*TYPES, description="Only groups of this type.")),
        choice("status", *STATUSES),
        within(
            "section_id",
            "EXISTS (SELECT FROM grp_section s WHERE s.network_id = :network"
            " AND s.grp_id = r.id AND s.section_id = :section_id)",
            "Only groups with a share in this section.",
        ),
        within(
            "space_id",
            "r.home_space_id = :space_id OR EXISTS (SELECT FROM grp_space s"
            " WHERE s.network_id = :network AND s.grp_id = r.id AND s.space_id = :space_id)",
            "Only groups at home in, drawn to or kept away from this space.",
        ),
    ),
    check=check,
    relate=relate,
    looks_at=("sections",),
    children={"sections": GroupSection, "spaces": GroupSpace},
)
