"""Our integration strategy: few steps, each state on the clock it needs.

The step is NEURON's staggered one (Hines 1984, doi 10.1016/0020-7101(84)90008-4) taken apart, so
that it stays of second order while its length varies. The voltage goes from step to step by
Crank-Nicolson; the gates of channels and receptors are known in the middle of the steps, so
between a step of dt and one of dt' they advance by (dt + dt')/2; calcium goes with the voltage,
driven by the current in the middle of the step; calmodulin goes half a step before calcium and
half a step after it. The enzymes and receptors that calmodulin drives move within seconds to
hours. They see its mean since they last advanced, and advance after `TICK`, or before it has bound
more than `MOST_BOUND` of anything: the enzymes by half of it, what they drive by the whole of it,
which thus sees them as they were in its middle, and the enzymes by the other half.

How long a step is: `ARRIVAL_GRID` while spikes arrive at the synapses; then in proportion to the
time since the pulse, as all that decays does; never so long that the potential moves by more than
`MOST_MOVED` where it is above `EXCITED`, which finds every spike. Steps beyond `SLOWED` belong to
waiting: they are implicit (backward Euler), and the membrane is slowed down in proportion. How
large the error is, `ca1ltd.engine.audit` measures during the run.
"""

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

import numpy as np
from neuron import n

from ca1ltd.arrays import Floats
from ca1ltd.engine.arrivals import ARRIVAL_GRID
from ca1ltd.engine.integrators.base import Amendable, Integrator, potentials_inside
from ca1ltd.engine.integrators.clocks import Clocks
from ca1ltd.engine.pointers import Gathered
from ca1ltd.model.mechanisms import (
    CALCIUM,
    CALMODULIN,
    DOWNSTREAM,
    ENZYMES,
    FAST_GATES,
    IN_EVERY_HEAD,
    MECHANISMS,
    RECEPTORS,
    SLOW_GATES,
)
from ca1ltd.units import ms, s

#: After the last arrival steps grow by this fraction of the time since the pulse ...
GROWTH: Final = 0.1
#: ... and from here by this one, when the calcium of a pulse is gone, that of the slow receptors
#: with GluN2B too, and has left the C lobe of calmodulin.
CALCIUM_GONE: Final = 400 * ms
WAITING_GROWTH: Final = 0.25
LONGEST: Final = 2 * s
#: Steps shorter than this are not taken: a spike moves by up to 8 mV in it.
SHORTEST: Final = 0.025 * ms
#: The potential may move so far in a step (mV), as far as the last step can tell, wherever it is
#: above the other value (mV) and a spike might begin.
MOST_MOVED: Final = 0.5
EXCITED: Final = -55.0
#: An EPSP is slower than this (mV/ms) at the dendrite.
QUICK: Final = 5.0
#: Crank-Nicolson leaves the potential of a spine head, which follows its dendrite within
#: microseconds, ringing after an arrival; one backward Euler step, so long after it, stops it.
DAMPED: Final = 8 * ms
#: Longest step of the membrane as it is; for longer ones it is slowed down.
SLOWED: Final = 10 * ms
#: Gates stand still for several steps, up to so long together, unless a spike might begin.
STILL: Final = {FAST_GATES: 0.5 * ms, SLOW_GATES: 2.4 * ms}
#: The cascade advances so long after it did, or after this fraction of the time since the pulse,
#: in steps of no more than this.
TICK: Final = 25 * ms
TICK_GROWTH: Final = 0.1
LONGEST_TICK: Final = 0.25 * s
#: It advances earlier when so much (a fraction) of what binds calmodulin fastest has bound it.
MOST_BOUND: Final = 0.06

_STATE = ("_origin", "_onset", "_last_arrival", "_damped", "_most", "_excited", "_refinement")
_FINEST = 8  # an arrival step is divided by 2 up to three times


