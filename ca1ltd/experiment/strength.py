"""Quantal strength by the EPSP it makes: as an experimenter sets the size of a test response."""

import math
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Final

from ca1ltd import protocols
from ca1ltd.errors import BadInput
from ca1ltd.experiment.run import run_experiment
from ca1ltd.experiment.spec import ExperimentSpec
from ca1ltd.model import parameters

#: Conductance of an AMPA receptor: what a quantum's current grows with, spines as they are.
PARAMETER: Final = "ca1ampa.g_receptor"

_CLOSE: Final = 0.01  # of the amplitude that is asked for
_TRIES: Final = 10


def with_epsp(
    spec: ExperimentSpec, amplitude: float, *, workers: int | None = None
) -> ExperimentSpec:
    """Return an experiment whose test pulses make EPSPs of a given size before its induction.

    The conductance of an AMPA receptor is found by which the EPSP without release noise has that
    amplitude, on average over pathways and slices, in a short run of test pulses alone. Number of
    synapses, NMDA receptors and spines stay as they are.

    Parameters
    ----------
    spec : ExperimentSpec
        The experiment.
    amplitude : float
        Amplitude of the EPSP (mV).
    workers : int, optional
        Slices at once; by default as many as there are cores.

    Raises
    ------
    BadInput
        If the cell, or a dendrite, fires before it is reached.
    """
    if not (math.isfinite(amplitude) and amplitude > 0):
        raise BadInput(f"epsp is {amplitude:g} mV, and must be above 0")
    known = parameters.row(PARAMETER)
    usual = spec.conditions.parameters().get(PARAMETER, known.value)
    value = dict(spec.parameters).get(PARAMETER, usual)
    low, high = 0.0, math.inf  # conductances that make a smaller EPSP, and a spike or a larger one
    largest = 0.0
    for _ in range(_TRIES):
        tried = _with(spec, value)
        found = _epsp(tried, workers)
        if found is not None and abs(found / amplitude - 1) <= _CLOSE:
            return tried
        if found is None:
            high = value
            value = (low + high) / 2
            continue
        largest = max(largest, found)
        low, high = (value, high) if found < amplitude else (low, value)
        # An EPSP grows a little less than in proportion.
        value *= amplitude / found
        if not low < value < high:
            value = (low + high) / 2
    raise BadInput(
        f"an EPSP of {amplitude:g} mV cannot be set with {spec.synapses} synapses: "
        f"{largest:.2g} mV is the most that was found before the cell or a dendrite fires; try "
        "another number of synapses"
    )


def _with(spec: ExperimentSpec, value: float) -> ExperimentSpec:
    changed = dict(spec.parameters) | {PARAMETER: value}
    return replace(spec, parameters=tuple(sorted(changed.items())))


def _epsp(spec: ExperimentSpec, workers: int | None) -> float | None:
    """Return the mean amplitude (mV) of noise-free EPSPs; None if one sets off a spike."""
    pulses = protocols.make("test-pulses", {"duration": 2, "baseline": 1})
    alone = replace(spec, protocol=pulses, drugs=())
    with tempfile.TemporaryDirectory() as folder:
        expected = run_experiment(alone, Path(folder, "run"), workers=workers).expected
    if (expected["spike"] != "none").any():
        return None
    return float(expected["epsp_amplitude_mV"].mean())
