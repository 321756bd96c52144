"""Values at many places of NEURON's, read and written as one array."""

from collections.abc import Sequence
from typing import Any

import numpy.typing as npt
from neuron import n

from ca1ltd.arrays import Floats


def owner(segment: Any, mechanism: str, name: str) -> Any:
    """Return what has a variable of a mechanism: the segment, if it is an ion's concentration."""
    return segment if hasattr(segment, name) else getattr(segment, mechanism)


class Gathered:
    """Values at many places.

    Parameters
    ----------
    references : sequence of hoc pointers
        The places.

    Attributes
    ----------
    references : tuple of hoc pointers
        As given.
    values : ndarray
        What was gathered last, shape ``(n_references,)``; NEURON's own memory.
    """

    def __init__(self, references: Sequence[Any]) -> None:
        self.references = tuple(references)
        self._pointers = n.PtrVector(max(len(references), 1))
        for k, reference in enumerate(references):
            self._pointers.pset(k, reference)
        self._vector = n.Vector(len(references))
        self.values: Floats = self._vector.as_numpy()

    def __len__(self) -> int:
        return len(self.values)

    def gather(self) -> Floats:
        """Read the values into `values` and return it."""
        if len(self):
            self._pointers.gather(self._vector)
        return self.values

    def scatter(self, values: npt.ArrayLike) -> None:
        """Write values, one for each place or one for all."""
        self.values[:] = values
        if len(self):
            self._pointers.scatter(self._vector)
