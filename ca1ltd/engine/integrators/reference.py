"""NEURON's variable-step integrator throughout: slow, and what the others are measured by."""

from neuron import n

from ca1ltd.engine.arrivals import MOMENT
from ca1ltd.engine.integrators.base import Integrator
from ca1ltd.errors import RunError


class Reference(Integrator):
    """CVODE throughout."""

    def begin(self) -> None:
        """Make the method of time 0 active."""
        self._cvode.active(True)
        self._cvode.re_init()

    def advance(self, to: float) -> None:
        """Advance to a time (ms)."""
        if to > n.t:
            self._cvode.solve(to)
            if abs(n.t - to) > MOMENT:
                raise RunError(f"NEURON stopped at {n.t:g} ms on its way to {to:g} ms")