class Efficient(Integrator):
    """Staggered steps of varying length, the cascade on a clock of its own."""

    def __init__(self, cvode: Any) -> None:
        super().__init__(cvode)
        self._told: list[Callable[[Floats], None]] = []

    def begin(self) -> None:
        """Make the method of time 0 active."""
        self._clocks = Clocks()
        self._origin = self._onset = self._last_arrival = -1e9
        self._refinement = 1.0
        self._damped = True
        self._most, self._excited = LONGEST, False
        heads = [sec(0.5) for sec in n.allsec() if n.ismembrane(IN_EVERY_HEAD, sec=sec)]
        binding = [(each.name, each.binding) for each in MECHANISMS if each.binding]
        rates = [getattr(getattr(head, name), kon) for head in heads for name, kon in binding]
        fastest = max(rates, default=0.0)
        self._most_bound = MOST_BOUND / fastest if fastest else math.inf  # mM ms
        self._calmodulin = Gathered([head._ref_cami for head in heads])
        self._potential = potentials_inside()
        self._watched: list[Amendable] = []

    def watch(self, record: Amendable) -> None:
        """Amend a record after every step: all but the voltage moves after NEURON's step."""
        self._watched.append(record)

    @contextmanager
    def telling(self, see: Callable[[Floats], None]) -> Iterator[None]:
        """Tell a function the potentials (mV) of `potentials_inside` after every step.

        They are gathered then anyway, but NEURON has recorded: amend what is recorded of it.
        """
        self._told.append(see)
        try:
            yield
        finally:
            self._told.remove(see)

    @contextmanager
    def excursion(self) -> Iterator[None]:
        """Put every state, the time and the queue of events back as they were when it ends."""
        kept = {name: getattr(self, name) for name in _STATE}
        with super().excursion():
            yield
        for name, value in kept.items():
            setattr(self, name, value)

    def pulse(self, last_arrival: float) -> None:
        """Note that a pulse is given now, whose last spike arrives at a time (ms)."""
        self._origin = self._onset = self._clocks.t
        self._last_arrival, self._damped = max(last_arrival, self._last_arrival), False

    def current_changed(self) -> None:
        """Note that a current into the soma or a clamp is switched now."""
        self._onset, self._damped, self._excited = self._clocks.t, False, True

    def refine(self, factor: float) -> None:
        """Divide the length of all steps by a factor, 1 being the length given above."""
        self._refinement = factor

    def advance(self, to: float) -> None:
        """Advance to a time (ms)."""
        if to - self._clocks.t < 1e-9:
            return
        fine = self._refinement
        with self._clocks.held():
            self._area = np.zeros(len(self._calmodulin))
            self._ticked = self._clocks.t
            self._calmodulin.gather()
            self._potential.gather()
            self._gates = [_Gates(clock, longest, self._clocks) for clock, longest in STILL.items()]
            dt = self._next(to)
            self._advance_gates(dt, to)
            self._clocks.advance(RECEPTORS, dt / 2)
            while dt:
                self._step(dt)
                following = self._next(to)
                self._clocks.advance(RECEPTORS, (dt + following) / 2)
                self._advance_gates(following, to)
                since = self._clocks.t - self._ticked
                if (
                    not following
                    or since >= max(TICK, TICK_GROWTH * (self._clocks.t - self._onset)) / fine
                    or self._area.max(initial=0.0) > self._most_bound / fine
                ):
                    self._tick()
                dt = following
        self._membrane.slow(1.0)

    def _next(self, to: float) -> float:
        """Return the length of the next step (ms); 0 if there is none."""
        now, refinement = self._clocks.t, self._refinement
        left = to - now
        if left < 1e-9:
            return 0.0
        if now < self._last_arrival - 1e-9:
            dt = _aligned((now - self._origin) * refinement, self._most) / refinement
        else:
            since = now - self._onset
            growth = GROWTH if since < CALCIUM_GONE else WAITING_GROWTH
            longest = min(max(ARRIVAL_GRID, growth * since), LONGEST, self._most)
            dt = max(SHORTEST, longest) / refinement
        # two last steps of equal length rather than a tiny one
        return left if left <= dt * (1 + 1e-9) else min(dt, left / 2)

    def _advance_gates(self, dt: float, to: float) -> None:
        """Advance the gates that have stood still long enough, at the start of a step (ms)."""
        still = 0.0 if self._excited else 1 / self._refinement
        for gates in self._gates:
            gates.advance(dt, min(still * gates.longest, to - self._clocks.t))

    def _step(self, dt: float) -> None:
        """Advance all but gates and cascade by a step (ms)."""
        ring = not self._damped and self._clocks.t - self._onset >= DAMPED
        implicit = ring or dt > SLOWED
        self._membrane.slow(max(1.0, dt / SLOWED))
        self._clocks.step(dt, implicit=implicit)
        self._damped = self._damped or ring
        self._clocks.advance(CALMODULIN, dt / 2, CALCIUM, dt, CALMODULIN, dt / 2)
        before = self._calmodulin.values.copy()
        self._area += (0.5 * dt) * (before + self._calmodulin.gather())
        before = self._potential.values.copy()
        after = self._potential.gather()
        for see in self._told:
            see(after)
        for record in self._watched:
            record.amend()
        change = np.abs(after - before)
        near = after > EXCITED
        moved = change.max(initial=0.0, where=near)
        self._most = MOST_MOVED * dt / moved if moved else LONGEST
        self._excited = bool(near.any()) or change.max(initial=0.0) > QUICK * dt

    def _tick(self) -> None:
        """Advance the cascade to the present, driven by the mean of calmodulin since it did."""
        elapsed = self._clocks.t - self._ticked
        present = self._calmodulin.values.copy()
        self._calmodulin.scatter(self._area / elapsed)
        parts = math.ceil(elapsed * self._refinement / LONGEST_TICK)
        part = elapsed / parts
        for _ in range(parts):
            self._clocks.advance(ENZYMES, part / 2, DOWNSTREAM, part, ENZYMES, part / 2)
        self._calmodulin.scatter(present)
        self._area[:] = 0.0
        self._ticked = self._clocks.t


class _Gates:
    """Gates that are known in the middle of the steps that they stand still for."""

    def __init__(self, clock: int, longest: float, clocks: Clocks) -> None:
        self.longest = longest
        self._clock, self._clocks = clock, clocks
        self._known_at = self._still_until = clocks.t

    def advance(self, dt: float, longest: float) -> None:
        """Advance, if the time has come, and then stand still for dt or longer (ms)."""
        now = self._clocks.t
        if now < self._still_until - 1e-9:
            return
        still = max(dt, longest)
        middle = now + still / 2
        self._clocks.advance(self._clock, middle - self._known_at)
        self._known_at, self._still_until = middle, now + still


def _aligned(since: float, most: float) -> float:
    """Return the longest halving of the arrival grid that ends on a multiple of itself."""
    position = round(since / ARRIVAL_GRID * _FINEST)
    multiple = 1  # of the shortest step
    while (
        multiple < _FINEST
        and position % (2 * multiple) == 0
        and 2 * multiple * ARRIVAL_GRID / _FINEST <= most
    ):
        multiple *= 2
    return multiple * ARRIVAL_GRID / _FINEST
