"""Odds: how many times likelier a tie inside a section is, whatever the sections' sizes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from .ties import Floats

STEPS, CLOSE = 100, 1e-12


def log_odds(matrix: Floats) -> float | None:
    """Homophily log-odds delta of M_gh = alpha_g beta_h exp(delta [g = h]), by Poisson MLE.

    Uniform homophily (Koehly, Goodreau & Morris 2004, Sociological Methodology 34:241-270);
    with two sections log(M_00 M_11 / (M_01 M_10)) / 2. Range (-inf, inf): 0 is none, exp(delta)
    is how many times likelier a tie within is. It alone stays put when only activity or
    composition changes. Adds 0.5 to every cell when one is 0. None with fewer than two sections
    that have ties.
    """
    has_ties = (matrix.sum(axis=0) > 0) & (matrix.sum(axis=1) > 0)
    cells = matrix[np.ix_(has_ties, has_ties)]
    if len(cells) < 2:  # noqa: PLR2004
        return None
    if (cells == 0).any():
        cells = cells + 0.5
    return float(_fit(_design(len(cells)), cells.ravel())[-1])


def _design(sections: int) -> Floats:
    """Columns: a row effect each, a column effect each but the first, and the diagonal."""
    row, column = np.divmod(np.arange(sections * sections), sections)
    named = np.arange(sections)
    parts = [row[:, None] == named, column[:, None] == named[1:], (row == column)[:, None]]
    return np.hstack(parts).astype(np.float64)


def _fit(design: Floats, counts: Floats) -> Floats:
    """Newton's method on the Poisson likelihood with log link, which is concave."""
    found = np.asarray(np.linalg.lstsq(design, np.log(counts))[0], dtype=np.float64)
    for _ in range(STEPS):
        mean = np.exp(design @ found)
        step = np.linalg.solve(design.T @ (design * mean[:, None]), design.T @ (counts - mean))
        found += step
        if np.abs(step).max() < CLOSE:
            break
    return found
