"""Odds: how many times likelier a tie inside a section is, whatever the sections' sizes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from .ties import Floats

STEPS, CLOSE, NOTHING = 100, 1e-12, 1e-9


def log_odds(matrix: Floats) -> float | None:
    """Homophily log-odds delta of M_gh = alpha_g beta_h exp(delta [g = h]), by Poisson MLE.

    Uniform homophily (Koehly, Goodreau & Morris 2004, Sociological Methodology 34:241-270);
    with two sections log(M_00 M_11 / (M_01 M_10)) / 2. Range (-inf, inf): 0 is none, exp(delta)
    is how many times likelier a tie within is. It alone stays put when only activity or
    composition changes. Adds 0.5 to every cell when one is 0. None with fewer than two sections
    that have ties.
    """
    cells = keep_tied(matrix)
    if cells is None:
        return None
    return float(fit_odds(cells[None] + (0.5 if (cells == 0).any() else 0.0))[0])


def keep_tied(matrix: Floats) -> Floats | None:
    """The matrix of the sections that have ties; None when they are fewer than two."""
    has_ties = (matrix.sum(axis=0) > 0) & (matrix.sum(axis=1) > 0)
    return matrix[np.ix_(has_ties, has_ties)] if has_ties.sum() > 1 else None


def odds_ratio(matrix: Floats, shares: Floats) -> float | None:
    """Odds of a tie within over odds of one between: (wi/(W - wi))/(be/(B - be)), Moody 2001.

    AJS 107:679-716. wi of the W pairs inside sections are tied, be of the B across, of simple
    ties; shares split pairs as they split ties. Range (0, inf), 1 is none, whatever the sections'
    sizes; 0.5 is added to each count when one is 0. None without ties and where no pair could be
    inside or none across.
    """
    n, sizes = len(shares), shares.sum(axis=0)
    inside = float((sizes**2).sum() - (shares**2).sum()) / 2
    across = n * (n - 1) / 2 - inside
    total, within = float(matrix.sum()) / 2, float(np.trace(matrix)) / 2
    if not total or min(inside, across) <= NOTHING:
        return None
    between = total - within
    counts = np.maximum([within, inside - within, between, across - between], 0.0)
    counts += 0.5 if counts.min() <= NOTHING else 0.0
    return float(counts[0] * counts[3] / (counts[1] * counts[2]))


def fit_odds(cells: Floats) -> Floats:
    """Delta of each of many matrices (many, sections, sections) without empty cells."""
    many, sections = cells.shape[:2]
    return _fit(_design(sections), cells.reshape(many, -1))[:, -1]


def _design(sections: int) -> Floats:
    """Columns: a row effect each, a column effect each but the first, and the diagonal."""
    row, column = np.divmod(np.arange(sections * sections), sections)
    named = np.arange(sections)
    parts = [row[:, None] == named, column[:, None] == named[1:], (row == column)[:, None]]
    return np.hstack(parts).astype(np.float64)


def _fit(design: Floats, counts: Floats) -> Floats:
    """Newton's method on the Poisson likelihood with log link, which is concave; a row each."""
    found = np.asarray(np.log(counts) @ np.linalg.pinv(design).T, dtype=np.float64)
    for _ in range(STEPS):
        mean = np.exp(found @ design.T)
        slope = (counts - mean) @ design
        bend = np.einsum("mc,ci,cj->mij", mean, design, design, optimize=True)
        step = np.linalg.solve(bend, slope[:, :, None])[:, :, 0]
        found += step
        if np.abs(step).max() < CLOSE:
            break
    return found
