"""Analyses: all there are, in the order in which people meet them."""

from .continuity import CONTINUITY
from .crossing import CROSSING
from .flows import FLOWS

ANALYSES = (CROSSING, FLOWS, CONTINUITY)
BY_NAME = {analysis.name: analysis for analysis in ANALYSES}
