"""A stretch of a record: the values of a variable at successive steps, which are uneven."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from ca1ltd.arrays import Floats
from ca1ltd.engine.monotone import monotone_cubic
from ca1ltd.recording import SAMPLE

#: Values beyond both ends of a window without which those inside would be interpolated otherwise.
MARGIN: Final = 4


@dataclass(frozen=True, slots=True, eq=False)
class Stretch:
    """Values of a variable at successive times (ms), rising, both of shape ``(n,)``.

    With ``middle`` what counts are the means at the ends of each step, in the middle of it.
    """

    times: Floats
    values: Floats
    middle: bool = False

    def window(self, start: float, stop: float) -> tuple[Floats, Floats]:
        """Return times (ms) and values between two times on a regular grid of `SAMPLE`."""
        grid = np.arange(round((stop - start) / SAMPLE) + 1) * SAMPLE + start
        grid = grid[(grid >= self.times[0]) & (grid <= self.times[-1])]
        return grid, self.at(grid)

    def at(self, moments: Floats) -> Floats:
        """Return the values at times (ms) between the first and the last that there are.

        They are interpolated by monotone cubics, which add no extremum.
        """
        if self.middle:
            return monotone_cubic(_in_the_middle(self.times), _in_the_middle(self.values), moments)
        return monotone_cubic(self.times, self.values, moments)


def stretches(
    times: Floats, rows: Sequence[tuple[Floats, bool]], start: float, stop: float
) -> list[Stretch]:
    """Return copies of records around a window, which tell it as well as the whole does.

    Parameters
    ----------
    times : ndarray
        Times of the steps (ms); at an event there are two values, of which the later counts.
    rows : sequence of (ndarray, bool)
        Values of each variable, and whether what counts is the middle of steps.
    start, stop : float
        The window (ms).
    """
    last = np.append(np.flatnonzero(times[1:] > times[:-1]), len(times) - 1)
    times = times[last]
    first, end = times.searchsorted([start, stop], side="right").tolist()
    around = slice(max(first - 1 - MARGIN, 0), end + MARGIN)
    last = last[around]
    return [Stretch(times[around], values[last], middle) for values, middle in rows]


def _in_the_middle(row: Floats) -> Floats:
    """Return the means of neighbours, with the first and the last value as they are."""
    return np.concatenate((row[:1], (row[1:] + row[:-1]) / 2, row[-1:]))
