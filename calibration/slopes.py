"""Slopes of what is measured, by differences, and how a step corrects them (Broyden 1965)."""

import numpy as np

from ca1ltd.arrays import Floats


def inward(best: Floats, low: Floats, high: Floats, step: float) -> tuple[Floats, list[Floats]]:
    """Return steps to where there is room, and the points they lead to, one a parameter."""
    steps = np.where(best > (low + high) / 2, -step, step)
    return steps, list(best + np.diag(steps))


def corrected(slopes: Floats, step: Floats, change: Floats, share: float = 1.0) -> Floats:
    """Return slopes that predict a change that was found after a step, or a share of the way there.

    Parameters
    ----------
    slopes : ndarray, shape (m, n)
        Change of each thing measured with each parameter.
    step : ndarray, shape (n,)
        Of the parameters.
    change : ndarray, shape (m,)
        Of what is measured.
    """
    missed = change - slopes @ step
    return np.asarray(slopes + share * np.outer(missed, step) / max(float(step @ step), 1e-12))
