"""One slice from start to end: pulses, drugs, probes and readings in the order of time."""

import gc
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from neuron import n

from ca1ltd.engine import session
from ca1ltd.engine.audit import FOLLOWED, TOLERANCE, Audit, Seen, audited, compare, errors
from ca1ltd.engine.field import Field
from ca1ltd.engine.holding import hold
from ca1ltd.engine.integrators import INTEGRATORS, Efficient, Integrator
from ca1ltd.engine.recorder import STATES, SpineStates, Tape
from ca1ltd.engine.rig import Rig
from ca1ltd.errors import Interrupted
from ca1ltd.model.drugs import Drug, together
from ca1ltd.protocols import Protocol, Pulse
from ca1ltd.units import ms, s, uM

Floats = npt.NDArray[np.float64]

#: The window of somatic potential around a pulse: from before it to after it.
WINDOW: Final = (-5 * ms, 60 * ms)
#: Calcium of one spine is shown for this long from the first pulse of induction.
EXAMPLE: Final = 10 * s
#: All states of the spines are read at pulses, but not more often than this.
READ_INTERVAL: Final = 10 * s
#: States noted at a pulse, with their columns in the table of releases.
AT_PULSE: Final = {"spine_v_mV": "v_mV", "spine_ca_uM": "before_uM"}
#: States whose peak is sought at every pulse.
PEAKS: Final = ("calcineurin_active", "pp1_active_uM", "camkii_pt286")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Response:
    """Somatic potential (mV) around a pulse, at times (ms) from its onset (ms).

    ``current`` (uA) passed through the electrode of the first of its pathways.
    ``field`` is the potential (mV) at the field electrode, and ``recorded`` holds what else was
    asked for, in NEURON's units, at the same times.
    """

    onset: float
    pathways: tuple[str, ...]
    kind: str
    current: float
    times: Floats
    potential: Floats
    field: Floats
    recorded: dict[str, Floats]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Recording:
    """All that was recorded from a slice; arrays over synapses are in the order of ``axons``.

    Attributes
    ----------
    axons : ndarray
        Number of the axon of each synapse, shape ``(n_synapses,)``.
    responses : list of Response
        Somatic responses in the order of time, kinds "test", "induction" and "probe".
    times : ndarray
        When the states were read (ms), shape ``(n_readings,)``.
    states : dict of str to ndarray
        States of `recorder.STATES`, each of shape ``(n_readings, n_synapses)``.
    releases : DataFrame
        One row per pulse and synapse that released: ``onset`` (ms), ``synapse`` (position in
        ``axons``), ``quanta``, ``v_mV`` and ``before_uM`` (potential and calcium of the spine at
        the pulse), ``peak_uM`` (of its calcium, until the next pulse or step of the clamp).
    peaks : dict of str to ndarray
        Highest value of the states in `PEAKS` at any pulse, shape ``(n_synapses,)``.
    example : tuple of ndarray
        Times (ms from the start of induction) and calcium (uM) of the first conditioned spine.
    audits : list of Audit
        Errors of the steps, measured during the run.
    statistics : dict of str to float
        ``wall_s``, ``simulated_s``, ``steps``, their final ``refinement`` and `audit.errors`.
    """

    axons: npt.NDArray[np.int64]
    responses: list[Response]
    times: Floats
    states: dict[str, Floats]
    releases: pd.DataFrame
    peaks: dict[str, Floats]
    example: tuple[Floats, Floats]
    audits: list[Audit]
    statistics: dict[str, float]


