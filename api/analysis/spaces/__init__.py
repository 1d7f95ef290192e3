"""Spaces: who meets whom where, and what comes of it."""

from api.analysis.analysis import Analysis

from .example import EXAMPLE
from .load import load
from .schema import SpacesQuery, SpacesSchema
from .work import work_out

SPACES = Analysis(
    name="spaces",
    summary="How much people of different sections meet in each space, and what the space yields.",
    description=(
        "Heads count, not groups. A space marked `never_map` is not named, though what happened"
        " there counts in the whole; nothing here is a ranking."
    ),
    query=SpacesQuery,
    answer=SpacesSchema,
    example=EXAMPLE,
    load=load,
    work_out=work_out,
)
