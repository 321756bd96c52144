"""Spines on the bench: given a quantum, a spike or both, from rest or with the soma held.

Whatever is done to the slice is done to a copy of its state at rest.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import Any, Final, NamedTuple

import numpy as np
from neuron import n

from ca1ltd.arrays import Floats
from ca1ltd.engine.arrivals import Arrivals
from ca1ltd.engine.integrators import Efficient, Reference
from ca1ltd.engine.recorder import Tape
from ca1ltd.engine.rig import Rig
from ca1ltd.engine.synapse import Synapse
from ca1ltd.model.drugs import Drug
from ca1ltd.model.drugs import together as joined
from ca1ltd.protocols import PathwayName, Pulse
from ca1ltd.units import MOhm, ms, nA, s, uM

#: A current that evokes one spike at the soma, and how long it flows.
SPIKE: Final = 2.0 * nA
SPIKE_LASTS: Final = 2.0 * ms
#: How long the soma is held before anything is measured: what inactivates has.
HELD: Final = 1 * s
#: Potassium channels, and the part of them that caesium, with tetraethylammonium and minutes to
#: diffuse into the dendrites, blocks: what holds a cell at +40 mV at all (assumed).
POTASSIUM_CHANNELS: Final = ("ca1kdr", "ca1ka", "ca1kd", "ca1km", "ca1bk", "ca1sk", "ca1skr")
BLOCKED: Final = 0.999
#: Part of the leak that is left with caesium in the pipette: cells then have some 200 MOhm in place
#: of 50 (recollected).
LEAK_IN_CAESIUM: Final = 0.25
SAMPLE: Final = 0.1 * ms
#: What a synapse without receptors is.
SILENCED: Final = {"ca1ampa.antagonist": 1.0, "ca1nmda.antagonist": 1.0}
#: Resistance of the electrode that holds a head: small beside its neck's.
HEAD_ACCESS: Final = 1 * MOhm
#: How long a head is held before its receptors are measured: magnesium is at its steady state.
HEAD_HELD: Final = 100 * ms


class Traces(NamedTuple):
    """What one spine and the soma did.

    Attributes
    ----------
    t : ndarray
        Times (ms) from the start, shape ``(n,)``; so all others.
    calcium : ndarray
        Free calcium of the head (uM).
    head, dendrite, soma : ndarray
        Potentials (mV); that of the dendrite is under the spine's neck.
    """

    t: Floats
    calcium: Floats
    head: Floats
    dendrite: Floats
    soma: Floats


class SpineBench:
    """Some spines of a slice at rest.

    Parameters
    ----------
    rig : Rig
        The slice. It must be the only one.
    axons : sequence of int
        Axons of the spines that are recorded.
    cvode : CVode
        As `session.settings` yields it, for as long as the bench is used.

    Attributes
    ----------
    axons : tuple of int
        As given.
    rest : float
        Somatic potential at rest (mV).

    Raises
    ------
    RunError
        If the cell does not rest.
    """

    def __init__(self, rig: Rig, axons: Sequence[int], cvode: Any) -> None:
        self._rig = rig
        self.axons = tuple(axons)
        self._soma = Tape(rig.cell.soma(0.5)._ref_v)
        self._tapes = {axon: _SpineTapes(rig.synapses[axon]) for axon in self.axons}
        self._clamp: Any = n.SEClamp(rig.synapses[self.axons[0]].spine.head(0.5))
        self._clamp.rs, self._clamp.dur1 = HEAD_ACCESS, 0.0
        self._integrator = Efficient(cvode)
        self._reference = Reference(cvode)
        self._integrator.find_rest()
        for tapes in self._tapes.values():
            self._integrator.watch(tapes.calcium)
        self.rest = float(rig.cell.soma(0.5).v)

    def record(
        self, axon: int, *, quanta: Iterable[float] = (), spikes: Iterable[float] = (), lasts: float
    ) -> Traces:
        """Return what a spine does with quanta and somatic spikes at times (ms) from now.

        Parameters
        ----------
        axon : int
            Axon of the spine.
        quanta, spikes : iterable of float
            Times at which a quantum is released on it, and at which a current that evokes a spike
            begins.
        lasts : float
            How long it is recorded (ms).
        """
        with self._integrator.excursion():
            start = float(n.t)
            self._begin()
            release = partial(self._release, self._rig.synapses[axon])
            do: list[tuple[float, Callable[[], None]]] = [(start + at, release) for at in quanta]
            for at in spikes:
                do.append((start + at, partial(self._inject, SPIKE)))
                do.append((start + at + SPIKE_LASTS, partial(self._inject, 0.0)))
            for at, act in sorted(do, key=lambda each: each[0]):
                self._integrator.advance(at)
                act()
            self._integrator.advance(start + lasts)
            self._rig.electrode.inject(0.0)
            grid = _grid(lasts)
            tapes = self._tapes[axon]
            return Traces(
                grid,
                tapes.calcium.at(start + grid) / uM,
                tapes.head.at(start + grid),
                tapes.dendrite.at(start + grid),
                self._soma.at(start + grid),
            )

    def train(self, pathway: PathwayName, *, rate: float, pulses: int) -> Floats:
        """Return the peak of calcium (uM) above rest of each spine in a train with all its chance.

        Parameters
        ----------
        pathway : str
            Whose electrode gives it, at its set current.
        rate : float
            Of the pulses (Hz).
        pulses : int
            How many.
        """
        with self._rig.same_release(), self._integrator.excursion():
            self._begin()
            start = float(n.t)
            for k in range(pulses):
                self._integrator.advance(start + k * s / rate)
                arrivals = self._rig.stimulate(Pulse(float(n.t), (pathway,), "induction"))
                self._integrator.pulse(arrivals)
            self._integrator.advance(start + pulses * s / rate)
            rows = [tapes.calcium.values.as_numpy() / uM for tapes in self._tapes.values()]
            return np.array([row.max() - row[0] for row in rows])

    @contextmanager
    def held(self, potential: float) -> Iterator[None]:
        """Hold the soma at a potential (mV) while the context lasts; it has settled there.

        Caesium is in the pipette, and QX-314. They block potassium channels, those of the leak
        among them, and sodium channels: an axon without potassium channels fires by itself.
        """
        leaks = [segment.pas for section in self._rig.cell.sections() for segment in section]
        before = [leak.g for leak in leaks]
        with (
            self.changed(
                **{f"{channel}.block": BLOCKED for channel in (*POTASSIUM_CHANNELS, "ca1nat")}
            ),
            self._integrator.excursion(),
            self._rig.electrode.kept(),
            ExitStack() as stack,
        ):
            for leak, g in zip(leaks, before, strict=True):
                leak.g = LEAK_IN_CAESIUM * g
                stack.callback(setattr, leak, "g", g)
            self._rig.electrode.hold(potential)
            self._integrator.current_changed()
            self._integrator.advance(float(n.t) + HELD)
            yield

    @contextmanager
    def treated(self, *drugs: Drug) -> Iterator[None]:
        """Have drugs in the bath or pipette while the context lasts."""
        wanted = joined(drugs, {drug.info: drug.concentration for drug in drugs}, self._rig.value)
        with self.changed(**{f"{mechanism}.{name}": value for mechanism, name, value in wanted}):
            yield

    @contextmanager
    def changed(self, **parameters: float) -> Iterator[None]:
        """Give parameters of mechanisms other values, by their keys, while the context lasts."""
        kept = []
        for key, value in parameters.items():
            mechanism, name = key.split(".")
            for instance in self._rig.instances(mechanism):
                kept.append((instance, name, getattr(instance, name)))
                setattr(instance, name, value)
        try:
            with self._integrator.excursion():
                self._integrator.changed()
                yield
        finally:
            for instance, name, value in kept:
                setattr(instance, name, value)

    def current(self, axon: int, *, quanta: Sequence[float], lasts: float) -> tuple[Floats, Floats]:
        """Return times (ms) and the current (nA) that quanta add to that of the clamp of `held`.

        Parameters
        ----------
        axon : int
            Axon of the spine.
        quanta : sequence of float
            Times at which one is released (ms from now).
        lasts : float
            How long it is recorded (ms).
        """
        resistance = self._rig.value("slice.series_resistance")
        with_quanta = self.record(axon, quanta=quanta, lasts=lasts)
        # the steps come with the quanta: without any, they would be those of waiting
        with self.changed(**SILENCED):
            without = self.record(axon, quanta=quanta, lasts=lasts)
        return with_quanta.t, (without.soma - with_quanta.soma) / resistance

    def conductance(
        self, before: float, after: float, *, step: float, lasts: float
    ) -> tuple[Floats, Floats]:
        """Return times (ms) and NMDA conductance (uS) of a head that is held, after a quantum.

        The first spine's head is held at ``before`` (mV), and at ``after`` from ``step`` ms after a
        quantum on. By CVODE: a head that follows its electrode within nanoseconds makes longer
        steps ring.
        """
        synapse = self._rig.synapses[self.axons[0]]
        tape = self._tapes[self.axons[0]].conductance
        with self._integrator.excursion():
            self._reference.begin()
            self._hold_head(before)
            self._reference.advance(float(n.t) + HEAD_HELD)
            self._begin()
            start = float(n.t)
            synapse.nmda.event(start)
            self._reference.advance(start + step)
            self._hold_head(after)
            self._reference.advance(start + lasts)
            self._clamp.dur1 = 0.0
            grid = _grid(lasts)
            return grid, tape.at(start + grid)

    def _hold_head(self, potential: float) -> None:
        self._clamp.dur1, self._clamp.amp1 = 1e12, potential
        self._reference.changed()

    def _begin(self) -> None:
        self._soma.begin()
        for tapes in self._tapes.values():
            tapes.begin()

    def _release(self, synapse: Synapse) -> None:
        self._integrator.pulse(Arrivals(float(n.t), float(n.t)))
        for connection in (synapse.ampa, synapse.nmda):
            connection.event(n.t)

    def _inject(self, current: float) -> None:
        self._rig.electrode.inject(current)
        self._integrator.current_changed()


def _grid(lasts: float) -> Floats:
    """Return the times (ms) of so long a record."""
    times: Floats = np.arange(round(lasts / SAMPLE) + 1, dtype=float) * SAMPLE
    return times


class _SpineTapes:
    """The records of one spine."""

    def __init__(self, synapse: Synapse) -> None:
        head, neck = synapse.spine.head, synapse.spine.neck
        self.calcium = Tape(head(0.5)._ref_cai)
        self.head = Tape(head(0.5)._ref_v)
        self.dendrite = Tape(neck.parentseg()._ref_v)
        self.conductance = Tape(synapse.spine.nmda._ref_g)

    def begin(self) -> None:
        for tape in (self.calcium, self.head, self.dendrite, self.conductance):
            tape.begin()
