"""Flows: what goes from group to group, whether something comes back, who gives more."""

from api.analysis.analysis import Analysis

from .example import EXAMPLE
from .load import load
from .schema import FlowsQuery, FlowsSchema
from .work import work_out

FLOWS = Analysis(
    name="flows",
    summary="What flows between groups and sections, and what comes back.",
    description=(
        "One part for each kind of resource and unit: hours are never added to pounds. Groups stand"
        " in the order of their ids: this is no ranking, and a group that is there to give has"
        " little coming back."
    ),
    query=FlowsQuery,
    answer=FlowsSchema,
    example=EXAMPLE,
    load=load,
    work_out=work_out,
)
