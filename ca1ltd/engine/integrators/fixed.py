"""NEURON's fixed step throughout: what most published models use, for comparison."""

from typing import Final

from neuron import n

from ca1ltd.engine.integrators.base import Integrator
from ca1ltd.units import ms

#: NEURON's default step.
FIXED_DT: Final = 0.025 * ms


class Fixed(Integrator):
    """NEURON's fixed step of .025 ms throughout."""

    def begin(self) -> None:
        """Make the method of time 0 active."""
        n.dt = FIXED_DT

    def advance(self, to: float) -> None:
        """Advance to a time (ms), rounded to whole steps."""
        n.dt = FIXED_DT
        for _ in range(round((to - n.t) / FIXED_DT)):
            n.fadvance()
