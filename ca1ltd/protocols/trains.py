"""High-frequency and theta-burst stimulation: the protocols of long-term potentiation."""

from typing import ClassVar

from ca1ltd.options import quantity
from ca1ltd.protocols.induced import InducedProtocol
from ca1ltd.protocols.phases import Phase
from ca1ltd.protocols.stimulation import BurstOptions, Bursts, Repeated, Strength


class HighFrequencyStimulation(InducedProtocol, Repeated, Strength):
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

    def sequence(self) -> tuple[Phase, ...]:
        """Return the phases of the induction, in order."""
        return (
            Bursts(
                bursts=1,
                n_pulses=self.n_pulses,
                rate=self.rate,
                trains=self.trains,
                every=self.every,
                strength=self.strength,
            ),
        )


class ThetaBurstStimulation(InducedProtocol, BurstOptions, Strength):
    """Bursts of 4 pulses at 100 Hz, 10 bursts at 5 Hz, between baseline and follow-up.

    References
    ----------
    Larson J, Wong D, Lynch G (1986) Brain Res 368:347-350. doi:10.1016/0006-8993(86)90579-2
    """

    name: ClassVar[str] = "tbs"
    title: ClassVar[str] = "theta-burst stimulation: long-term potentiation"

    def sequence(self) -> tuple[Phase, ...]:
        """Return the phases of the induction, in order."""
        return (Bursts.model_validate(self.only(BurstOptions, Strength)),)
