"""What one reads off a trace: spikes, their shape, the response to a current step.

Times are in ms, potentials in mV, sampled evenly.
"""

from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np

from ca1ltd.arrays import Floats

LEVEL: Final = -20.0
"""A spike crosses this potential upwards (mV); HippoUnit's threshold."""
ONSET: Final = 10.0
"""A spike begins where the potential rises as fast as this (mV/ms); eFEL's threshold."""
NAN: Final = float("nan")


class Spike(NamedTuple):
    """A somatic spike: threshold (mV), height above it (mV), width at half height (ms)."""

    threshold: float
    amplitude: float
    half_width: float


class Deflection(NamedTuple):
    """Response to a hyperpolarising step.

    The largest and the last deflection (mV, positive), and the time to 63 % of the largest (ms).
    """

    largest: float
    steady: float
    tau: float

    @property
    def sag(self) -> float:
        """The part of the largest deflection that sags away, 0 to 1."""
        return 1 - self.steady / self.largest


def spike_times(t: Floats, v: Floats, *, level: float = LEVEL) -> Floats:
    """Return when a potential crosses a level upwards (ms), shape ``(n_spikes,)``."""
    at = np.flatnonzero((v[1:] >= level) & (v[:-1] < level))
    return t[at] + (level - v[at]) / (v[at + 1] - v[at]) * (t[at + 1] - t[at])


def spike_shape(t: Floats, v: Floats, time: float) -> Spike:
    """Return the shape of the spike that crosses `LEVEL` at a time (ms); NaN if it is cut off."""
    crossing = int(np.searchsorted(t, time))
    slope = np.gradient(v, t)
    slow = np.flatnonzero(slope[:crossing] < ONSET)
    if not len(slow):
        return Spike(NAN, NAN, NAN)
    begin = int(slow[-1]) + 1
    below = np.flatnonzero(v[crossing:] < v[begin])
    end = crossing + int(below[0]) if len(below) else len(v) - 1
    peak = begin + int(np.argmax(v[begin : end + 1]))
    half = (v[begin] + v[peak]) / 2
    fallen = np.flatnonzero(v[peak:] < half)
    if not len(fallen):
        return Spike(NAN, NAN, NAN)
    rise = float(np.interp(half, v[begin : peak + 1], t[begin : peak + 1]))
    last = peak + int(fallen[0])
    fall = float(np.interp(half, v[[last, last - 1]], t[[last, last - 1]]))
    return Spike(float(v[begin]), float(v[peak] - v[begin]), fall - rise)


def trough(t: Floats, v: Floats, times: Floats) -> float:
    """Return the mean of the lowest potentials between consecutive spikes (mV)."""
    lows = [v[(t > a) & (t < b)].min() for a, b in pairwise(times)]
    return float(np.mean(lows)) if lows else NAN


def deflection(t: Floats, v: Floats, start: float, duration: float) -> Deflection:
    """Return the response to a hyperpolarising step (start and duration in ms)."""
    fall = v[np.searchsorted(t, start)] - v
    during = (t >= start) & (t <= start + duration)
    steady = fall[during & (t >= start + 0.9 * duration)].mean()
    largest = fall[during].max()
    late = int(np.argmax(fall > (1 - np.exp(-1)) * largest))
    return Deflection(float(largest), float(steady), float(t[late] - start))
