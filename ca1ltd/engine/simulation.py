"""One slice from start to end: pulses, drugs, probes and readings in the order of time."""

import gc
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial

import numpy as np
from neuron import n

from ca1ltd.engine import session
from ca1ltd.engine.agenda import Item, Turn, in_order
from ca1ltd.engine.audit import errors
from ca1ltd.engine.auditor import Auditor
from ca1ltd.engine.bath import Bath, Change
from ca1ltd.engine.excursion import Copies
from ca1ltd.engine.field import Field
from ca1ltd.engine.highest import Highest
from ca1ltd.engine.holding import steady_current
from ca1ltd.engine.integrators import INTEGRATORS, Integrator
from ca1ltd.engine.layout import layout_of
from ca1ltd.engine.peaks import SpinePeaks
from ca1ltd.engine.readings import EXAMPLE, READ_INTERVAL, Example, Readings, Releases
from ca1ltd.engine.recorder import SpineStates, Tape
from ca1ltd.engine.responses import Responses
from ca1ltd.engine.rig import Rig
from ca1ltd.engine.samples import Sampler
from ca1ltd.engine.surroundings import Surroundings
from ca1ltd.engine.switches import switches_of
from ca1ltd.errors import Interrupted
from ca1ltd.model.condition_windows import Step
from ca1ltd.model.drugs import Drug
from ca1ltd.protocols import Protocol, Pulse
from ca1ltd.recording import WINDOW, Recording
from ca1ltd.units import s


def simulate(
    rig: Rig,
    protocol: Protocol,
    drugs: Sequence[Drug],
    *,
    steps: Sequence[Step] = (),
    integrator: str = "efficient",
    atol: float = session.ATOL,
    record: Mapping[str, Tape] | None = None,
    samples: Iterable[Sampler] = (),
    progress: Callable[[float], None] | None = None,
    stop: Callable[[], bool] | None = None,
) -> Recording:
    """Simulate a slice under a protocol, from rest.

    Parameters
    ----------
    rig : Rig
        The slice.
    protocol : Protocol
        What is stimulated when.
    drugs : sequence of Drug
        What is washed in and out.
    steps : sequence of Step
        What conditions change during the run; the slice was built as in the first.
    integrator : str
        Name of the integrator.
    atol : float
        Tolerance of the integrator "reference", as a fraction of the typical size of each state.
    record : mapping, optional
        What to keep around each pulse beside somatic potential and field, by name.
    samples : iterable of Sampler
        What is sampled through the whole run.
    progress : callable, optional
        Called with the fraction of the experiment that is done, 0 to 1.
    stop : callable, optional
        Asked between pulses; True ends the simulation.

    Returns
    -------
    Recording
        What was recorded.

    Raises
    ------
    Interrupted
        If ``stop`` answered True.
    RunError
        If the cell does not rest or NEURON stops early.
    """
    field, highest = Field(rig.cell, rig.field), Highest()
    spines = SpineStates(rig)
    peaks = SpinePeaks(spines)
    with ExitStack() as stack:
        cvode = stack.enter_context(
            session.settings(celsius=rig.celsius, atol=atol, shared=rig.shared)
        )
        stack.enter_context(_calm_collector())
        method = INTEGRATORS[integrator](cvode)
        stack.enter_context(method.telling(field, highest, peaks))
        responses = Responses(rig, field, highest, record or {})
        surroundings = Surroundings(rig, method, steps)
        bath = Bath(rig, drugs, protocol)
        changes = (*bath.changes(), *surroundings.changes())
        run = _Run(rig, protocol, changes, method, spines, peaks, responses, tuple(samples))
        begun = time.perf_counter()
        for item in run.agenda:
            if stop is not None and stop():
                raise Interrupted(f"interrupted {n.t / s:.0f} s into the simulated experiment")
            method.advance(item.time)
            item.do()
            if progress is not None:
                progress(item.time / protocol.t_stop)
        return run.recording(time.perf_counter() - begun)


@contextmanager
def _calm_collector() -> Iterator[None]:
    """Spare Python's garbage collector what exists already: it costs 3 % to look at it again."""
    gc.collect()
    if gc.get_freeze_count():  # as a worker's is: what others have frozen stays so
        yield
        return
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


