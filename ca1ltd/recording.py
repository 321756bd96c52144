"""What a simulation hands on: recorded traces and the results of a slice, as values."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ca1ltd.errors import BadInput


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Trace:
    """A recorded quantity against time.

    Attributes
    ----------
    name : str
        What and where, as "soma_v/conditioned/before".
    times : ndarray
        Times (ms), shape ``(n,)``.
    values : ndarray
        Values in `unit`, shape ``(n,)``.
    unit : str
        Unit of the values.
    """

    name: str
    times: NDArray[np.float64]
    values: NDArray[np.float64]
    unit: str

    def __post_init__(self) -> None:
        if self.times.ndim != 1 or self.times.shape != self.values.shape:
            raise BadInput(
                f"the trace {self.name} has times of shape {self.times.shape} and values of shape "
                f"{self.values.shape}: they must be two equally long rows"
            )


def averaged(
    name: str, curves: Iterable[tuple[NDArray[np.float64], NDArray[np.float64]]], unit: str
) -> Trace:
    """Return the mean of curves, each less its value at the pulse, from 4 ms before it to 59 ms on.

    Parameters
    ----------
    name, unit : str
        Those of the trace.
    curves : iterable of (ndarray, ndarray)
        Times from the pulse (ms) and values of each, shape ``(n,)``.
    """
    grid = np.arange(-40.0, 591.0) * 0.1
    values = [np.interp(grid, t, y - np.interp(0.0, t, y)) for t, y in curves]
    return Trace(name=name, times=grid, values=np.mean(values, axis=0), unit=unit)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SliceResult:
    """What one simulated slice measured.

    Attributes
    ----------
    index : int
        Number of the slice in its experiment.
    seed : int
        Seed of the experiment.
    pulses : DataFrame
        One row per measured pulse: ``pathway, time_min, kind, epsp_slope_mV_per_ms,
        epsp_amplitude_mV, fepsp_slope_uV_per_ms``; the kind "probe" is the EPSP expected without
        release noise.
    synapses : DataFrame
        One row per synapse: where it is, its receptors before and after, its peaks.
    timecourse : DataFrame
        Means over the spines of each pathway against ``time_min``.
    traces : dict of str to Trace
        Chosen windows by name.
    geometry : dict
        Where the electrodes are, as JSON values.
    statistics : dict of str to float
        Cost of the simulation: ``wall_s``, ``simulated_s``, steps.
    """

    index: int
    seed: int
    pulses: pd.DataFrame
    synapses: pd.DataFrame
    timecourse: pd.DataFrame
    traces: dict[str, Trace]
    geometry: dict[str, Any]
    statistics: dict[str, float]
