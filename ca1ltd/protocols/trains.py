"""High-frequency and theta-burst stimulation: the protocols of long-term potentiation."""

from typing import ClassVar

from ca1ltd.protocols.base import Pulse, quantity
from ca1ltd.protocols.induced import InducedProtocol
from ca1ltd.units import Hz, s


class _Trains(InducedProtocol):
    """Trains of pulses to the conditioned pathway, one every `every` seconds."""

    trains: int = quantity(1, low=1, high=1000, unit="", text="Number of trains.")
    every: float = quantity(20.0, low=0.1, high=600, unit="s", text="From train to train.")

    def train(self) -> tuple[float, ...]:
        """Return when the pulses of a train come, from its start (ms)."""
        raise NotImplementedError

    @property
    def induction_duration(self) -> float:
        """Return how long induction lasts (ms), to the last pulse."""
        return (self.trains - 1) * self.every * s + self.train()[-1]

    def induction_pulses(self) -> tuple[Pulse, ...]:
        """Return the pulses of the induction, sorted by time."""
        return tuple(
            Pulse(
                time=self.induction_start + k * self.every * s + time,
                pathways=("conditioned",),
                kind="induction",
            )
            for k in range(self.trains)
            for time in self.train()
        )


class HighFrequencyStimulation(_Trains):
    """100 pulses at 100 Hz, between baseline and follow-up.

    References
    ----------
    Bliss TVP, Collingridge GL (1993) Nature 361:31-39. doi:10.1038/361031a0
    """

    name: ClassVar[str] = "hfs"
    title: ClassVar[str] = "high-frequency stimulation: long-term potentiation"

    rate: float = quantity(100.0, low=1, high=250, unit="Hz", text="Rate within a train.")
    n_pulses: int = quantity(
        100, low=1, high=10_000, unit="", text="Pulses of a train.", alias="pulses"
    )

    def train(self) -> tuple[float, ...]:
        """Return when the pulses of a train come, from its start (ms)."""
        return tuple(k / (self.rate * Hz) for k in range(self.n_pulses))


class ThetaBurstStimulation(_Trains):
    """Bursts of 4 pulses at 100 Hz, 10 bursts at 5 Hz, between baseline and follow-up.

    References
    ----------
    Larson J, Wong D, Lynch G (1986) Brain Res 368:347-350. doi:10.1016/0006-8993(86)90579-2
    """

    name: ClassVar[str] = "tbs"
    title: ClassVar[str] = "theta-burst stimulation: long-term potentiation"

    bursts: int = quantity(10, low=1, high=1000, unit="", text="Bursts of a train.")
    burst_rate: float = quantity(5.0, low=0.1, high=50, unit="Hz", text="Rate of the bursts.")
    n_pulses: int = quantity(4, low=1, high=100, unit="", text="Pulses of a burst.", alias="pulses")
    rate: float = quantity(100.0, low=1, high=250, unit="Hz", text="Rate within a burst.")

    def train(self) -> tuple[float, ...]:
        """Return when the pulses of a train come, from its start (ms)."""
        return tuple(
            burst / (self.burst_rate * Hz) + k / (self.rate * Hz)
            for burst in range(self.bursts)
            for k in range(self.n_pulses)
        )
