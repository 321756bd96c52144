"""Our integration strategy: few steps, each state on the clock it needs.

The step is NEURON's staggered one (Hines 1984, doi 10.1016/0020-7101(84)90008-4) taken apart, so
that it stays of second order while its length varies. The voltage goes from step to step by
Crank-Nicolson; the gates of channels and receptors are known in the middle of the steps, so
between a step of dt and one of dt' they advance by (dt + dt')/2; calcium goes with the voltage, or
with several of its shortest steps together, driven by the mean of the currents in their middles;
calmodulin, with what it binds, goes half a step before calcium and half a step after it. The
enzymes and receptors that these drive move within seconds to hours. They see the means of loaded
calmodulin and of what it has bound since they last advanced, and advance after `TICK`, or when it
has bound more than `MOST_BOUND` of anything: the enzymes by half of it, what they drive by the
whole of it, which thus sees them as they were in its middle, and the enzymes by the other half. A
spine where nothing moves is silent: it advances once in a while, and when what it measures changes.

How long a step is: `ARRIVAL_GRID` while spikes arrive at the synapses; then in proportion to the
time since the pulse, as all that decays does; never longer than one of the cascade where calmodulin
is at work, for what it binds depends on what has become of it; never so long that the potential
moves by more than `MOST_MOVED` where it is above `EXCITED`, which finds every spike. Steps beyond
`SLOWED` belong to waiting: they are implicit (backward Euler), and the membrane is slowed down in
proportion. How large the error is, `ca1ltd.engine.audit` measures during the run.

The loop of steps itself is in `ca1clock.mod`, where it costs nothing beside what it calls: for
currents and states, loops over all instances that `ca1ltd.engine.kernels` compiles from the mod
files.
"""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from neuron import n

from ca1ltd.engine.arrivals import ARRIVAL_GRID, MOMENT, Arrivals
from ca1ltd.engine.integrators.base import Amendable, Integrator, Seer, potentials_inside
from ca1ltd.engine.integrators.clocks import Clocks
from ca1ltd.engine.kernels import library
from ca1ltd.model.mechanisms import IN_EVERY_HEAD, MECHANISMS
from ca1ltd.units import ms, s

#: After the last arrival steps grow by this fraction of the time since the pulse ...
GROWTH: Final = 0.1
#: ... by half of it in a train, whose pulses come sooner after one another than this: what is
#: missed at one is carried to the next, ...
TRAIN: Final = 30 * ms
TRAIN_GROWTH: Final = 0.05
#: ... from here by this one, unless the cell may have fired, ...
EPSP_OVER: Final = 20 * ms
LATER_GROWTH: Final = 0.12
#: ... and from here by this one, when the calcium of a pulse is gone, that of the slow receptors
#: with GluN2B too, and has left the C lobe of calmodulin.
CALCIUM_GONE: Final = 400 * ms
WAITING_GROWTH: Final = 0.4
LONGEST: Final = 2 * s
#: Steps shorter than this are not taken: a spike moves by some 10 mV in it.
SHORTEST: Final = 0.03 * ms
#: The potential may move so far in a step (mV), as far as the last step can tell, wherever it is
#: above the other value (mV) and a spike might begin.
MOST_MOVED: Final = 0.5
EXCITED: Final = -55.0
#: An EPSP is slower than this (mV/ms) at the dendrite.
QUICK: Final = 5.0
#: What a head has over its dendrite rises as AMPA receptors open, and no further: it is taken to
#: slow down within a part of their rise (errors of EPSPs and their calcium are least so).
HEAD_RISE: Final = 0.1 * ms
#: Longest step of the membrane as it is; for longer ones it is slowed down.
SLOWED: Final = 10 * ms
#: Gates stand still for several steps, up to so long together, ...
STILL_FAST: Final = 0.25 * ms
STILL_SLOW: Final = 2.4 * ms
#: ... the slow ones no longer than this where a spike might begin, the others not at all.
STILL_EXCITED: Final = 0.5 * ms
#: Calcium and calmodulin wait so long for the shortest steps.
STILL_CALCIUM: Final = 0.25 * ms
#: Calmodulin follows calcium within this time, and advances in parts of it.
CALMODULIN_PART: Final = 1.5 * ms
#: Longest step of a kinetic scheme by Crank-Nicolson, but for those of the enzymes.
IMPLICIT: Final = 50 * ms
#: A spine is silent where its calcium moves by less than this fraction in a `TICK`.
SILENT: Final = 0.005
#: The cascade advances so long after it did, or after this fraction of the time since the pulse,
#: in steps of no more than this.
TICK: Final = 25 * ms
TICK_GROWTH: Final = 0.06
LONGEST_TICK: Final = 0.25 * s
#: It advances earlier when so much (a fraction) of what binds calmodulin fastest has bound it, but
#: not before this time.
MOST_BOUND: Final = 0.03
SHORTEST_TICK: Final = 2 * ms


