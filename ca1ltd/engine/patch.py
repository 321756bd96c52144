"""A patch electrode on the soma or a dendrite: current clamp and voltage clamp."""

from typing import Any

from neuron import n

from ca1ltd.engine.rig import Rig
from ca1ltd.errors import BadInput
from ca1ltd.units import MOhm


class Patch:
    """A whole-cell patch electrode; it exists as long as this object does.

    Parameters
    ----------
    rig : Rig
        The slice.
    section : int
        Index of the section in the morphology; 0 is the soma.
    x : float
        Where along the section, 0 to 1.
    """

    def __init__(self, rig: Rig, *, section: int = 0, x: float = 0.5) -> None:
        if not 0 <= x <= 1:
            raise BadInput(f"a location on a section lies between 0 and 1, not at {x:g}")
        self._segment = rig.cell.segment(section, x)
        self._clamps: list[Any] = []

    @property
    def potential(self) -> Any:
        """Reference to the potential (mV) under the electrode, to be recorded."""
        return self._segment._ref_v

    def inject(self, current: float, start: float, duration: float) -> None:
        """Inject a current step: current (nA), start and duration (ms)."""
        clamp: Any = n.IClamp(self._segment)
        clamp.delay, clamp.dur, clamp.amp = start, duration, current
        self._clamps.append(clamp)

    def hold(self, potential: float, *, series_resistance: float = 5 * MOhm) -> Any:
        """Hold the potential (mV) for good; returns a reference to the clamp current (nA).

        Parameters
        ----------
        potential : float
            Command (mV).
        series_resistance : float
            Resistance of the electrode (MOhm), not compensated.
        """
        clamp: Any = n.SEClamp(self._segment)
        clamp.rs, clamp.dur1, clamp.amp1 = series_resistance, 1e12, potential
        self._clamps.append(clamp)
        return clamp._ref_i
