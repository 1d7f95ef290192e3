"""Analysis: what crosses, against what chance would give. Pure but for load and routes."""
