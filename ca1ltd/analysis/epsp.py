"""Size of one postsynaptic potential, inside the cell or in the field: its slope and amplitude."""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from ca1ltd.arrays import Floats
from ca1ltd.errors import RunError
from ca1ltd.units import ms, mV, uV

RISE = (0.2, 0.8)
"""Fractions of the amplitude between which the slope is taken."""
BASELINE = 2 * ms
"""Length of the stretch before the pulse that counts as zero."""
WINDOW = 50 * ms
"""Longest time after the pulse in which the peak is sought."""
SMALLEST = 0.01 * mV
"""Amplitude below which every bouton failed: a tenth of a small quantum at the soma (.1 mV)."""
SMALLEST_FIELD = 1e-3 * uV
"""Likewise in the field of one cell: a tenth of a small quantum."""
SPIKE = 50 * mV
"""Depolarisation of the soma that no EPSP reaches; beyond it the cell has fired."""
LOCAL_SPIKE = -30 * mV
"""Potential of a dendrite or of the axon that no EPSP reaches, and every spike does.

Spikes of CA1 dendrites begin at -48 mV (Gasparini et al. 2004, doi:10.1523/JNEUROSCI.2520-04.2004)
and are all or none. Of 545 responses in two cells to AMPA receptors of 1 to 5 times the strength
none came between -37 and -19 mV; without sodium channels in the dendrites none came beyond -37 mV,
and the slopes of those beyond -19 mV differed from what they then were by a fifth to threefold, of
the others by a tenth (one in a hundred, whose branch came near threshold, by a fifth).
"""

