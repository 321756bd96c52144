"""Low-frequency stimulation: the protocols of homosynaptic long-term depression."""

from typing import ClassVar

from ca1ltd.errors import BadInput
from ca1ltd.options import quantity
from ca1ltd.protocols.events import MIN_INTERVAL
from ca1ltd.protocols.induced import InducedProtocol
from ca1ltd.protocols.phases import Phase
from ca1ltd.protocols.stimulation import Bursts, Strength, Train
from ca1ltd.units import Hz, ms


class LowFrequencyStimulation(InducedProtocol, Strength):
    """900 pulses at 1 Hz to the conditioned pathway, between baseline and follow-up.

    Induction lasts ``pulses / rate``: the last pulse's own interval belongs to it.

    References
    ----------
    Dudek SM, Bear MF (1992) PNAS 89:4363-4367. doi:10.1073/pnas.89.10.4363
    Mulkey RM, Malenka RC (1992) Neuron 9:967-975. doi:10.1016/0896-6273(92)90248-C
    """

    name: ClassVar[str] = "lfs"
    title: ClassVar[str] = "low-frequency stimulation: long-term depression"

    rate: float = quantity(1.0, low=0.01, high=1000, unit="Hz", text="Rate of the induction.")
    n_pulses: int = quantity(
        900, low=1, high=100_000, unit="", text="Pulses of the induction.", alias="pulses"
    )

    def sequence(self) -> tuple[Phase, ...]:
        """Return the phases of the induction, in order."""
        return (Train(rate=self.rate, n_pulses=self.n_pulses, strength=self.strength),)


class PairedPulseLfs(InducedProtocol, Strength):
    """900 pairs of pulses at 1 Hz, 50 ms apart, between baseline and follow-up.

    The second pulses are facilitated; in the adult, where single pulses do nothing, pairs depress.

    References
    ----------
    Kemp N, Bashir ZI (1997) Neuropharmacology 36:397-399 (recollected).
    """

    name: ClassVar[str] = "paired-pulse-lfs"
    title: ClassVar[str] = "low-frequency stimulation with pairs of pulses: long-term depression"

    within: float = quantity(
        50.0, low=4, high=2000, unit="ms", text="Within a pair.", alias="interval"
    )
    rate: float = quantity(1.0, low=0.01, high=50, unit="Hz", text="Rate of the pairs.")
    pairs: int = quantity(900, low=1, high=10_000, unit="", text="Number of pairs.")

    def _check(self) -> None:
        if self.pairs > 1 and self.within * ms + MIN_INTERVAL > 1 / (self.rate * Hz):
            raise BadInput(
                f"{self.name}: pairs come every {1 / (self.rate * Hz):.4g} ms, and the pulses of "
                f"one are {self.within:g} ms apart"
            )
        super()._check()

    def sequence(self) -> tuple[Phase, ...]:
        """Return the phases of the induction, in order."""
        return (
            Bursts(
                bursts=self.pairs,
                burst_rate=self.rate,
                n_pulses=2,
                rate=1 / (self.within * ms) / Hz,
                strength=self.strength,
            ),
        )
