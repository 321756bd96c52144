"""Calcium of spines as runs leave it: at rest, by a spike, by a release; in uM and ms."""

from collections.abc import Iterator
from typing import Final

import numpy as np

from ca1ltd.arrays import Floats
from ca1ltd.errors import RunError
from ca1ltd.experiment.results import Run
from ca1ltd.experiment.spec import ExperimentSpec
from ca1ltd.model import parameters
from ca1ltd.units import mM, ms, uM

Curve = tuple[Floats, Floats]

TRACE: Final = "spine_ca/conditioned/example"
"""Calcium of one conditioned spine, from the start of induction."""
FOLLOWED: Final = 150 * ms
"""How long calcium is followed after a spike."""


def rest(run: Run) -> Floats:
    """Return calcium at the start of induction (uM), shape ``(n_slices,)``."""
    return np.array([values[0] for _, values in _traces(run)])


def peak(run: Run) -> Floats:
    """Return the highest calcium of one spine during induction above rest (uM), by slice."""
    return np.array([values.max() - values[0] for _, values in _traces(run)])


def spike_decay(spec: ExperimentSpec, run: Run) -> Floats:
    """Return the time from the peak by a spike to 1/e of it (ms), shape ``(n_slices,)``."""
    return np.array([_decay(*_after_spikes(spec, trace)) for trace in _traces(run)])


def release(spec: ExperimentSpec, run: Run, pathway: str) -> Floats:
    """Return the median over spines of the peak by a release above rest (uM), by slice."""
    rows = run.synapses[run.synapses["pathway"] == pathway]
    peaks = rows.groupby("slice")["peak_spine_ca_uM"].median()
    return peaks.to_numpy(dtype=float) - _parameter(spec, "cai_rest") * mM / uM


def capacity(spec: ExperimentSpec) -> Floats:
    """Return the capacity of the endogenous buffer at rest, a parameter; shape ``(1,)``."""
    total, kd, cai = (_parameter(spec, name) for name in ("buffer_total", "buffer_kd", "cai_rest"))
    return np.array([total * kd / (kd + cai) ** 2])


def _parameter(spec: ExperimentSpec, name: str) -> float:
    key = f"ca1spineca.{name}"
    return dict(spec.parameters).get(key, parameters.table()[key].value)


def _traces(run: Run) -> Iterator[Curve]:
    found = [trace for (_, name), trace in sorted(run.slice_traces.items()) if name == TRACE]
    if not found:
        raise RunError(f"{run.path} has no trace {TRACE}")
    return ((trace.times, trace.values) for trace in found)


def _after_spikes(spec: ExperimentSpec, trace: Curve) -> Curve:
    """Return the mean course of calcium (uM) after the spikes of the trace, from their onset."""
    times, values = trace
    start = spec.protocol.induction_start
    onsets = [step.time - start for step in spec.protocol.current_steps()]
    followed = [onset for onset in onsets if onset + FOLLOWED <= times[-1]]
    if not followed:
        raise RunError("no spike was evoked while calcium of a spine was traced")
    grid = np.arange(0.0, FOLLOWED, 0.1)
    return grid, np.mean([np.interp(onset + grid, times, values) for onset in followed], axis=0)


def _decay(times: Floats, values: Floats) -> float:
    top = int(values.argmax())
    left = (values[top:] - values[0]) / (values[top] - values[0])
    below = np.flatnonzero(left <= np.exp(-1))
    return float(times[below[0]]) if below.size else float("nan")
