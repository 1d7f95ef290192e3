"""Bridges: what is between each two groups or sections, and how little would cut it."""

from api.analysis.analysis import Analysis

from .example import EXAMPLE
from .load import load
from .schema import BridgesQuery, BridgesSchema
from .work import work_out

BRIDGES = Analysis(
    name="bridges",
    summary="What is between each two groups or sections, and how little would cut it.",
    description=(
        "A pair without a tie is a `gap` only where one would have been seen; otherwise it is"
        " `too_few_to_say`. Who holds a tie alone is told to coordinators and to that connector."
    ),
    query=BridgesQuery,
    answer=BridgesSchema,
    example=EXAMPLE,
    load=load,
    work_out=work_out,
    is_personal=True,
)
