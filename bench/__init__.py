"""Benchmarks: the budgets of the design, measured as ratios beside peers in one run."""
