"""Least squares within bounds (Levenberg-Marquardt), where slopes cost a run for each parameter.

What is far out of reach counts less than its square (Huber). A round measures all slopes, by
differences, and then takes several steps from them: each is the least squares of what the slopes
predict, within the bounds, with a price on its length; of several prices the best counts. What the
step came to corrects the slopes (Broyden).
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Final

import numpy as np
from scipy.optimize import lsq_linear

from ca1ltd.arrays import Floats
from calibration.slopes import corrected, inward

#: Of the logarithm of a parameter: the step of a slope, and the longest step.
STEP, LONGEST = 0.03, 1.0
#: Prices of a step's squared length: the first, the lowest and the highest.
FIRST, LOWEST, HIGHEST = 30.0, 0.3, 1e5
#: The prices tried at once, as multiples of the present one.
TRIED: Final = (0.15, 1.0, 8.0)
#: By what the price grows after steps that gained nothing.
DEARER: Final = 8.0
#: Steps from the same slopes, and how many of them may gain less than the share.
STEPS, POOR, LITTLE = 10, 3, 0.01
#: Beyond it a residual counts less than its square.
SOFT: Final = 2.0

Measured = Callable[[Sequence[Floats]], Sequence[Floats]]


def total(residuals: Floats) -> float:
    """Return the sum of squares, linear beyond `SOFT`."""
    sizes = np.abs(residuals)
    return float(np.where(sizes < SOFT, sizes**2, SOFT * (2 * sizes - SOFT)).sum())


def downhill(
    first: Floats, measured: Measured, low: Floats, high: Floats, *, rounds: int
) -> Iterator[tuple[Floats, Floats]]:
    """Yield the best point so far, and its residuals, after each round; end when none is better.

    Parameters
    ----------
    first : ndarray, shape (n,)
        Where it begins, within the bounds.
    measured : callable
        Returns the residuals at each of some points.
    low, high : ndarray, shape (n,)
        The bounds.
    rounds : int
        How many at most.
    """
    best, (residuals,) = first, measured([first])
    price = FIRST
    for _ in range(rounds):
        before, poor = total(residuals), 0
        steps, points = inward(best, low, high, STEP)
        slopes = (np.array(measured(points)) - residuals).T / steps
        for _ in range(STEPS):
            here = total(residuals)
            tried = [
                best + _step(best, residuals, slopes, low, high, price * share) for share in TRIED
            ]
            found = measured(tried)
            k = int(np.argmin([total(there) for there in found]))
            slopes = corrected(slopes, tried[k] - best, found[k] - residuals)
            gain = here - total(found[k])
            price = price * TRIED[k] * (1 if gain > 0 else DEARER)
            price = min(max(price, LOWEST), HIGHEST)
            if gain > 0:
                best, residuals = tried[k], found[k]
            poor += gain < LITTLE * here
            if poor == POOR:
                break
        yield best, residuals
        if total(residuals) == before:
            return


def _step(
    best: Floats, residuals: Floats, slopes: Floats, low: Floats, high: Floats, price: float
) -> Floats:
    n = len(best)
    weights = np.sqrt(SOFT / np.clip(np.abs(residuals), SOFT, None))
    rows = np.vstack([weights[:, None] * slopes, np.sqrt(price) * np.eye(n)])
    wanted = np.concatenate([-weights * residuals, np.zeros(n)])
    least, most = np.clip(low - best, -LONGEST, None), np.clip(high - best, None, LONGEST)
    some = 1e-9  # the solver wants room between the limits
    found = lsq_linear(rows, wanted, bounds=(least - some, most + some)).x
    return np.asarray(np.clip(found, least, most))
