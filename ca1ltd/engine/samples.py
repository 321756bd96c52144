"""Samples of variables through a whole run."""

import math
from typing import Protocol as Interface

import numpy as np

from ca1ltd.arrays import Floats
from ca1ltd.engine.arrivals import MOMENT
from ca1ltd.engine.recorder import Tape


class Sampler(Interface):
    """What is sampled through a whole run, between the steps, which stay as they are."""

    @property
    def tapes(self) -> tuple[Tape, ...]:
        """Return the records that it is taken from."""

    def begin(self) -> None:
        """Begin with the present, which is time 0."""

    def take(self) -> None:
        """Take what was recorded up to now: time may be set back afterwards."""


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
    tapes : tuple of Tape
        Its record.
    """

    def __init__(self, tape: Tape, every: float) -> None:
        self.tapes = (tape,)
        self._tape = tape
        self._every = every
        self._values: list[Floats] = []
        self._taken = 0

    def begin(self) -> None:
        """Begin with the present, which is time 0."""
        self._tape.begin()

    def take(self) -> None:
        """Sample what was recorded up to now, and forget it."""
        if len(self._tape) > 1:
            count = math.floor((self._tape.end + MOMENT) / self._every) + 1
            moments = np.minimum(np.arange(self._taken, count) * self._every, self._tape.end)
            self._values.append(self._tape.at(moments))
            self._taken = count
            self._tape.forget(self._tape.end)

    def taken(self) -> tuple[Floats, Floats]:
        """Return the times (ms) and the values of the samples."""
        times = np.arange(float(self._taken)) * self._every
        return times, np.concatenate(self._values)
