"""Groups of mechanisms that advance on clocks of their own, not with the voltage.

`ca1clock.mod` does the work; here stands which mechanism belongs to which clock.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from neuron import n

#: Gates that open within a millisecond: sodium and A-type potassium.
FAST_GATES: Final = 0
#: The other gates.
SLOW_GATES: Final = 1
#: Conductances of the synapses.
RECEPTORS: Final = 2
#: Calcium of shells and spine heads: with the voltage, driven by the midpoint currents.
CALCIUM: Final = 3
#: Calmodulin, which follows calcium within milliseconds.
CALMODULIN: Final = 4
#: The enzymes that calmodulin drives: seconds.
ENZYMES: Final = 5
#: What the enzymes drive: phosphorylation, receptors on their way. Minutes to hours.
CASCADE: Final = 6

#: The mechanisms of each clock, in the order in which they advance.
MECHANISMS: Final[dict[int, tuple[str, ...]]] = {
    FAST_GATES: ("ca1nat", "ca1ka"),
    SLOW_GATES: ("ca1kdr", "ca1km", "ca1ih", "ca1cal", "ca1cat", "ca1car", "ca1sk"),
    RECEPTORS: ("ca1ampa", "ca1nmda", "ca1gaba"),
    CALCIUM: ("ca1capool", "ca1spineca"),
    CALMODULIN: ("ca1cam",),
    ENZYMES: ("ca1can", "ca1pka", "ca1camkii"),
    CASCADE: ("ca1i1", "ca1psd", "ca1ampar"),
}


class Clocks:
    """NEURON's step, taken apart.

    Its functions and variables are looked up once: in a step of .2 ms of computing, looking them
    up by name would cost a quarter.

    Attributes
    ----------
    advance : callable
        Advances the states of a clock's mechanisms by a step (ms), within `held`; several clocks
        with their steps may be given, and advance one after the other.
    """

    def __init__(self) -> None:
        self.advance = n.ca1_advance
        self._fadvance, self._midpoint_currents = n.fadvance, n.ca1_midpoint_currents
        self._t, self._dt = n._ref_t, n._ref_dt
        self._late = (n._ref_late_ca1ampa, n._ref_late_ca1nmda, n._ref_late_ca1gaba)

    @property
    def t(self) -> float:
        """The time (ms)."""
        return self._t[0]

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the states of all mechanisms named above: they wait for `advance`."""
        self._implicit: bool | None = None
        hold = n.ca1_hold
        for clock, mechanisms in MECHANISMS.items():
            for mechanism in mechanisms:
                hold(mechanism, clock)
        try:
            yield
        finally:
            n.ca1_release()
            for late in self._late:
                late[0] = 0.0

    def step(self, dt: float, *, implicit: bool) -> None:
        """Advance the voltage by a step (ms), by backward Euler or by Crank-Nicolson."""
        self._dt[0] = dt
        if implicit != self._implicit:
            self._implicit = implicit
            n.secondorder = 0 if implicit else 1
        for late in self._late:
            late[0] = dt / 2  # arrivals meet receptors that are half a step ahead
        self._fadvance()
        if not implicit:
            self._midpoint_currents()
