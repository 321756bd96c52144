"""Samples of a variable through a whole run."""

import math

import numpy as np

from ca1ltd.arrays import Floats
from ca1ltd.engine.arrivals import MOMENT
from ca1ltd.engine.recorder import Tape


class Samples:
    """Samples a variable at regular times, between the steps, which stay as they are.

    Parameters
    ----------
    tape : Tape
        Its record.
    every : float
        Interval of samples (ms).

    Attributes
    ----------
    tape : Tape
        As given.
    """

    def __init__(self, tape: Tape, every: float) -> None:
        self.tape = tape
        self._every = every
        self._values: list[Floats] = []
        self._taken = 0

    def begin(self) -> None:
        """Begin with the present, which is time 0."""
        self.tape.begin()

    def take(self) -> None:
        """Sample what was recorded up to now, and forget it."""
        if len(self.tape) > 1:
            count = math.floor((self.tape.end + MOMENT) / self._every) + 1
            moments = np.minimum(np.arange(self._taken, count) * self._every, self.tape.end)
            self._values.append(self.tape.at(moments))
            self._taken = count
            self.tape.forget(self.tape.end)

    def taken(self) -> tuple[Floats, Floats]:
        """Return the times (ms) and the values of the samples."""
        times = np.arange(float(self._taken)) * self._every
        return times, np.concatenate(self._values)
