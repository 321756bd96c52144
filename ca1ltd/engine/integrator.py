"""How time advances: variable steps around pulses, large implicit steps while nothing happens.

Under CVODE a quiet cell still takes dozens of steps a second, because CVODE's Jacobian leaves out
the coupling between gates and voltage. NEURON's fixed step solves the cable and each mechanism
implicitly, one after the other. For large steps that is an iteration between voltage and gates,
and with Ih and KA in the dendrites it does not converge. It does when the voltage may not follow
the gates at once, so `Efficient` multiplies the membrane capacitance while it waits: the voltage
still approaches rest, in a time of its own, and chemistry runs in true time with implicit steps
that grow in proportion to the time since the last pulse. The integral of a decaying exponential,
which is what the cascade sees of one, is the same under implicit Euler steps as in truth.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from neuron import n

from ca1ltd.errors import RunError
from ca1ltd.units import hour, minute, ms, s

#: Absolute tolerance as a fraction of the typical size of each state (see `session.TOLERANCES`).
ATOL: Final = 1e-2
#: Time after a pulse (ms) that belongs to CVODE: EPSP and calcium are over by then.
SETTLE: Final = 400 * ms
#: Implicit steps grow by this fraction of the time since the last pulse.
GROWTH: Final = 0.03
#: Longest implicit step.
LONGEST: Final = 2 * s
#: What the longest implicit step is to the voltage, its membrane being slowed down in proportion.
SLOWED_STEP: Final = 2 * ms
#: Step of NEURON's fixed-step method, for comparison.
FIXED_DT: Final = 0.025 * ms
#: How far the potential may move over the last part of the search for rest (mV).
REST_TOLERANCE: Final = 1e-3


class Integrator(ABC):
    """Advances NEURON's time; owns which method is active.

    Parameters
    ----------
    cvode : CVode
        NEURON's variable-step integrator, as `session.settings` yields it.

    Attributes
    ----------
    implicit_steps : int
        Fixed steps taken so far.
    """

    def __init__(self, cvode: Any) -> None:
        self._cvode = cvode
        self.implicit_steps = 0
        self._last_pulse = 0.0
        self._capacitance: Any = None
        self._capacitances: Any = None

    def find_rest(self, v_init: float = -70.0) -> None:
        """Initialise, settle every state of the model to its resting value and set time to 0.

        Raises
        ------
        RunError
            If there is no rest: the cell fires by itself or a state drifts.
        """
        self._cvode.active(False)
        n.finitialize(v_init)
        self._settle(1 * ms, 1000)
        with self._slow_membrane(hour / SLOWED_STEP):
            n.dt = 1 * ms
            for _ in range(300):
                n.dt = min(1.1 * n.dt, 1 * hour)
                n.fadvance()
            # receptors bind to slots that others fill: steps of hours do not converge for them
            self._settle(1 * minute, 300)
        before = [section(0.5).v for section in n.allsec()]
        self._settle(1 * ms, 500)
        moved = max(abs(section(0.5).v - v) for section, v in zip(n.allsec(), before, strict=True))
        if not moved < REST_TOLERANCE:
            raise RunError(
                f"the cell does not rest: its potential moved by {moved:.3g} mV unstimulated"
            )
        n.t = 0.0
        self._cvode.active(True)
        self._cvode.re_init()  # tells NEURON's thread the time as well
        self._cvode.active(False)
        self._start()

    def _settle(self, dt: float, steps: int) -> None:
        n.dt = dt
        for _ in range(steps):
            n.fadvance()

    @contextmanager
    def _slow_membrane(self, factor: float) -> Iterator[None]:
        """Multiply the capacitance of every segment while the context lasts."""
        if self._capacitance is None:
            segments = [segment for section in n.allsec() for segment in section]
            self._capacitance = n.Vector([segment.cm for segment in segments])
            self._capacitances = n.PtrVector(len(segments))
            for k, segment in enumerate(segments):
                self._capacitances.pset(k, segment._ref_cm)
        self._capacitances.scatter(self._capacitance.c().mul(factor))
        try:
            yield
        finally:
            self._capacitances.scatter(self._capacitance)

    def pulse(self) -> None:
        """Note that a stimulus is given now."""
        self._last_pulse = n.t

    @contextmanager
    def excursion(self) -> Iterator[None]:
        """Put every state, the time and the queue of events back as they were when it ends."""
        saved = n.SaveState()
        saved.save()
        active, last_pulse = self._cvode.active(), self._last_pulse
        try:
            yield
        finally:
            self._cvode.active(active)
            saved.restore()
            self._last_pulse = last_pulse
            self.changed()

    @abstractmethod
    def advance(self, to: float) -> None:
        """Advance to a time (ms)."""

    def changed(self) -> None:
        """Tell the integrator that a state or parameter was changed by hand."""
        if self._cvode.active():
            self._cvode.re_init()

    @abstractmethod
    def _start(self) -> None:
        """Make the method of time 0 active."""

    def _solve(self, to: float) -> None:
        if not self._cvode.active():
            self._cvode.active(True)
            self._cvode.re_init()
        self._cvode.solve(to)
        if abs(n.t - to) > 1e-6:
            raise RunError(f"NEURON stopped at {n.t:g} ms on its way to {to:g} ms")

    def _step(self, dt: float) -> None:
        n.dt = dt
        n.fadvance()
        self.implicit_steps += 1


class Efficient(Integrator):
    """CVODE for `SETTLE` after each pulse, then implicit steps that grow."""

    def _start(self) -> None:
        self._last_pulse = -SETTLE

    def advance(self, to: float) -> None:
        """Advance to a time (ms)."""
        settled = self._last_pulse + SETTLE
        if n.t < settled:
            self._solve(min(to, settled))
        if n.t >= to:
            return
        self._cvode.active(False)
        with self._slow_membrane(LONGEST / SLOWED_STEP):
            while (left := to - n.t) > 1e-9:
                dt = min(GROWTH * (n.t - self._last_pulse), LONGEST)
                # two last steps of equal length rather than a tiny one
                self._step(left if left <= dt else min(dt, left / 2))


class Reference(Integrator):
    """CVODE throughout."""

    def _start(self) -> None:
        self._cvode.active(True)
        self._cvode.re_init()

    def advance(self, to: float) -> None:
        """Advance to a time (ms)."""
        if to > n.t:
            self._solve(to)


class Fixed(Integrator):
    """NEURON's fixed step of .025 ms throughout."""

    def _start(self) -> None:
        n.dt = FIXED_DT

    def advance(self, to: float) -> None:
        """Advance to a time (ms), rounded to whole steps."""
        for _ in range(round((to - n.t) / FIXED_DT)):
            self._step(FIXED_DT)


#: Integrators by the name a run gives.
INTEGRATORS: Final[dict[str, type[Integrator]]] = {
    "efficient": Efficient,
    "reference": Reference,
    "fixed": Fixed,
}
