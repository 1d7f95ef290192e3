"""Measures: what crosses a boundary, as pure functions of arrays."""
