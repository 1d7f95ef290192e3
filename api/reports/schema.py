"""Schema: what is asked of a report and what is said of it on the wire."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import marshmallow as ma

from api.core.fields import Choice, Day, Text
from api.words import LANGUAGES

from .order import AUDIENCES, TEMPLATES

MOST_YEARS, MOST_BOUNDARIES, MOST_GRANTS, MOST, MOST_IDS = 5, 50, 20, 500, 5000
MOST_THRESHOLD = 100

BECAUSE = "Flows of January were logged twice; a new report follows."
GRANT = "360G-ValleyFund-2026-0117"

RULE = {"threshold": 10, "rounding": 10}
RULES = {"funder": RULE, "public": RULE}
ORDER = {
    "period": {"from": "2026-01-01", "to": "2026-04-01"},
    "language": "en",
    "template": "impact-1",
    "audience": "funder",
}
ENTRY = ORDER | {
    "id": "0197b0c4-6a10-7cc3-8f00-3d1f5a2b9c11",
    "boundaries": ["0197b0c4-6a10-7cc3-8f00-3d1f5a2b9c12"],
    "revision": 4812,
    "method_version": "1",
    "digest": "7b0d38f9bdbfb2c755f38dcec655469b1eb1cd74e1d639a0ccf34076e0a4407f",
    "created_at": "2026-04-03T09:12:44Z",
    "shared_with_groups_at": "2026-04-07T16:00:00Z",
    "released_at": None,
    "withdrawn_at": None,
    "withdrawn_because": None,
    "supersedes": None,
    "superseded_by": None,
    "grants": [GRANT],
}
STATUS = {
    "status": "working",
    "step": "comparing with chance",
    "progress": 0.33,
    "report_id": None,
    "problem": None,
}
STORY = {
    "report": {"id": ENTRY["id"], "seed": 2718281828, "method_version": "1", "revision": 4812},
    "indicator": {"id": "K1", "title": "Introductions"},
    "figure": {"key": "K1.made", "numerator": {"value": 36, "state": "exact", "text": "36"}},
    "chance": None,
    "records": {
        "numerator": [
            {
                "kind": "introductions",
                "count": 36,
                "ids": ["0197b0c4-6a10-7cc3-8f00-3d1f5a2b9c13"],
            }
        ],
        "denominator": None,
        "next": None,
    },
    "docs": "/docs/reports#how-each-number-is-made",
}


CHANGES = {
    "report_id": ENTRY["id"],
    "revision": 4812,
    "revision_now": 4920,
    "figures": [
        {
            "key": "K1.made",
            "label": "Made",
            "boundary_id": None,
            "numerator": {"then": 36, "now": 37},
            "denominator": {"then": 38, "now": 39},
            "because": {
                "logged": 1,
                "removed": 0,
                "edited": 0,
                "sections_changed": False,
                "method_changed": False,
            },
        }
    ],
}


class _InOrder(ma.Schema):
    """From the day `from` up to, and not including, the day `to`."""

    @ma.validates_schema
    def check(self, data: dict[str, date], **_: Any) -> None:
        """Days that have begun, in order, five years of them at most."""
        wrong = wrong_with(data["from"], data["to"], datetime.now(UTC).date())
        if wrong:
            raise ma.ValidationError(wrong)


PeriodSchema = _InOrder.from_dict(
    {
        "from": Day(required=True, description="The first day."),
        "to": Day(required=True, description="The day after the last."),
    },
    name="Period",
)


def wrong_with(from_on: date, to_on: date, today: date) -> dict[str, list[str]]:
    """What is wrong with a period, by field; nothing when it can be reported on."""
    tomorrow = today + timedelta(days=1)
    if from_on == to_on:
        return {"to": ["The period is empty: `to` is the day after its last day."]}
    if from_on > to_on:
        return {"to": ["The period is turned round: it ends before it begins."]}
    if to_on > tomorrow:
        return {"to": [f"The period reaches into the future: {tomorrow} is the latest `to`."]}
    if from_on < (earliest := _years_before(to_on)):
        return {"from": [f"At most {MOST_YEARS} years: begin on {earliest} or later."]}
    return {}


class OrderSchema(ma.Schema):
    """What to freeze. Without `boundaries`, all of the network's."""

    period = ma.fields.Nested(PeriodSchema, required=True)
    boundaries = ma.fields.List(
        ma.fields.UUID(),
        load_default=None,
        allow_none=True,
        validate=ma.validate.Length(1, MOST_BOUNDARIES),
        metadata={"description": "Ids of boundaries; they appear in the network's order."},
    )
    language = Choice(*LANGUAGES, default="en", description="The language of every sentence.")
    template = Choice(*TEMPLATES, default=TEMPLATES[0], description="Which report.")
    audience = Choice(
        *AUDIENCES,
        default="coordinators",
        description="Whose eyes it is for: all but coordinators see counts hidden and rounded.",
    )
    supersedes = ma.fields.UUID(
        load_default=None,
        allow_none=True,
        metadata={"description": "The report whose place this one takes."},
    )