class _Run:
    """A simulation while it lasts: what its parts do at each item of the agenda."""

    def __init__(
        self,
        rig: Rig,
        protocol: Protocol,
        changes: Sequence[Change],
        integrator: Integrator,
        spines: SpineStates,
        peaks: SpinePeaks,
        responses: Responses,
        samples: tuple[Sampler, ...],
    ) -> None:
        self._rig = rig
        self._protocol = protocol
        self._integrator = integrator
        self._last: Pulse | None = None
        self._current = 0.0
        self._spines = spines
        self._peaks = peaks
        self._responses = responses
        self._example = Example(rig, protocol.induction_start)
        self._samples = samples
        self._changes = changes
        if rig.holding is None:
            integrator.find_rest()
        else:
            steady_current(rig, integrator, rig.holding)
        tapes = (*self._responses.tapes, self._example.tape)
        for tape in tapes:
            tape.erase()
        for each in samples:
            each.begin()
        sampled = [tape for each in samples for tape in each.tapes]
        for tape in (*self._responses.watched, self._example.tape, *sampled):
            integrator.watch(tape)
        self._readings = Readings(self._spines)
        self._releases = Releases(rig, self._spines)
        self._copies = Copies(rig, integrator, (*tapes, *sampled), self._spines, peaks)
        peaks.clear()
        given = self._given()
        switches = switches_of(protocol, rig, integrator)
        self._auditor = Auditor(
            protocol,
            integrator,
            potential=self._responses.potential,
            spines=self._spines,
            excursion=self._copies.excursion,
            moments=np.unique([item.time for item in given]),
            switches=switches,
            koff=rig.value("ca1cam.koff_can") / s,
        )
        ends = [  # calcium that a voltage clamp lets in is of no pulse
            Item(at, Turn.CHANGE, self._close)
            for clamp in protocol.holds()
            for at in (clamp.time, clamp.time + clamp.duration)
        ]
        drifts = [  # so little at once that responses go on through it
            Item(change.time, Turn.CHANGE, partial(self._drift, change.do))
            for change in changes
            if change.gradual
        ]
        self.agenda = in_order([*given, *ends, *switches, *drifts], protocol.t_stop)

    def recording(self, wall: float) -> Recording:
        """Return what was recorded, once the agenda is done."""
        return Recording(
            layout=layout_of(self._rig),
            axons=np.array(list(self._rig.synapses)),
            responses=self._responses.kept(),
            times=np.array(self._readings.times),
            states=self._readings.states(),
            releases=self._releases.table(),
            peaks=self._peaks.read(),
            example=self._example.kept,
            audits=self._auditor.audits,
            statistics={
                "refinement": self._auditor.refinement,
                "wall_s": wall,
                "simulated_s": self._protocol.t_stop / s,
                "steps": float(len(self._responses.potential)),
                **errors(self._auditor.audits),
            },
        )

    def _given(self) -> list[Item]:
        """Return all that happens but for what the recording electrode does."""
        protocol = self._protocol
        items = [
            Item(change.time, Turn.CHANGE, partial(self._wash, change.do))
            for change in self._changes
            if not change.gradual
        ]
        for at, pathway in protocol.probe_times():
            items.append(Item(at, Turn.PROBE, partial(self._probe, pathway)))
        for pulse in protocol.pulses():
            items.append(Item(pulse.time, Turn.PULSE, partial(self._pulse, pulse)))
        for clamp in protocol.calcium_clamps():
            end = clamp.time + clamp.duration
            for at, level in ((clamp.time, clamp.concentration), (end, None)):
                step = partial(self._clamp_calcium, clamp.pathways, level)
                items.append(Item(at, Turn.CHANGE, step))
            for at in np.arange(clamp.time + READ_INTERVAL, end, READ_INTERVAL).tolist():
                items.append(Item(at, Turn.READ, self._readings.read))
        items.append(Item(protocol.induction_start + EXAMPLE, Turn.READ, self._example.keep))
        items.append(Item(protocol.t_stop, Turn.END, self._end))
        return items

    def _pulse(self, pulse: Pulse) -> None:
        self._close()
        self._readings.read()
        self._example.forget()
        self._releases.begin()
        self._integrator.pulse(self._rig.stimulate(pulse))
        self._last, self._current = pulse, self._rig.current_of(pulse, pulse.pathways[0])
        self._auditor.follow(pulse)

    def _close(self) -> None:
        """Keep the response to the last pulse, and what was released."""
        pulse, self._last = self._last, None
        if pulse is not None:
            self._responses.keep(pulse.time, pulse.pathways, pulse.kind, self._current)
            self._releases.end(pulse.time)
        self._responses.forget()
        for each in self._samples:
            each.take()

    def _probe(self, pathway: str) -> None:
        """Record the response without release noise, on a copy of the state."""
        self._close()
        with self._copies.excursion():
            onset = n.t
            self._integrator.pulse(self._rig.stimulate_mean(pathway, onset))
            self._integrator.advance(onset + WINDOW[1])
            self._rig.restore_quanta()
            self._responses.keep(onset, (pathway,), "probe", self._rig.wiring.currents[pathway])
            self._responses.cut()  # while the copy lasts

    def _clamp_calcium(self, pathways: Sequence[str], concentration: float | None) -> None:
        self._close()
        self._readings.read()
        self._rig.clamp_calcium(pathways, concentration)
        self._integrator.current_changed()

    def _wash(self, change: Callable[[], None]) -> None:
        self._close()
        change()
        self._integrator.changed()

    def _drift(self, change: Callable[[], None]) -> None:
        change()
        self._integrator.changed()

    def _end(self) -> None:
        self._close()
        self._readings.read()
