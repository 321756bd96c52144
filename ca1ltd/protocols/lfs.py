"""Low-frequency stimulation: the protocol of homosynaptic long-term depression."""

from typing import ClassVar

from ca1ltd.protocols.base import Pulse, quantity
from ca1ltd.protocols.induced import InducedProtocol
from ca1ltd.units import Hz


class LowFrequencyStimulation(InducedProtocol):
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

    @property
    def induction_duration(self) -> float:
        """Return how long induction lasts (ms)."""
        return self.n_pulses / (self.rate * Hz)

    def induction_pulses(self) -> tuple[Pulse, ...]:
        """Return the pulses of the induction, sorted by time."""
        return tuple(
            Pulse(
                time=self.induction_start + k / (self.rate * Hz),
                pathways=("conditioned",),
                kind="induction",
            )
            for k in range(self.n_pulses)
        )