class Efficient(Integrator):
    """Staggered steps of varying length, the cascade on a clock of its own."""

    def __init__(self, cvode: Any) -> None:
        super().__init__(cvode)
        self._seers: tuple[Seer, ...] = ()

    def find_rest(self, v_init: float = -70.0) -> None:
        """Initialise, settle every state of the model to its resting value and set time to 0.

        Raises
        ------
        RunError
            As `Integrator.find_rest`.
        """
        n.ca1_forget()
        library.tell()
        super().find_rest(v_init)

    def _settle(self, dt: float, steps: int) -> None:
        n.ca1_settle(dt, steps)

    def begin(self) -> None:
        """Make the method of time 0 active."""
        self._state = _State()
        self._clocks = Clocks(
            _rules(), self._state.vector, potentials_inside(), self._membrane.segments
        )
        for seer in self._seers:
            seer.enrol()

    def watch(self, record: Amendable) -> None:
        """Amend a record after every step: all but the voltage moves after NEURON's step."""
        self._clocks.amend(record)

    @contextmanager
    def telling(self, *seers: Seer) -> Iterator[None]:
        """Have something computed of the potentials inside after every step.

        NEURON has recorded by then: amend what is recorded of it.
        """
        self._seers = seers
        try:
            yield
        finally:
            self._clocks.forget()

    @contextmanager
    def excursion(self) -> Iterator[None]:
        """Put every state, the time and the queue of events back as they were when it ends."""
        kept = self._state.copy()
        with super().excursion():
            yield
        self._state.restore(kept)

    def pulse(self, arrivals: Arrivals) -> None:
        """Note that a pulse is given now, and when its spikes arrive."""
        state = self._state
        state["origin"] = n.t
        first = min(arrivals.first, state["first_arrival"]) if state["awaited"] else arrivals.first
        state["first_arrival"], state["awaited"] = first, True
        state["last_arrival"] = max(arrivals.last, state["last_arrival"])

    def current_changed(self) -> None:
        """Note that a current into the soma or a clamp is switched now."""
        self._state["onset"] = n.t
        self._state["excited"] = True
        self._state["was_excited"] = False

    def refine(self, factor: float) -> None:
        """Divide the length of all steps by a factor, 1 being the length given above."""
        self._state["refinement"] = factor

    def advance(self, to: float) -> None:
        """Advance to a time (ms)."""
        if to - n.t >= MOMENT:
            self._clocks.advance(to)


class _State:
    """What the strategy remembers from step to step, where the loop of steps finds it.

    Attributes
    ----------
    vector : Vector
        Its numbers in the order of `NAMES`, which `ca1clock.mod` knows.
    """

    NAMES: Final = (
        "origin",  # time of the last pulse (ms)
        "onset",  # of the last pulse that has arrived, or of a change of current
        "first_arrival",  # of a spike of the last pulse at a synapse
        "last_arrival",  # of a spike at a synapse
        "awaited",  # whether the last pulse has not arrived yet
        "most",  # longest step by how fast the potential moved
        "excited",  # whether a spike might begin
        "was_excited",  # whether it might have, since the pulse or the change
        "refinement",  # what the length of all steps is divided by
        "in_train",  # whether the last pulse came soon after the one before
    )

    def __init__(self) -> None:
        self.vector = n.Vector([-1e9, -1e9, -1e9, -1e9, False, LONGEST, False, False, 1.0, False])

    def __getitem__(self, name: str) -> float:
        return float(self.vector[self.NAMES.index(name)])

    def __setitem__(self, name: str, value: float) -> None:
        self.vector[self.NAMES.index(name)] = value

    def copy(self) -> list[float]:
        """Return its numbers."""
        return list(self.vector)

    def restore(self, numbers: list[float]) -> None:
        """Put its numbers back."""
        self.vector.from_python(numbers)


def _rules() -> dict[str, float]:
    """Return the numbers of the strategy, in the order that `ca1clock.mod` knows."""
    heads = [sec(0.5) for sec in n.allsec() if n.ismembrane(IN_EVERY_HEAD, sec=sec)]
    binding = [(each.name, each.binding) for each in MECHANISMS if each.binding]
    rates = [getattr(getattr(head, name), kon) for head in heads for name, kon in binding]
    fastest = max(rates, default=0.0)
    return {
        "arrival_grid": ARRIVAL_GRID,
        "growth": GROWTH,
        "train": TRAIN,
        "train_growth": TRAIN_GROWTH,
        "epsp_over": EPSP_OVER,
        "later_growth": LATER_GROWTH,
        "calcium_gone": CALCIUM_GONE,
        "waiting_growth": WAITING_GROWTH,
        "longest": LONGEST,
        "shortest": SHORTEST,
        "most_moved": MOST_MOVED,
        "excited": EXCITED,
        "quick": QUICK,
        "head_rise": HEAD_RISE,
        "slowed": SLOWED,
        "still_fast": STILL_FAST,
        "still_slow": STILL_SLOW,
        "still_excited": STILL_EXCITED,
        "still_calcium": STILL_CALCIUM,
        "calmodulin_part": CALMODULIN_PART,
        "implicit": IMPLICIT,
        "silent": SILENT,
        "tick": TICK,
        "tick_growth": TICK_GROWTH,
        "longest_tick": LONGEST_TICK,
        "shortest_tick": SHORTEST_TICK,
        "most_bound": MOST_BOUND / fastest if fastest else math.inf,  # mM ms
        "moment": MOMENT,
    }
