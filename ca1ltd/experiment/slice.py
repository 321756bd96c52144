"""One slice: built, simulated and measured."""

from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import replace

from ca1ltd.analysis import measure
from ca1ltd.engine.driving import DriveRecorder
from ca1ltd.engine.further import Further
from ca1ltd.engine.rig import Rig
from ca1ltd.engine.simulation import simulate
from ca1ltd.experiment.spec import SliceSpec
from ca1ltd.model import parameters
from ca1ltd.model.condition_windows import Step, steps
from ca1ltd.model.setup import Setup
from ca1ltd.protocols import PATHWAYS, Pulse
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
        steps=steps_of(spec),
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


def steps_of(spec: SliceSpec) -> tuple[Step, ...]:
    """Return what the conditions of a slice are when, the first from the start of the run on."""
    said = parameters.checked(spec.parameters, spec.cell)
    return steps(spec.conditions, spec.windows, spec.protocol, said)


def _pulses(spec: SliceSpec) -> Iterator[Pulse]:
    """Yield the pulses of a slice as they are given, and the strongest that a probe stands for."""
    course = steps_of(spec)
    times = [step.time for step in course]
    for pulse in spec.protocol.pulses():
        strength = course[bisect_right(times, pulse.time) - 1].strength
        yield replace(pulse, strength=pulse.strength * strength)
    most = max(step.strength for step in course)
    if most > 1:
        yield Pulse(0.0, PATHWAYS, "test", strength=most)


def build_rig(spec: SliceSpec) -> Rig:
    """Return the rig of a slice, with every synapse that its protocol reaches.

    Parameters
    ----------
    spec : SliceSpec
        The slice.
    """
    said, first = parameters.checked(spec.parameters, spec.cell), steps_of(spec)[0]
    return Rig(
        cell=spec.cell,
        as_drawn=spec.as_drawn,
        seed=spec.seed,
        index=spec.index,
        synapses=spec.conditions.recruited(spec.synapses, said),
        changed={**spec.conditions.parameters(said), **first.parameters},
        holding=first.holding,
        wash=spec.conditions.wash * minute,
        pulses=_pulses(spec),
        field=spec.setup.field if spec.setup else None,
    )
