"""An outcome of the model against that of a paper: its direction, and whether it is in the band.

The thresholds were set before anything was scored. A response below `FALLS` per cent of the level
it is compared with has fallen (LTD), one above `RISES` has risen (LTP), and between them nothing
has changed (NC): what the table says of conditions without a change is sure to some 4 to 8 per
cent, so that a larger change is one that a paper would report. A reversal is one if it undoes at
least `UNDONE` of the change before it.
"""

import math
from dataclasses import dataclass
from typing import Final

from ca1ltd.literature.published import Direction, Published

FALLS: Final = 92.0
RISES: Final = 108.0
UNDONE: Final = 0.5
"""Least fraction of a change that a reversal takes back."""
LARGEST_SEM: Final = 4.0
"""An outcome known no better than this (per cent of the baseline) is in no band."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What the model gave for a condition.

    Attributes
    ----------
    value : float or None
        In the unit of the condition; None if there is no such number.
    sem : float or None
        Its standard error over slices.
    n_slices : int
        How many slices.
    change : float or None
        The response in per cent of the level that the direction is judged against; None if the
        condition is about a number alone, or spikes left no EPSP to measure.
    undone : float or None
        Of an induction that follows another, the fraction of the first change that it took back; 0
        if there was none.
    before : float or None
        Then also the level before it, in per cent of the baseline.
    spiked : float or None
        At how many test pulses (per cent) a spike set the peak, so that no EPSP was measured; of
        several runs the most. None if the condition is not about EPSPs.
    """

    value: float | None
    sem: float | None = None
    n_slices: int = 0
    change: float | None = None
    undone: float | None = None
    before: float | None = None
    spiked: float | None = None

    @property
    def direction(self) -> Direction | None:
        """Return the direction of the change, of a reversal that of what it takes back."""
        if self.change is None:
            return None
        if self.undone is None or self.before is None:
            return direction_of(self.change)
        if abs(self.undone) < UNDONE:
            return "NC"
        return "LTD" if (self.undone > 0) == (self.before > 100.0) else "LTP"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A condition with its outcome; None where it is not judged on that."""

    condition: Published
    outcome: Outcome
    direction_right: bool | None
    in_band: bool | None


def direction_of(change: float) -> Direction:
    """Return the direction of a response (per cent of what it is compared with)."""
    if change < FALLS:
        return "LTD"
    return "LTP" if change > RISES else "NC"


def undone(before: float, after: float) -> float:
    """Return the fraction of a change that was taken back (levels in per cent of the baseline).

    It is 0 where there was no change to take back.
    """
    if direction_of(before) == "NC":
        return 0.0
    return (before - after) / (before - 100.0)


def judge(condition: Published, outcome: Outcome) -> Judged:
    """Return whether an outcome has the direction of its condition and lies in its band."""
    right = outcome.direction in condition.accepted if condition.accepted else None
    return Judged(
        condition=condition,
        outcome=outcome,
        direction_right=right,
        in_band=None if condition.band is None else _within(outcome, condition.band, condition),
    )


def _within(outcome: Outcome, band: tuple[float, float], condition: Published) -> bool:
    value, sem = outcome.value, outcome.sem
    if value is None or not math.isfinite(value):
        return False
    if condition.unit == "%" and sem is not None and sem > LARGEST_SEM:
        return False
    return band[0] <= value <= band[1]
