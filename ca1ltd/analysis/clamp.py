"""What a voltage clamp of the soma measures: the current that it passes."""

from collections.abc import Iterable

from ca1ltd.arrays import Floats
from ca1ltd.protocols import Hold
from ca1ltd.recording import Response


def clamp_at(holds: Iterable[Hold], time: float) -> Hold | None:
    """Return the voltage clamp that is on at a time (ms), if there is one."""
    on = (hold for hold in holds if 0 <= time - hold.time < hold.duration)
    return next(on, None)


def clamp_current(response: Response, clamp: Hold, series_resistance: float) -> Floats:
    """Return the current of a voltage clamp (nA), inward below 0: what a resistance (MOhm) passes.

    The soma is not quite at the potential of the clamp, and the rest drops across the resistance.
    """
    current: Floats = (clamp.potential - response.potential) / series_resistance
    return current
