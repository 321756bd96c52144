"""Size of one synaptic current in voltage clamp: its peak, and what is left of it later."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from ca1ltd.analysis.epsp import BASELINE, WINDOW
from ca1ltd.errors import RunError
from ca1ltd.units import ms

LATE = 50 * ms
"""Time after the pulse at which AMPA receptors have closed and NMDA receptors have not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Epsc:
    """One synaptic current, inward below 0: its ``peak`` and what flows ``late`` (nA)."""

    peak: float
    late: float


def measure_epsc(times: ArrayLike, current: ArrayLike, t_pulse: float) -> Epsc:
    """Return the synaptic current that follows a pulse.

    Parameters
    ----------
    times, current
        Time (ms), rising, and current of the clamp (nA), shape ``(n,)``.
    t_pulse
        Time of the pulse (ms).

    Notes
    -----
    Zero is the mean of the 2 ms before the pulse. The peak is the largest departure from it within
    50 ms, of either sign; late is the mean of the 2 ms up to 50 ms after the pulse.

    Raises
    ------
    RunError
        If the trace does not go from 2 ms before the pulse to 50 ms after it.
    """
    t, i = np.asarray(times, dtype=float), np.asarray(current, dtype=float)
    if t.size < 2 or t[0] > t_pulse - BASELINE or t[-1] < t_pulse + LATE:
        raise RunError(f"The trace does not cover the current after the pulse at {t_pulse:g} ms.")
    change = i - i[(t >= t_pulse - BASELINE) & (t <= t_pulse)].mean()
    after = change[(t >= t_pulse) & (t <= t_pulse + WINDOW)]
    late = change[(t >= t_pulse + LATE - 2 * ms) & (t <= t_pulse + LATE)]
    return Epsc(peak=float(after[np.argmax(np.abs(after))]), late=float(late.mean()))
