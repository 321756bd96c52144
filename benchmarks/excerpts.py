"""Excerpts of the protocols: their pulses from the first of the induction on, for a few seconds.

What is measured on them costs seconds where the whole protocol would cost hours with a fixed step.
"""

from dataclasses import replace
from functools import cache
from typing import ClassVar, Final

from ca1ltd import protocols
from ca1ltd.options import quantity
from ca1ltd.protocols import CurrentStep, Protocol, Pulse
from ca1ltd.units import minute, s

#: Rest before the first pulse (ms): the window in which an EPSP's zero is taken.
LEAD: Final = 10.0
#: What an excerpt is of, and from when (ms).
SOURCES: Final[dict[str, tuple[Protocol, float]]] = {
    "1 Hz": (protocols.lfs(), 20 * minute),
    "10 Hz": (protocols.lfs(rate=10), 20 * minute),
    "100 Hz": (protocols.hfs(), 20 * minute),
    "theta bursts": (protocols.tbs(), 20 * minute),
    "pairing": (protocols.make("stdp", {"interval": 10}), 20 * minute),
    "waiting": (protocols.test_pulses(), 7.5 * s),
}
#: How long each excerpt is (s), and how much of it a fixed step is given.
LENGTHS: Final = {
    "1 Hz": (20.0, 3.0),
    "10 Hz": (4.0, 0.8),
    "100 Hz": (2.0, 0.35),
    "theta bursts": (2.0, 0.55),
    "pairing": (4.0, 0.8),
    "waiting": (60.0, 1.0),
}
#: No pulse comes so shortly before the end (ms): its EPSP would not be seen.
TAIL: Final = 70.0


class Excerpt(Protocol):
    """The first seconds of an induction, or of waiting between test pulses."""

    name: ClassVar[str] = "excerpt"
    title: ClassVar[str] = "an excerpt of a protocol"

    length: float = quantity(1.0, low=0.1, high=1000, unit="s", text="How long it is.")
    of: str = "1 Hz"

    @property
    def t_stop(self) -> float:
        """Return the length of the excerpt (ms)."""
        return LEAD + self.length * s

    def pulses(self) -> tuple[Pulse, ...]:
        """Return the pulses of the excerpt, sorted by time."""
        return _events(self.of, self.length)[0]

    def current_steps(self) -> tuple[CurrentStep, ...]:
        """Return the current steps into the soma, sorted by time."""
        return _events(self.of, self.length)[1]


@cache
def _events(of: str, length: float) -> tuple[tuple[Pulse, ...], tuple[CurrentStep, ...]]:
    protocol, start = SOURCES[of]
    end = start + length * s - TAIL
    return (
        tuple(
            replace(p, time=p.time - start + LEAD)
            for p in protocol.pulses()
            if start <= p.time < end
        ),
        tuple(
            replace(c, time=c.time - start + LEAD)
            for c in protocol.current_steps()
            if start <= c.time < end
        ),
    )
