"""The highest value of the states of spines whose peaks are told."""

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from neuron import n

from ca1ltd.analysis.readouts import PEAKS
from ca1ltd.arrays import Floats
from ca1ltd.engine.pointers import Gathered
from ca1ltd.engine.recorder import SpineStates


class SpinePeaks:
    """The highest value of each of `PEAKS` in each spine since `clear`, at every step of it.

    Parameters
    ----------
    spines : SpineStates
        The spines.
    """

    def __init__(self, spines: SpineStates) -> None:
        self._spines = spines
        self._states = Gathered(
            [place for name in PEAKS for place in spines.places(name).references]
        )
        self._vector = n.Vector(len(self._states))  # owns what follows
        self._highest: Floats = self._vector.as_numpy()

    def enrol(self) -> None:
        """Have the loop of steps in `ca1clock.mod` look whenever the cascade has advanced."""
        for k, reference in enumerate(self._states.references):
            n.ca1_see("followed", reference)
            n.ca1_see("peak", self._vector._ref_x[k])

    def see(self, inside: Floats) -> None:  # noqa: ARG002 - not the potentials, but when they move
        """Look at the states now."""
        np.maximum(self._highest, self._states.gather(), out=self._highest)

    def clear(self) -> None:
        """Begin a new search with the present values."""
        self._highest[:] = self._states.gather()

    @contextmanager
    def set_aside(self) -> Iterator[None]:
        """Keep the peaks as they are while the context lasts: it belongs to a copy of the state."""
        kept = self._highest.copy()
        try:
            yield
        finally:
            self._highest[:] = kept

    def read(self) -> dict[str, Floats]:
        """Return the highest value of each of `PEAKS`, shape ``(n_spines,)``."""
        rows = self._highest.reshape(len(PEAKS), len(self._spines))
        return {name: row / self._spines.unit(name) for name, row in zip(PEAKS, rows, strict=True)}
