"""A patch electrode on the soma or a dendrite: it sees the potential, or clamps it."""

from typing import Any

import numpy as np
from neuron import n

from ca1ltd.arrays import Floats
from ca1ltd.engine.recorder import Tape
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
    hold : float, optional
        Potential (mV) that it holds for good; without it the cell is left alone.
    series_resistance : float
        Resistance of the electrode (MOhm), not compensated: the cell is not quite held.

    Raises
    ------
    BadInput
        If a value is not allowed.
    """

    def __init__(
        self,
        rig: Rig,
        *,
        section: int = 0,
        x: float = 0.5,
        hold: float | None = None,
        series_resistance: float = 10 * MOhm,
    ) -> None:
        if hold is not None and not -200 <= hold <= 200:
            raise BadInput(f"a cell is held between -200 and 200 mV, not at {hold:g} mV")
        if not 0 < series_resistance < np.inf:
            raise BadInput(f"a series resistance is above 0 MOhm, not {series_resistance:g} MOhm")
        self._segment = rig.cell.segment(section, x)
        self._hold, self._resistance = hold, series_resistance
        if hold is not None:
            self._clamp: Any = n.SEClamp(self._segment)
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
