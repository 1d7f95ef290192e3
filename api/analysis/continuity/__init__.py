"""Continuity: what breaks if one connector, or one space, stops; and the pack to hand over."""

from api.analysis.analysis import Analysis

from .example import EXAMPLE
from .load import load
from .schema import ContinuityQuery, ContinuitySchema
from .work import work_out

CONTINUITY = Analysis(
    name="continuity",
    summary="What breaks if one connector, or one space, stops.",
    description=(
        "Pairs of groups that nobody else holds, what is cut off without them, and the pack that"
        " another connector could accept. Coordinators ask about any connector, connectors about"
        " themselves; nobody is ranked."
    ),
    query=ContinuityQuery,
    answer=ContinuitySchema,
    example=EXAMPLE,
    load=load,
    work_out=work_out,
    is_personal=True,
)
