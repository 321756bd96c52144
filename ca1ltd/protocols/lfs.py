"""Low-frequency stimulation: the protocol of homosynaptic long-term depression."""

from typing import ClassVar

from ca1ltd.protocols.base import Pulse, quantity
from ca1ltd.protocols.tested import TestedProtocol
from ca1ltd.units import Hz, minute, s


class LowFrequencyStimulation(TestedProtocol):
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
    baseline: float = quantity(20.0, low=1, high=600, unit="min", text="Before induction.")
    follow_up: float = quantity(60.0, low=1, high=600, unit="min", text="After induction.")
    test_interval: float = quantity(
        30.0, low=4, high=600, unit="s", text="Between the test pulses of one pathway."
    )

    @property
    def baseline_duration(self) -> float:
        """Return how long the baseline lasts (ms)."""
        return self.baseline * minute

    @property
    def follow_up_duration(self) -> float:
        """Return how long the follow-up lasts, from the end of induction (ms)."""
        return self.follow_up * minute

    @property
    def interval(self) -> float:
        """Return the interval between the test pulses of one pathway (ms)."""
        return self.test_interval * s

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
