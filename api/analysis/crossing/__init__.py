"""Crossing: how much crosses one boundary, and what chance would have given."""

from api.analysis.analysis import Analysis

from .example import EXAMPLE
from .load import load
from .schema import CrossingQuery, CrossingSchema
from .work import work_out

CROSSING = Analysis(
    name="crossing",
    summary="How much crosses one boundary, and what chance would have given.",
    description=(
        "The figures rest on ties whose both sides are known; `coverage` says how many those are."
        " Where too little is known they are null and `reason` says why."
    ),
    query=CrossingQuery,
    answer=CrossingSchema,
    example=EXAMPLE,
    load=load,
    work_out=work_out,
)
