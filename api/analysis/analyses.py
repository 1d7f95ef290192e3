"""Analyses: all there are, in the order in which people meet them."""

from .bridges import BRIDGES
from .brokerage import BROKERAGE
from .continuity import CONTINUITY
from .crossing import CROSSING
from .flows import FLOWS
from .spaces import SPACES
from .trend import TREND

ANALYSES = (CROSSING, TREND, BROKERAGE, BRIDGES, SPACES, FLOWS, CONTINUITY)
BY_NAME = {analysis.name: analysis for analysis in ANALYSES}