class OrderStatusSchema(ma.Schema):
    """A report that is frozen while nobody waits."""

    status = ma.fields.String(
        required=True, validate=ma.validate.OneOf(("waiting", "working", "done", "failed"))
    )
    step = ma.fields.String(required=True, metadata={"description": "What is being done."})
    progress = ma.fields.Float(
        required=True, metadata={"description": "How many of the steps are over, 0 to 1."}
    )
    report_id = ma.fields.UUID(
        required=True, allow_none=True, metadata={"description": "Once done."}
    )
    problem = ma.fields.Dict(
        required=True,
        allow_none=True,
        metadata={
            "description": "Why it failed, as it would have been answered; null: see the log."
        },
    )


class PageQuery(ma.Schema):
    """Which part of the list."""

    limit = ma.fields.Integer(load_default=50, validate=ma.validate.Range(1, MOST))
    cursor = ma.fields.String(metadata={"description": "From `next` of the page before."})


class ListQuery(PageQuery):
    """Which part of the list, and in which order."""

    since = ma.fields.AwareDateTime(
        metadata={"description": "Only what was released or withdrawn since, the earliest first."}
    )


class StoryQuery(ma.Schema):
    """Which part of the ids behind a figure."""

    limit = ma.fields.Integer(
        load_default=500,
        validate=ma.validate.Range(1, MOST_IDS),
        metadata={"description": "Ids a page, of each kind behind each count."},
    )
    cursor = ma.fields.String(metadata={"description": "From `next` of the page before."})


class RecordsSchema(ma.Schema):
    """The records of one kind behind a count: how many in all, and the ids of this page."""

    kind = ma.fields.String(required=True)
    count = ma.fields.Integer(required=True)
    ids = ma.fields.List(ma.fields.UUID(), required=True)


class BehindSchema(ma.Schema):
    """The records behind both counts of a figure; null for what counts no records."""

    numerator = ma.fields.List(ma.fields.Nested(RecordsSchema), required=True, allow_none=True)
    denominator = ma.fields.List(ma.fields.Nested(RecordsSchema), required=True, allow_none=True)
    next = ma.fields.String(required=True, allow_none=True)


class StorySchema(ma.Schema):
    """How one figure was made."""

    report = ma.fields.Dict(required=True)
    indicator = ma.fields.Dict(required=True)
    figure = ma.fields.Dict(required=True)
    chance = ma.fields.Dict(required=True, allow_none=True)
    records = ma.fields.Nested(
        BehindSchema,
        required=True,
        allow_none=True,
        metadata={"description": "For coordinators and admins; null for everybody else."},
    )
    docs = ma.fields.String(required=True)


class ReportChangesSchema(ma.Schema):
    """Which figures would differ today."""

    report_id = ma.fields.UUID(required=True)
    revision = ma.fields.Integer(required=True)
    revision_now = ma.fields.Integer(required=True)
    figures = ma.fields.List(ma.fields.Dict(), required=True)


class LatestQuery(ma.Schema):
    """Of which series; what is left out may be anything."""

    template = Choice(*TEMPLATES)
    boundaries = ma.fields.String(
        validate=ma.validate.Length(max=37 * MOST_BOUNDARIES),
        metadata={"description": "Ids with commas between them, in any order: exactly these."},
    )
    audience = Choice(*AUDIENCES)
    language = Choice(*LANGUAGES)


class WithdrawalSchema(ma.Schema):
    """Why a report is taken back."""

    because = Text(
        500, required=True, description="Whoever had it reads this: plain words, no names."
    )


class GrantsSchema(ma.Schema):
    """Grants a report belongs to, by their 360Giving identifiers."""

    grants = ma.fields.List(
        Text(200, pattern=r"^360G-[A-Za-z0-9_]+-[!-~]+$", example=GRANT),
        required=True,
        validate=ma.validate.Length(max=MOST_GRANTS),
    )


