"""The highest potential anywhere in the cell, by which a spike is seen that the soma sees small."""

from typing import Any

import numpy as np
from neuron import n

from ca1ltd.arrays import Floats


class Highest:
    """The highest of the potentials of soma, dendrites and axon at every step, to be recorded.

    Attributes
    ----------
    potential : hoc pointer
        The highest potential (mV) when `see` was called last.
    """

    def __init__(self) -> None:
        self._vector = n.Vector(1)  # owns what follows
        self._value: Floats = self._vector.as_numpy()
        self.potential: Any = self._vector._ref_x[0]

    def enrol(self) -> None:
        """Have the loop of steps in `ca1clock.mod` compute the same after every step."""
        n.ca1_highest(self.potential)

    def see(self, inside: Floats) -> None:
        """Find the highest while the potentials inside the cell's segments are these (mV)."""
        self._value[0] = np.max(inside)
