"""One slice: built, simulated and measured."""

from collections.abc import Callable
from dataclasses import replace

from ca1ltd.analysis import measure
from ca1ltd.engine.driving import DriveRecorder
from ca1ltd.engine.further import Further
from ca1ltd.engine.rig import Rig
from ca1ltd.engine.simulation import simulate
from ca1ltd.experiment.spec import SliceSpec
from ca1ltd.model import parameters
from ca1ltd.model.setup import Setup
from ca1ltd.recording import SliceResult
from ca1ltd.units import minute


def run_slice(
    spec: SliceSpec,
    progress: Callable[[float], None] | None = None,
    stop: Callable[[], bool] | None = None,
    *,
    drives: bool = False,
) -> SliceResult:
    """Return what one slice measured.

    Parameters
    ----------
    spec : SliceSpec
        The slice.
    progress : callable, optional
        Called with the fraction that is done, 0 to 1.
    stop : callable, optional
        Asked between pulses; True ends the simulation.
    drives : bool
        Whether what drives some of its spines is recorded, too, which changes nothing else.

    Raises
    ------
    BadInput
        If the cell has too few axons, or a parameter is not allowed.
    Interrupted
        If ``stop`` answered True.
    RunError
        If the simulation fails.
    """
    rig = build_rig(spec)
    further = Further(rig, spec.setup or Setup())
    recorder = DriveRecorder(rig) if drives else None
    recording = simulate(
        rig,
        spec.protocol,
        spec.drugs,
        integrator=spec.integrator,
        record=further.tapes,
        samples=[*further.samples.values(), *([recorder] if recorder else [])],
        progress=progress,
        stop=stop,
    )
    result = measure(spec.protocol, recording, index=spec.index, seed=spec.seed)
    if recorder:
        result = replace(result, drives=recorder.drives(recording))
    if spec.setup is None:
        return result
    single = {trace.name: trace for trace in further.traces(recording, spec.protocol)}
    return replace(result, traces={**result.traces, **single})


def build_rig(spec: SliceSpec) -> Rig:
    """Return the rig of a slice, with every synapse that its protocol reaches.

    Parameters
    ----------
    spec : SliceSpec
        The slice.
    """
    return Rig(
        cell=spec.cell,
        as_drawn=spec.as_drawn,
        seed=spec.seed,
        index=spec.index,
        synapses=spec.synapses,
        changed=spec.conditions.parameters() | parameters.checked(spec.parameters, spec.cell),
        holding=spec.conditions.holding,
        wash=spec.conditions.wash * minute,
        pulses=spec.protocol.pulses(),
        field=spec.setup.field if spec.setup else None,
    )
