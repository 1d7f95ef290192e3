"""Analyses: all there are, in the order in which people meet them."""

from .crossing import CROSSING

ANALYSES = (CROSSING,)
BY_NAME = {analysis.name: analysis for analysis in ANALYSES}
