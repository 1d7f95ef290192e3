"""Brokerage: who brings groups together across a boundary, and which groups stand between."""

from api.analysis.analysis import Analysis

from .example import EXAMPLE
from .load import load
from .schema import EXACT, BrokerageQuery, BrokerageSchema
from .waiting import takes_long
from .work import work_out

BROKERAGE = Analysis(
    name="brokerage",
    summary="Who brings groups together across a boundary, and which groups stand between others.",
    description=(
        "What connectors' introductions cross, how much of it hangs on few, and between whom each"
        " group stands: against what chance would give. A connector is told of themselves alone,"
        " coordinators of all; nobody is ranked."
    ),
    query=BrokerageQuery,
    answer=BrokerageSchema,
    example=EXAMPLE,
    load=load,
    work_out=work_out,
    is_personal=True,
    is_long=lambda asked: asked["betweenness"] == EXACT,
    takes_long=takes_long,
)
