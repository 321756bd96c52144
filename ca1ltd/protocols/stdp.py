"""Spike-timing-dependent plasticity: pulses paired with spikes of the cell."""

from typing import ClassVar

from ca1ltd.errors import BadInput
from ca1ltd.protocols.base import CurrentStep, Pulse, quantity
from ca1ltd.protocols.induced import InducedProtocol
from ca1ltd.units import Hz, ms, nA


class SpikeTiming(InducedProtocol):
    """Pairs of a pulse to the conditioned pathway and a spike evoked by current into the soma.

    The interval is from the pulse to the current step: above 0 the pulse comes first.

    References
    ----------
    Bi GQ, Poo MM (1998) J Neurosci 18:10464-10472. doi:10.1523/JNEUROSCI.18-24-10464.1998
    Wittenberg GM, Wang SSH (2006) J Neurosci 26:6610-6617. doi:10.1523/JNEUROSCI.5388-05.2006
    """

    name: ClassVar[str] = "stdp"
    title: ClassVar[str] = "pulses paired with spikes: spike-timing-dependent plasticity"

    timing: float = quantity(
        10.0, low=-200, high=200, unit="ms", text="From pulse to spike.", alias="interval"
    )
    rate: float = quantity(5.0, low=0.01, high=50, unit="Hz", text="Rate of the pairs.")
    pairs: int = quantity(100, low=1, high=10_000, unit="", text="Number of pairs.")
    spikes: int = quantity(1, low=1, high=20, unit="", text="Spikes with each pulse.")
    spike_rate: float = quantity(100.0, low=1, high=200, unit="Hz", text="Rate of those spikes.")
    current: float = quantity(3.0, low=0, high=10, unit="nA", text="Of a current step.")
    step: float = quantity(2.0, low=0.1, high=100, unit="ms", text="Length of a current step.")

    @property
    def induction_duration(self) -> float:
        """Return how long induction lasts (ms)."""
        return self.pairs / (self.rate * Hz)

    def induction_pulses(self) -> tuple[Pulse, ...]:
        """Return the pulses of the induction, sorted by time."""
        first = self.induction_start + max(0.0, -self.timing * ms)
        return tuple(
            Pulse(time=first + k / (self.rate * Hz), pathways=("conditioned",), kind="induction")
            for k in range(self.pairs)
        )

    def current_steps(self) -> tuple[CurrentStep, ...]:
        """Return the current steps into the soma, sorted by time."""
        first = self.induction_start + max(0.0, self.timing * ms)
        return tuple(
            CurrentStep(
                time=first + k / (self.rate * Hz) + spike / (self.spike_rate * Hz),
                duration=self.step * ms,
                current=self.current * nA,
            )
            for k in range(self.pairs)
            for spike in range(self.spikes)
        )

    def _check(self) -> None:
        lasts = abs(self.timing) * ms + (self.spikes - 1) / (self.spike_rate * Hz) + self.step * ms
        if lasts >= 1 / (self.rate * Hz):
            raise BadInput(
                f"this stdp has pairs {1 / (self.rate * Hz):.3g} ms apart, and one pair lasts "
                f"{lasts:.3g} ms"
            )
        if self.spikes > 1 and self.step * ms >= 1 / (self.spike_rate * Hz):
            raise BadInput(
                f"this stdp has current steps of {self.step:g} ms, "
                f"{1 / (self.spike_rate * Hz):.3g} ms apart"
            )
        super()._check()
