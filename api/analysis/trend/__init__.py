"""Trend: how much crosses a boundary in window after window, and whether that changes."""

from api.analysis.analysis import Analysis

from .example import EXAMPLE
from .load import load
from .schema import TrendQuery, TrendSchema
from .work import work_out

TREND = Analysis(
    name="trend",
    summary="How much crosses one boundary, window after window, and whether that changes.",
    description=(
        "Windows are equally long and end at `to`. Each has the figures of crossing; a change is"
        " called on the log-odds of homophily alone, and a trend from four windows on."
    ),
    query=TrendQuery,
    answer=TrendSchema,
    example=EXAMPLE,
    load=load,
    work_out=work_out,
)
