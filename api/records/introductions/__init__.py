"""Introductions: a connector brought two or more parties together."""

from api.core.filters import choice, equal, window, within
from api.core.record import RecordType

from .example import EXAMPLE
from .model import Introduction, IntroductionParty
from .rules import check
from .schema import STATUSES, IntroductionSchema

INTRODUCTIONS = RecordType(
    name="introductions",
    noun="Introduction",
    summary="A connector brought two or more parties together.",
    model=Introduction,
    schema=IntroductionSchema,
    example=EXAMPLE,
    writers="connectors",
    order_by="made_at",
    filters=(
        *window("made_at"),
        equal("space_id"),
        choice("status", *STATUSES),
        within(
            "connector_id",
            "coalesce(r.connector_id, r.author_id) = :connector_id",
            "Only those this member made.",
        ),
        within(
            "group_id",
            "EXISTS (SELECT FROM introduction_party p WHERE p.network_id = :network"
            " AND p.introduction_id = r.id AND p.group_id = :group_id)",
            "Only those with this group among the parties.",
        ),
    ),
    check=check,
    children={"parties": IntroductionParty},
)