def simulate(
    rig: Rig,
    protocol: Protocol,
    drugs: Sequence[Drug],
    *,
    integrator: str = "efficient",
    atol: float = session.ATOL,
    record: Mapping[str, Tape] | None = None,
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
    integrator : str
        Name of the integrator.
    atol : float
        Tolerance of the integrator "reference", as a fraction of the typical size of each state.
    record : mapping, optional
        What to keep around each pulse beside somatic potential and field, by name.
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
    field = Field(rig.cell, rig.field)
    with ExitStack() as stack:
        cvode = stack.enter_context(
            session.settings(celsius=rig.celsius, atol=atol, shared=rig.shared)
        )
        stack.enter_context(_calm_collector())
        method = INTEGRATORS[integrator](cvode)
        stack.enter_context(method.telling(field.see))
        run = _Run(rig, protocol, drugs, method, field, record or {})
        begun = time.perf_counter()
        for at, action in run.agenda():
            if stop is not None and stop():
                raise Interrupted(f"interrupted {n.t / s:.0f} s into the simulated experiment")
            run.advance(at)
            action()
            if progress is not None:
                progress(at / protocol.t_stop)
        return run.recording(time.perf_counter() - begun)


@contextmanager
def _calm_collector() -> Iterator[None]:
    """Spare Python's garbage collector what exists already: it costs 3 % to look at it again."""
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


class _Run:
    """A simulation while it lasts."""

    def __init__(
        self,
        rig: Rig,
        protocol: Protocol,
        drugs: Sequence[Drug],
        integrator: Integrator,
        field: Field,
        record: Mapping[str, Tape],
    ) -> None:
        self._rig = rig
        self._protocol = protocol
        self._drugs = drugs
        self._integrator = integrator
        self._spines = SpineStates(rig)
        self._potential = Tape(rig.cell.soma(0.5)._ref_v)
        self._field = Tape(field.potential, middle=True)
        self._tapes = record
        first = rig.synapses[int(rig.pathways["conditioned"][0])]
        self._calcium = Tape(first.spine.head(0.5)._ref_cai)
        self._boutons = [synapse.bouton for synapse in rig.synapses.values()]
        kinds: list[str] = [pulse.kind for pulse in protocol.pulses()]
        self._last: Pulse | None = None
        self._moments: Floats = np.empty(0)
        self._audits: list[Audit] = []
        self._switches = self._electrode_switches()
        self._refinements = dict.fromkeys(kinds, 1.0)
        self._given = 0
        self._audited = audited(kinds) if isinstance(integrator, Efficient) else frozenset()
        self._responses: list[Response] = []
        self._releases: list[tuple[float, int, *tuple[float, ...]]] = []
        self._at_pulse: list[Floats] = []
        self._times: list[float] = []
        self._states: dict[str, list[Floats]] = {name: [] for name in STATES}
        self._peaks = {name: np.zeros(len(rig.synapses)) for name in PEAKS}
        self._example: tuple[Floats, Floats] = (np.empty(0), np.empty(0))
        self._present = [drug for drug in drugs if drug.window(protocol)[0] <= 0]
        self._set_drugs()
        if rig.holding is None:
            integrator.find_rest()
        else:
            hold(rig, integrator, rig.holding)
        for tape in (self._potential, self._field, self._calcium, *self._tapes.values()):
            tape.erase()
        for tape in (self._field, self._calcium, *self._tapes.values()):
            integrator.watch(tape)
        self._quanta = self._released()
        self._spines.clear_peaks()

    def agenda(self) -> list[tuple[float, Callable[[], None]]]:
        """Return what happens when, sorted by time; at equal times drugs come before pulses."""
        items: list[tuple[float, int, Callable[[], None]]] = []
        for drug in self._drugs:
            on, off = drug.window(self._protocol)
            if on > 0:
                items.append((on, 0, partial(self._wash, self._present.append, drug)))
            if off < self._protocol.t_stop:
                items.append((off, 0, partial(self._wash, self._present.remove, drug)))
        for at, pathway in self._protocol.probe_times():
            items.append((at, 1, partial(self._probe, pathway)))
        for pulse in self._protocol.pulses():
            items.append((pulse.time, 2, partial(self._pulse, pulse)))
        for clamp in self._protocol.calcium_clamps():
            end = clamp.time + clamp.duration
            level = clamp.concentration
            items.append((clamp.time, 0, partial(self._clamp_calcium, clamp.pathways, level)))
            items.append((end, 0, partial(self._clamp_calcium, clamp.pathways, None)))
            readings = np.arange(clamp.time + READ_INTERVAL, end, READ_INTERVAL)
            items.extend((at, 4, self._read) for at in readings.tolist())
        items.append((self._protocol.induction_start + EXAMPLE, 4, self._keep_example))
        items.append((self._protocol.t_stop, 5, self._end))
        self._moments = np.unique([at for at, _, _ in items])
        for step in self._protocol.holds():  # calcium that it lets in is of no pulse
            items.extend((at, 0, self._close) for at in (step.time, step.time + step.duration))
        for at, switch in self._switches:
            items.append((at, 3, switch))
        items.sort(key=lambda item: item[:2])
        return [(at, action) for at, _, action in items if at <= self._protocol.t_stop]

    def advance(self, to: float) -> None:
        """Advance to a time (ms)."""
        self._integrator.advance(to)

    def recording(self, wall: float) -> Recording:
        """Return what was recorded, once the agenda is done."""
        return Recording(
            axons=np.array(list(self._rig.synapses)),
            responses=self._responses,
            times=np.array(self._times),
            states={name: np.array(rows) for name, rows in self._states.items()},
            releases=pd.DataFrame(
                self._releases,
                columns=["onset", "synapse", "quanta", *AT_PULSE.values(), "peak_uM"],
            ),
            peaks=self._peaks,
            example=self._example,
            audits=self._audits,
            statistics={
                "refinement": max(self._refinements.values(), default=1.0),
                "wall_s": wall,
                "simulated_s": self._protocol.t_stop / s,
                "steps": float(len(self._potential)),
                **errors(self._audits),
            },
        )

    def _pulse(self, pulse: Pulse) -> None:
        self._close()
        self._read()
        self._spines.clear_peaks()  # those of a calcium clamp are of no pulse
        self._calcium_forget()
        self._at_pulse = [self._spines.read(state) for state in AT_PULSE]
        self._integrator.pulse(self._rig.stimulate(pulse))
        self._last = pulse
        self._integrator.refine(self._refinements[pulse.kind])
        if self._given in self._audited:
            self._audit(pulse)
        self._given += 1

    def _electrode_switches(self) -> list[tuple[float, Callable[[], None]]]:
        """Return what the recording electrode does when, sorted by time."""
        found: list[tuple[float, Callable[[], None]]] = []
        for step in self._protocol.current_steps():
            found.append((step.time, partial(self._inject, step.current)))
            found.append((step.time + step.duration, partial(self._inject, 0.0)))
        for clamp in self._protocol.holds():
            found.append((clamp.time, partial(self._hold, clamp.potential)))
            found.append((clamp.time + clamp.duration, partial(self._hold, None)))
        return sorted(found, key=lambda switch: switch[0])

    def _hold(self, potential: float | None) -> None:
        self._rig.electrode.hold(potential)
        self._integrator.current_changed()

    def _clamp_calcium(self, pathways: Sequence[str], concentration: float | None) -> None:
        self._close()
        self._read()
        self._rig.clamp_calcium(pathways, concentration)
        self._integrator.current_changed()

    def _inject(self, current: float) -> None:
        self._rig.electrode.inject(current)
        self._integrator.current_changed()

    @contextmanager
    def _excursion(self) -> Iterator[None]:
        """Simulate a copy of the state, of which no trace is left."""
        with ExitStack() as stack:
            for tape in (self._potential, self._field, self._calcium, *self._tapes.values()):
                stack.enter_context(tape.set_aside())
            stack.enter_context(self._rig.same_release())
            stack.enter_context(self._rig.electrode.kept())
            stack.enter_context(self._integrator.excursion())
            yield
        self._spines.clear_peaks()  # an assigned variable, which the excursion does not put back

    def _audit(self, pulse: Pulse) -> None:
        """Measure the error of the steps at the pulse just given; if need be, halve its kind's."""
        after = np.searchsorted(self._moments, pulse.time, side="right")
        until = min(pulse.time + FOLLOWED, *self._moments[after : after + 1])

        def see(refinement: float) -> Seen:
            before = self._spines.read("calcineurin_active").copy()
            with self._excursion():
                self._integrator.refine(refinement)
                for at, switch in self._switches:
                    if pulse.time < at < until:
                        self._integrator.advance(at)
                        switch()
                self._integrator.advance(until)
                return Seen(
                    potential=self._potential.window(pulse.time, until)[1],
                    peaks=self._spines.read("spine_ca_peak_uM"),
                    calcineurin=self._spines.read("calcineurin_active") - before,
                )

        audit = compare(pulse.time, see, self._refinements[pulse.kind])
        if audit is not None:
            self._audits.append(audit)
            if audit.worst > TOLERANCE:
                self._refinements[pulse.kind] *= 2
                self._integrator.refine(self._refinements[pulse.kind])

    def _close(self) -> None:
        """Keep the response to the last pulse, and what was released."""
        pulse, self._last = self._last, None
        if pulse is not None:
            current = self._rig.wiring.current_of(pulse, pulse.pathways[0])
            self._keep_response(pulse.time, pulse.pathways, pulse.kind, current)
            quanta = self._released()
            peaks = self._spines.read("spine_ca_peak_uM")
            new = quanta - self._quanta
            for k in np.flatnonzero(new):
                values = (float(each[k]) for each in (new, *self._at_pulse, peaks))
                self._releases.append((pulse.time, int(k), *values))
            self._quanta = quanta
            self._spines.clear_peaks()
        for tape in (self._potential, self._field, *self._tapes.values()):
            tape.forget(n.t + WINDOW[0])

    def _keep_response(
        self, onset: float, pathways: tuple[str, ...], kind: str, current: float
    ) -> None:
        window = onset + WINDOW[0], onset + WINDOW[1]
        times, potential = self._potential.window(*window)
        self._responses.append(
            Response(
                onset=onset,
                pathways=pathways,
                kind=kind,
                current=current,
                times=times - onset,
                potential=potential,
                field=self._field.window(*window)[1],
                recorded={name: tape.window(*window)[1] for name, tape in self._tapes.items()},
            )
        )

    def _probe(self, pathway: str) -> None:
        """Record the response without release noise, on a copy of the state."""
        self._close()
        with self._excursion():
            onset = n.t
            self._integrator.pulse(self._rig.stimulate_mean(pathway, onset))
            self._integrator.advance(onset + WINDOW[1])
            self._rig.restore_quanta()
            self._keep_response(onset, (pathway,), "probe", self._rig.wiring.currents[pathway])

    def _read(self) -> None:
        """Read the spines: peaks at every pulse, all states from time to time."""
        for name, peaks in self._peaks.items():
            np.maximum(peaks, self._spines.read(name), out=peaks)
        if not self._times or n.t - self._times[-1] >= READ_INTERVAL * (1 - 1e-9):
            self._times.append(n.t)
            for name, rows in self._states.items():
                rows.append(self._spines.read(name))

    def _wash(self, come_or_go: Callable[[Drug], None], drug: Drug) -> None:
        self._close()
        come_or_go(drug)
        self._set_drugs()
        self._integrator.changed()

    def _set_drugs(self) -> None:
        for mechanism, name, value in together(self._drugs, self._present, self._rig.value):
            self._rig.set_everywhere(mechanism, name, value)

    def _calcium_forget(self) -> None:
        start = self._protocol.induction_start
        if not start <= n.t <= start + EXAMPLE:
            self._calcium.forget(n.t)

    def _keep_example(self) -> None:
        start = self._protocol.induction_start
        times, calcium = self._calcium.window(start, start + EXAMPLE)
        self._example = (times - start, calcium / uM)

    def _end(self) -> None:
        self._close()
        self._read()

    def _released(self) -> Floats:
        return np.array([bouton.quanta for bouton in self._boutons])
