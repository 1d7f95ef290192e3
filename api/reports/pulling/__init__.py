"""Pulling: how people outside the network come by a report, and what the groups hear of it."""
