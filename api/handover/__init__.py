"""Handover: what one connector holds passes to another, who accepts it."""
