"""Groups of mechanisms that advance on clocks of their own, not with the voltage.

`ca1clock.mod` does the work; `ca1ltd.model.mechanisms` says which mechanism belongs to which clock.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from neuron import n

from ca1ltd.model.mechanisms import CLOCKS, RECEPTORS, advancing


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
        self._late = [getattr(n, f"_ref_late_{name}") for name in advancing(RECEPTORS)]

    @property
    def t(self) -> float:
        """The time (ms)."""
        return self._t[0]

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the states of all mechanisms that have a clock: they wait for `advance`."""
        self._implicit: bool | None = None
        hold = n.ca1_hold
        for clock in CLOCKS:
            for mechanism in advancing(clock):
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
