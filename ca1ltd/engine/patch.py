"""A patch electrode on the soma or a dendrite: it sees the potential, or clamps it."""

from typing import Any

from neuron import n

from ca1ltd.arrays import Floats
from ca1ltd.engine.recorder import Tape
from ca1ltd.units import MOhm


class Patch:
    """A whole-cell patch electrode; it exists as long as this object does.

    Parameters
    ----------
    segment : segment
        Where it is.
    hold : float, optional
        Potential (mV) that it holds for good; without it the cell is left alone.
    series_resistance : float
        Resistance of the electrode (MOhm), not compensated: the cell is not quite held.
    """

    def __init__(
        self, segment: Any, *, hold: float | None = None, series_resistance: float = 10 * MOhm
    ) -> None:
        self._segment = segment
        self._hold, self._resistance = hold, series_resistance
        if hold is not None:
            self._clamp: Any = n.SEClamp(segment)
            self._clamp.rs, self._clamp.dur1, self._clamp.amp1 = series_resistance, 1e12, hold

    @property
    def unit(self) -> str:
        """Unit of what it measures: the current (nA) that holds the cell, or the potential (mV)."""
        return "mV" if self._hold is None else "nA"

    def tape(self) -> Tape:
        """Return a new record of the potential under the electrode (mV)."""
        return Tape(self._segment._ref_v, middle=self._hold is not None)

    def measured(self, potential: Floats) -> Floats:
        """Return what it measures while the potential under it is this (mV), in its `unit`.

        The current of a clamp is ``(hold - v) / series_resistance``, inward currents negative.
        """
        if self._hold is None:
            return potential
        return (self._hold - potential) / self._resistance
