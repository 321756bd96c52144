"""A stretch of a protocol in which nothing but test pulses is given."""

from dataclasses import dataclass

from ca1ltd.protocols.events import PATHWAYS, PathwayName
from ca1ltd.units import minute, s

SETTLE = 1.0 * s
"""No test pulse in the last second of a stretch, so that its EPSP is over when it ends."""
PROBE_SPACING = 5 * minute
IN_WINDOW = 5
"""Probes in a window whose mean is an outcome."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """The follow-up of an induction, or a rest between two.

    Attributes
    ----------
    start, end : float
        From when to when (ms).
    first : float
        First test pulse of the conditioned pathway (ms).
    interval : float
        Between the test pulses of one pathway (ms).
    window : tuple of float
        The part of it whose mean is an outcome (from, to; ms).
    """

    start: float
    end: float
    first: float
    interval: float
    window: tuple[float, float]

    def tests(self, pathway: PathwayName) -> tuple[float, ...]:
        """Return when a pathway is tested (ms)."""
        first = self.first + offset(pathway, self.interval)
        count = max(0, int((self.end - SETTLE - first) // self.interval) + 1)
        return tuple(first + k * self.interval for k in range(count))

    def probes(self, possible: list[float]) -> tuple[float, ...]:
        """Return those of the possible times (ms) at which to probe: most of them in the window."""
        start, end = self.window
        inside = [time for time in possible if self.start <= time]
        return (
            *spread(
                [time for time in inside if time < start],
                round((start - self.start) / PROBE_SPACING),
            ),
            *spread([time for time in inside if start <= time <= end], IN_WINDOW),
            *spread(
                [time for time in inside if time > end], round((self.end - end) / PROBE_SPACING)
            ),
        )


def offset(pathway: PathwayName, interval: float) -> float:
    """Return how long after the conditioned pathway a pathway is tested (ms)."""
    return interval / 2 * PATHWAYS.index(pathway)


def spread(times: list[float], count: int) -> tuple[float, ...]:
    """Return about `count` of the times, evenly spread over them, each once."""
    if count >= len(times):
        return tuple(times)
    return tuple(times[int((k + 0.5) * len(times) / count)] for k in range(count))