Spike = Literal["none", "somatic", "local"]
"""The spike that sets a response's peak: none, one that reaches the soma or one in a dendrite or
the axon alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Epsp:
    """One EPSP: ``slope`` (mV/ms, 20-80 % of the rise), ``amplitude`` (mV) and its ``spike``.

    Slope and amplitude are undefined (NaN) where a spike sets the peak.
    """

    slope: float
    amplitude: float
    spike: Spike = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fepsp:
    """One field EPSP, a negative wave told by its size: ``slope`` (mV/ms) and ``amplitude`` (mV).

    Both are positive, and larger the larger the EPSP.
    """

    slope: float
    amplitude: float


def measure_epsp(
    times: ArrayLike,
    values: ArrayLike,
    t_pulse: float,
    *,
    highest: ArrayLike | None = None,
    window: float = WINDOW,
) -> Epsp:
    """Return slope and amplitude of the EPSP that follows a pulse.

    Parameters
    ----------
    times, values
        Time (ms) and potential (mV), shape ``(n,)``; steps may be uneven (they are weighted).
    t_pulse
        Time of the stimulus pulse (ms).
    highest
        Highest potential (mV) of dendrites and axon at those times, shape ``(n,)``. Without it
        only spikes that reach the soma are found.
    window
        Time after the pulse in which the peak is sought (ms), to be shortened for pulse pairs.

    Notes
    -----
    Zero is the mean of the 2 ms before the pulse. The slope is the mean rate of rise between the
    first time the EPSP reaches 80 % of its amplitude and the last time before that at which it
    was at 20 %, both interpolated linearly. No response gives slope 0. Neither slope nor
    amplitude is measured (NaN) if the cell fires, or if until the peak there is a spike in a
    dendrite or the axon: the peak, and what is 20 % of it, are then the spike's.

    Raises
    ------
    RunError
        If the trace does not cover the pulse or is not finite.
    """
    rise_t, rise_v = _after_pulse(times, values, t_pulse, t_pulse + window)
    if rise_v.max() > SPIKE:
        return Epsp(slope=math.nan, amplitude=math.nan, spike="somatic")
    peak = float(rise_t[np.argmax(rise_v)])
    if highest is not None and spike_begins(times, highest, t_pulse, peak):
        return Epsp(slope=math.nan, amplitude=math.nan, spike="local")
    slope, amplitude = _measure_rise(rise_t, rise_v, SMALLEST)
    return Epsp(slope=slope, amplitude=amplitude)


def measure_fepsp(times: ArrayLike, values: ArrayLike, t_pulse: float) -> Fepsp:
    """Return slope and amplitude of the field EPSP that follows a pulse.

    Parameters
    ----------
    times, values
        Time (ms) and potential at the field electrode (mV), shape ``(n,)``.
    t_pulse
        Time of the stimulus pulse (ms).

    Notes
    -----
    The amplitude is the depth of the trough below the mean of the 2 ms before the pulse, the slope
    the mean rate of fall from 20 to 80 % of the way to it, by the rules of `measure_epsp`. The
    axons make no field here, so there is no fibre volley to be left out. A wave that is never
    negative, as beyond the place where the field reverses, has slope 0.

    Raises
    ------
    RunError
        If the trace does not cover the pulse or is not finite.
    """
    fall_t, fall_v = _after_pulse(times, values, t_pulse, t_pulse + WINDOW)
    slope, amplitude = _measure_rise(fall_t, -fall_v, SMALLEST_FIELD)
    return Fepsp(slope=slope, amplitude=amplitude)


def epsp_slope(times: ArrayLike, values: ArrayLike, t_pulse: float) -> float:
    """Return the slope of an EPSP (mV/ms), as `measure_epsp` defines it."""
    return measure_epsp(times, values, t_pulse).slope


def _after_pulse(
    times: ArrayLike, values: ArrayLike, t_pulse: float, end: float
) -> tuple[Floats, Floats]:
    """Return times (ms) from the pulse on and the potential (mV) beyond that before the pulse."""
    t = np.asarray(times, dtype=float)
    v = np.asarray(values, dtype=float)
    if t.size < 2 or not t[0] <= t_pulse < t[-1]:
        raise RunError(f"The trace does not cover the pulse at {t_pulse:g} ms.")
    if not np.isfinite(v).all():
        raise RunError(f"The potential around the pulse at {t_pulse:g} ms is not a finite number.")
    end = min(end, t[-1])
    inside = (t > t_pulse) & (t < end)
    after = np.concatenate(([t_pulse], t[inside], [end]))
    return after, np.interp(after, t, v) - _rest(t, v, t_pulse)


def _rest(t: Floats, v: Floats, t_pulse: float) -> float:
    """Return the time-weighted mean potential (mV) of the stretch before the pulse."""
    start = max(t_pulse - BASELINE, t[0])
    if start == t_pulse:
        return float(v[0])
    grid = np.concatenate(([start], t[(t > start) & (t < t_pulse)], [t_pulse]))
    return float(np.trapezoid(np.interp(grid, t, v), grid) / (t_pulse - start))


def spike_begins(times: ArrayLike, highest: ArrayLike, start: float, end: float) -> bool:
    """Return whether a spike begins in a dendrite or the axon between two times (ms).

    Parameters
    ----------
    times, highest
        Time (ms) and highest potential of dendrites and axon (mV), shape ``(n,)``.
    start, end
        Between which times (ms). There is no spike where the cell is held above `LOCAL_SPIKE`.
    """
    t, v = np.asarray(times, dtype=float), np.asarray(highest, dtype=float)
    spiking = v[(t >= start) & (t <= end)] > LOCAL_SPIKE
    return bool(spiking.any() and not spiking[0])


def _measure_rise(t: Floats, v: Floats, smallest: float) -> tuple[float, float]:
    """Return slope (mV/ms) and amplitude (mV); a rise smaller than the smallest has slope 0."""
    amplitude = float(v.max())
    if amplitude < smallest:
        return 0.0, max(amplitude, 0.0)
    low, high = (fraction * amplitude for fraction in RISE)
    above = int(np.argmax(v >= high))
    below = np.flatnonzero(v[:above] <= low)
    if below.size == 0:
        return 0.0, amplitude
    start = int(below[-1])
    t_low = _crossing(t, v, start, low)
    t_high = _crossing(t, v, above - 1, high)
    return (high - low) / (t_high - t_low), amplitude


def _crossing(t: Floats, v: Floats, i: int, level: float) -> float:
    """Return the time at which the straight line from sample ``i`` to the next is at ``level``."""
    return float(t[i] + (t[i + 1] - t[i]) * (level - v[i]) / (v[i + 1] - v[i]))
