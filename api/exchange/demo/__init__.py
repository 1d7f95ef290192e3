"""Demonstration: an invented town and a year of logs, made by a stated model from a fixed seed."""

from .entry import AUTHORS, Entry
from .loading import DEMO_NETWORK, Loaded, load
from .plan import plan

__all__ = ["AUTHORS", "DEMO_NETWORK", "Entry", "Loaded", "load", "plan"]