class RuleSchema(ma.Schema):
    """Counts from 1 to `threshold` - 1 are hidden, the others rounded to `rounding`."""

    threshold = ma.fields.Integer(
        required=True, strict=True, validate=ma.validate.Range(1, MOST_THRESHOLD)
    )
    rounding = ma.fields.Integer(
        required=True,
        strict=True,
        validate=ma.validate.Range(1, MOST_THRESHOLD),
        metadata={"description": "At most the threshold: what is there must not round to 0."},
    )

    @ma.validates_schema
    def check(self, data: dict[str, int], **_: Any) -> None:
        """What is rounded must not become 0."""
        if data["rounding"] > data["threshold"]:
            raise ma.ValidationError({"rounding": ["At most the threshold."]})


class RulesSchema(ma.Schema):
    """The rule for each kind of reader outside."""

    funder = ma.fields.Nested(RuleSchema, required=True)
    public = ma.fields.Nested(RuleSchema, required=True)


class SpanSchema(ma.Schema):
    """A period as it was asked for."""

    from_on = ma.fields.Date(data_key="from", required=True)
    to_on = ma.fields.Date(data_key="to", required=True)


class EntrySchema(ma.Schema):
    """What the list says of a report."""

    id = ma.fields.UUID(required=True)
    period = ma.fields.Nested(SpanSchema, required=True)
    boundaries = ma.fields.List(ma.fields.UUID(), required=True)
    language = ma.fields.String(required=True)
    template = ma.fields.String(required=True)
    audience = ma.fields.String(required=True, validate=ma.validate.OneOf(AUDIENCES))
    revision = ma.fields.Integer(required=True)
    method_version = ma.fields.String(required=True)
    digest = ma.fields.String(required=True, metadata={"description": "SHA-256 of the JSON."})
    created_at = ma.fields.AwareDateTime(required=True)
    shared_with_groups_at = ma.fields.AwareDateTime(required=True, allow_none=True)
    released_at = ma.fields.AwareDateTime(required=True, allow_none=True)
    withdrawn_at = ma.fields.AwareDateTime(required=True, allow_none=True)
    withdrawn_because = ma.fields.String(required=True, allow_none=True)
    supersedes = ma.fields.UUID(required=True, allow_none=True)
    superseded_by = ma.fields.UUID(
        required=True,
        allow_none=True,
        metadata={"description": "The newest report that has taken its place."},
    )
    grants = ma.fields.List(
        ma.fields.String(), required=True, metadata={"description": "360Giving identifiers."}
    )


class EntriesSchema(ma.Schema):
    """A page of reports, newest first."""

    items = ma.fields.List(ma.fields.Nested(EntrySchema), required=True)
    next = ma.fields.String(required=True, allow_none=True)


class DisclosureSchema(ma.Schema):
    """Counts from 1 to `threshold` - 1 are hidden, the others rounded to `rounding`."""

    threshold = ma.fields.Integer(required=True, allow_none=True)
    rounding = ma.fields.Integer(required=True, allow_none=True)
    counts_not_shown = ma.fields.Integer(required=True)


class ReportSchema(ma.Schema):
    """A frozen report; docs/reports.md explains `indicators`."""

    id = ma.fields.UUID(required=True)
    network = ma.fields.Dict(required=True)
    period = ma.fields.Nested(SpanSchema, required=True)
    year_from = ma.fields.Date(required=True)
    boundaries = ma.fields.List(ma.fields.Dict(), required=True)
    language = ma.fields.String(required=True)
    template = ma.fields.String(required=True)
    audience = ma.fields.String(required=True)
    revision = ma.fields.Integer(required=True)
    method_version = ma.fields.String(required=True)
    seed = ma.fields.Integer(required=True)
    frozen_at = ma.fields.AwareDateTime(required=True)
    supersedes = ma.fields.UUID(required=True, allow_none=True)
    disclosure = ma.fields.Nested(DisclosureSchema, required=True)
    summary = ma.fields.Dict(required=True)
    indicators = ma.fields.List(ma.fields.Dict(), required=True)


def _years_before(day: date) -> date:
    """The same day MOST_YEARS earlier; of 29 February, the 28th."""
    try:
        return day.replace(year=day.year - MOST_YEARS)
    except ValueError:
        return day.replace(year=day.year - MOST_YEARS, day=28)
