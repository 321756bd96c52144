"""Windows of a run, in minutes from the start of induction."""

import math
from numbers import Real
from typing import Protocol as Interface

from ca1ltd.errors import BadInput
from ca1ltd.units import minute


class Timed(Interface):
    """What a window must know of a protocol; times in ms from the start of the simulation."""

    @property
    def induction_start(self) -> float:
        """Return the time that windows call 0."""

    @property
    def t_stop(self) -> float:
        """Return the end of the run."""


def check(name: str, start: float | None, end: float | None) -> None:
    """Raise BadInput if no window of something goes from `start` to `end`; None is that of the run.

    Raises
    ------
    BadInput
        If one is no time, or the end comes first.
    """
    for edge in (start, end):
        if edge is not None and not (isinstance(edge, Real) and math.isfinite(edge)):
            raise BadInput(f"{name}: the window's {edge} is not a time in minutes")
    if start is not None and end is not None and start >= end:
        raise BadInput(f"{name}: the window {start:g}..{end:g} min ends before it starts")


def span(name: str, start: float | None, end: float | None, protocol: Timed) -> tuple[float, float]:
    """Return from when to when a window is in a run (ms from the start of the simulation).

    Raises
    ------
    BadInput
        If it lies wholly outside the run.
    """
    zero, stop = protocol.induction_start, protocol.t_stop
    on = 0.0 if start is None else zero + start * minute
    off = stop if end is None else zero + end * minute
    if on >= stop or off <= 0:
        raise BadInput(
            f"{name}: the window {written(start, end)} min is outside the run, which goes "
            f"from {-zero / minute:g} to {(stop - zero) / minute:g} min"
        )
    return max(on, 0.0), min(off, stop)


def overlap(
    one: tuple[float | None, float | None], other: tuple[float | None, float | None]
) -> bool:
    """Whether two windows, each a start and an end, have a time in common."""
    starts = [-math.inf if start is None else start for start, _ in (one, other)]
    ends = [math.inf if end is None else end for _, end in (one, other)]
    return max(starts) < min(ends)


def written(start: float | None, end: float | None) -> str:
    """Return a window as it is written, ``FROM..TO``."""
    return f"{'' if start is None else f'{start:g}'}..{'' if end is None else f'{end:g}'}"
