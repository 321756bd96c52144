"""How far a sweep is, and how long the rest will take."""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How far a sweep is.

    Attributes
    ----------
    finished, slices : int
        Slices that are finished, and all.
    failed : int
        Slices that failed.
    fraction : float
        The part of the work that is done, 0 to 1.
    time_left : float or None
        Expected seconds to the end, at the pace of this session; None before anything is done.
    """

    finished: int
    slices: int
    failed: int
    fraction: float
    time_left: float | None


class Tally:
    """Counts the work that is done, each slice by its weight.

    Parameters
    ----------
    weights : sequence of float
        Work of each slice, in any unit.
    finished : iterable of int
        Slices that were finished before this session: they say nothing of its pace.
    clock : callable
        Returns the time (s).
    """

    def __init__(
        self,
        weights: Sequence[float],
        finished: Iterable[int] = (),
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._weights, self._clock, self._begun = weights, clock, clock()
        self._fractions = [0.0] * len(weights)
        self._total = sum(weights)
        self._done, self._finished, self._failed = 0.0, 0, 0
        for number in finished:
            self.note(number, 1.0)
        self._before = self._done

    def note(self, number: int, fraction: float, *, failed: bool = False) -> None:
        """Note that a fraction of a slice, 0 to 1, is done, or that it failed: no work is left."""
        reached = 1.0 if failed else fraction
        self._done += self._weights[number] * (reached - self._fractions[number])
        self._fractions[number] = reached
        if failed:
            self._failed += 1
        elif fraction >= 1:
            self._finished += 1

    def standing(self) -> Standing:
        """Return how far it is now."""
        now, left = self._done - self._before, self._total - self._done
        pace = now / max(self._clock() - self._begun, 1e-9)
        return Standing(
            finished=self._finished,
            slices=len(self._weights),
            failed=self._failed,
            fraction=self._done / self._total,
            time_left=max(left, 0.0) / pace if pace > 0 else None,
        )
