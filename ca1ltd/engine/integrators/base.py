"""What every integrator does: find rest, advance, and put a copy of the state back."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final
from typing import Protocol as Interface

from neuron import n

from ca1ltd.arrays import Floats
from ca1ltd.engine.arrivals import Arrivals
from ca1ltd.engine.pointers import Gathered
from ca1ltd.errors import RunError
from ca1ltd.model.mechanisms import IN_EVERY_SECTION
from ca1ltd.units import hour, minute, ms

#: How far the potential may move over the last part of the search for rest (mV).
REST_TOLERANCE: Final = 1e-3
#: What the longest steps of the search for rest are to the voltage.
_REST_STEP: Final = 2 * ms


class Amendable(Interface):
    """A record whose last value may be replaced by the present one."""

    @property
    def values(self) -> Any:
        """Return the Vector of what was recorded."""

    @property
    def reference(self) -> Any:
        """Return the pointer to what is recorded."""


class Seer(Interface):
    """What is computed of the potentials inside the cell whenever they have moved."""

    def see(self, inside: Floats) -> None:
        """Compute it while the potentials of `potentials_inside` are these (mV), shape ``(n,)``."""

    def enrol(self) -> None:
        """Have the loop of steps in `ca1clock.mod` compute the same after every step."""


class Integrator(ABC):
    """Advances NEURON's time; owns which method is active.

    Parameters
    ----------
    cvode : CVode
        NEURON's variable-step integrator, as `session.settings` yields it.
    """

    def __init__(self, cvode: Any) -> None:
        self._cvode = cvode

    def find_rest(self, v_init: float = -70.0) -> None:
        """Initialise, settle every state of the model to its resting value and set time to 0.

        Raises
        ------
        RunError
            If there is no rest: the cell fires by itself or a state drifts.
        """
        self._cvode.active(False)
        self._membrane = Membrane()
        n.finitialize(v_init)
        n.secondorder = 0
        self._settle(1 * ms, 500)
        self._membrane.slow(hour / _REST_STEP)
        dt = 1 * ms
        while dt < 1 * hour:
            dt = min(1.2 * dt, 1 * hour)
            self._settle(dt, 1)
        self._settle(1 * hour, 150)
        # receptors bind to slots that others fill: steps of hours do not converge for them, and
        # they go in and out of vesicles within half an hour
        self._settle(1 * minute, 600)
        self._membrane.slow(1.0)
        before = [section(0.5).v for section in n.allsec()]
        self._settle(1 * ms, 200)
        moved = max(abs(section(0.5).v - v) for section, v in zip(n.allsec(), before, strict=True))
        if not moved < REST_TOLERANCE:
            raise RunError(
                f"the cell does not rest: its potential moved by {moved:.3g} mV unstimulated"
            )
        n.t = 0.0
        self._cvode.active(True)
        self._cvode.re_init()  # tells NEURON's thread the time as well
        self._cvode.active(False)
        self.begin()

    def _settle(self, dt: float, steps: int) -> None:
        """Advance by fixed implicit steps (ms)."""
        n.dt = dt
        for _ in range(steps):
            n.fadvance()

    def watch(self, record: Amendable) -> None:  # noqa: B027 - most have nothing to do
        """Amend a record after every step, if variables move after NEURON has recorded them."""

    @contextmanager
    def telling(self, *seers: Seer) -> Iterator[None]:
        """Have something computed of the potentials inside whenever they have moved."""
        inside = potentials_inside()

        def moved() -> None:
            potentials = inside.gather()
            for seer in seers:
                seer.see(potentials)

        self._cvode.extra_scatter_gather(0, moved)  # before NEURON records
        try:
            yield
        finally:
            self._cvode.extra_scatter_gather_remove(moved)

    def pulse(self, arrivals: Arrivals) -> None:  # noqa: B027 - most have nothing to do
        """Note that a pulse is given now, and when its spikes arrive."""

    def current_changed(self) -> None:
        """Note that a current into the soma or a clamp is switched now."""
        self.changed()

    def refine(self, factor: float) -> None:  # noqa: B027 - most have nothing to do
        """Divide the length of all steps by a factor, if the integrator chooses it by rules."""

    @contextmanager
    def excursion(self) -> Iterator[None]:
        """Put every state, the time and the queue of events back as they were when it ends."""
        saved = n.SaveState()
        saved.save()
        active = self._cvode.active()
        try:
            yield
        finally:
            self._cvode.active(active)
            saved.restore()
            self.changed()

    @abstractmethod
    def advance(self, to: float) -> None:
        """Advance to a time (ms)."""

    def changed(self) -> None:
        """Tell the integrator that a state or parameter was changed by hand."""
        if self._cvode.active():
            self._cvode.re_init()

    @abstractmethod
    def begin(self) -> None:
        """Make the method of time 0 active."""


def potentials_inside() -> Gathered:
    """Return the potentials of all segments but those of spines, in the order of the sections."""
    sections = [section for section in n.allsec() if n.ismembrane(IN_EVERY_SECTION, sec=section)]
    return Gathered([segment._ref_v for section in sections for segment in section])


class Membrane:
    """The capacitance of every segment, which may be multiplied to slow the voltage down.

    NEURON's fixed step solves the cable and then each mechanism. For large steps that is an
    iteration between voltage and gates, and with Ih and KA in the dendrites it does not converge.
    It does when the voltage may not follow the gates at once.
    """

    def __init__(self) -> None:
        sections = [segment for section in n.allsec() for segment in section]
        self.segments = Gathered([segment._ref_cm for segment in sections])
        self._capacitance = self.segments.gather().copy()
        self._factor = 1.0

    def slow(self, factor: float) -> None:
        """Multiply the capacitance of every segment by a factor; 1 puts it back as it was."""
        if factor != self._factor:
            self._factor = factor
            self.segments.scatter(self._capacitance * factor)
