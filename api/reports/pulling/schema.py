"""Schema: what is asked and said of links to reports, and of who took one when."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import marshmallow as ma

from api.core.fields import Choice, Day, Id, Text

from .links import COVERS

USUAL_DAYS, MOST_DAYS, MOST_LABEL, MOST = 90, 400, 80, 500

ASKED = {"label": "Valley Fund, grants team", "covers": "series", "expires_on": "2026-06-30"}
LINK = {
    "id": "0197b0c4-6a10-7cc3-8f00-3d1f5a2b9c21",
    "report_id": "0197b0c4-6a10-7cc3-8f00-3d1f5a2b9c11",
    "covers": "series",
    "label": "Valley Fund, grants team",
    "created_at": "2026-04-08T10:00:00Z",
    "expires_on": "2026-06-30",
    "revoked_at": None,
    "is_open": True,
    "pulls": 2,
    "last_pulled_at": "2026-04-09T08:15:00Z",
}
SHOWN = "an-example-of-a-token-that-opens-nothing-anywhere-0000"
MADE = LINK | {"token": SHOWN, "url": f"https://weft.example.org/r/{SHOWN}"}
PULL = {
    "pulled_at": "2026-04-09T08:15:00Z",
    "by": "link",
    "reader_id": LINK["id"],
    "label": LINK["label"],
    "form": "pdf",
    "sentence": (
        "On 9 April 2026 at 08:15 UTC, somebody with the link “Valley Fund, grants team” took"
        " this report as a PDF."
    ),
}


def last_day(asked: date | None) -> date:
    """The last day a link opens; ninety days from now unless asked otherwise."""
    return asked or datetime.now(UTC).date() + timedelta(days=USUAL_DAYS)


class _Soon(Day):
    """A day from today on that is not too far away."""

    def settle(self, value: date) -> date:
        """Refuse what would open nothing, or for ever."""
        today = datetime.now(UTC).date()
        latest = today + timedelta(days=MOST_DAYS)
        if not today <= value <= latest:
            message = f"A day from {today} to {latest}."
            raise ValueError(message)
        return value


class LinkOrderSchema(ma.Schema):
    """Whom a link is for, what it opens and until when."""

    label = Text(
        MOST_LABEL,
        required=True,
        description="Whom it is for. The groups read it: an organisation, never a person's name.",
    )
    covers = Choice(
        *COVERS,
        default=COVERS[0],
        description="This report alone, or every released one of its template and boundaries.",
    )
    expires_on = _Soon(
        description=f"The last day it opens, UTC; {USUAL_DAYS} days from now when left out.",
    )


class LinkSchema(ma.Schema):
    """A link as the list has it: never its token."""

    id = Id(required=True)
    report_id = Id(required=True)
    covers = ma.fields.String(required=True, validate=ma.validate.OneOf(COVERS))
    label = ma.fields.String(required=True)
    created_at = ma.fields.AwareDateTime(required=True)
    expires_on = ma.fields.Date(required=True)
    revoked_at = ma.fields.AwareDateTime(required=True, allow_none=True)
    is_open = ma.fields.Boolean(required=True)
    pulls = ma.fields.Integer(required=True)
    last_pulled_at = ma.fields.AwareDateTime(required=True, allow_none=True)


class MadeLinkSchema(LinkSchema):
    """A new link, with what nobody can read again; null for one made by an earlier request."""

    token = ma.fields.String(required=True, allow_none=True)
    url = ma.fields.String(required=True, allow_none=True)


class LinksSchema(ma.Schema):
    """Links, newest first."""

    items = ma.fields.List(ma.fields.Nested(LinkSchema), required=True)


class PullSchema(ma.Schema):
    """A report left the network."""

    pulled_at = ma.fields.AwareDateTime(required=True, metadata={"description": "To the minute."})
    by = ma.fields.String(required=True, validate=ma.validate.OneOf(("account", "link")))
    reader_id = Id(required=True, description="The funder's member id, or the link's.")
    label = ma.fields.String(required=True, allow_none=True)
    form = ma.fields.String(required=True)
    sentence = ma.fields.String(required=True)


class PullsSchema(ma.Schema):
    """A page of pulls, newest first."""

    items = ma.fields.List(ma.fields.Nested(PullSchema), required=True)
    next = ma.fields.String(required=True, allow_none=True)
