"""Paired pulses: short-term plasticity, the sign of a presynaptic change."""

from typing import ClassVar

from pydantic import Field

from ca1ltd.options import quantity
from ca1ltd.protocols.base import Protocol
from ca1ltd.protocols.events import PathwayName, Pulse
from ca1ltd.units import ms, s


class PairedPulse(Protocol):
    """Pairs of pulses to one pathway.

    There is no induction and no baseline: time 0 of the tables is the start of the run, and the
    summary window is the whole run.
    """

    name: ClassVar[str] = "paired-pulse"
    title: ClassVar[str] = "pairs of pulses: the paired-pulse ratio"

    interval: float = quantity(50.0, low=0.1, high=2000, unit="ms", text="Within a pair.")
    pairs: int = quantity(20, low=1, high=10_000, unit="", text="Number of pairs.")
    every: float = quantity(15.0, low=4, high=600, unit="s", text="From pair to pair.")
    pathway: PathwayName = Field(default="conditioned", description="Which electrode.")

    @property
    def t_stop(self) -> float:
        """Return the length of the run (ms)."""
        return self.pairs * self.every * s

    def pulses(self) -> tuple[Pulse, ...]:
        """Return all pulses, sorted by time."""
        return tuple(
            Pulse(
                time=k * self.every * s + self.every * s / 4 + second * self.interval * ms,
                pathways=(self.pathway,),
                kind="test",
            )
            for k in range(self.pairs)
            for second in (0, 1)
        )
