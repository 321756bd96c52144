"""Pulses paired with what the cell is made to do: spike timing, and pairing with depolarisation."""

from typing import ClassVar, Literal

from pydantic import Field

from ca1ltd.errors import BadInput
from ca1ltd.options import quantity
from ca1ltd.protocols.induced import InducedProtocol
from ca1ltd.protocols.phases import Phase
from ca1ltd.protocols.stimulation import Clamp, PairOptions, Pairs, Strength


class SpikeTiming(InducedProtocol, PairOptions, Strength):
    """Pairs of a pulse to the conditioned pathway and a spike evoked by current into the soma.

    The interval is from the pulse to the current step: above 0 the pulse comes first.

    References
    ----------
    Bi GQ, Poo MM (1998) J Neurosci 18:10464-10472. doi:10.1523/JNEUROSCI.18-24-10464.1998
    Wittenberg GM, Wang SSH (2006) J Neurosci 26:6610-6617. doi:10.1523/JNEUROSCI.5388-05.2006
    """

    name: ClassVar[str] = "stdp"
    title: ClassVar[str] = "pulses paired with spikes: spike-timing-dependent plasticity"

    def sequence(self) -> tuple[Phase, ...]:
        """Return the phases of the induction, in order."""
        return (Pairs.model_validate(self.only(PairOptions, Strength)),)


class Pairing(InducedProtocol, Strength):
    """100 pulses at 1 Hz to the conditioned pathway while the cell is depolarised.

    The soma is voltage clamped throughout, or a step of current into it begins with each pulse.

    References
    ----------
    Gustafsson B, Wigstrom H, Abraham WC, Huang YY (1987) J Neurosci 7:774-780: current steps
    (recollected). Malenka RC, Nicoll RA (1993) Trends Neurosci 16:521-527: clamped (recollected).
    """

    name: ClassVar[str] = "pairing"
    title: ClassVar[str] = "pulses paired with depolarisation of the cell"

    clamp: Literal["voltage", "current"] = Field(
        default="voltage", description="What depolarises the cell."
    )
    potential: float = quantity(
        0.0, low=-120, high=60, unit="mV", text="Of the voltage clamp of the soma."
    )
    current: float = quantity(1.0, low=0, high=10, unit="nA", text="Of the steps, if it is those.")
    step: float = quantity(100.0, low=0.1, high=1000, unit="ms", text="Length of such a step.")
    rate: float = quantity(1.0, low=0.01, high=50, unit="Hz", text="Rate of the pulses.")
    n_pulses: int = quantity(
        100, low=1, high=10_000, unit="", text="Number of pulses.", alias="pulses"
    )

    def _check(self) -> None:
        unused = ("current", "step") if self.clamp == "voltage" else ("potential",)
        for word in unused:
            if getattr(self, word) != type(self).model_fields[word].default:
                raise BadInput(
                    f"{self.name}: {word} is {getattr(self, word):g}, and has no effect with "
                    f"clamp {self.clamp}"
                )
        super()._check()

    def sequence(self) -> tuple[Phase, ...]:
        """Return the phases of the induction, in order."""
        if self.clamp == "voltage":
            return (
                Clamp(
                    potential=self.potential,
                    rate=self.rate,
                    n_pulses=self.n_pulses,
                    strength=self.strength,
                ),
            )
        return (
            Pairs(
                timing=0.0,
                rate=self.rate,
                pairs=self.n_pulses,
                current=self.current,
                step=self.step,
                strength=self.strength,
            ),
        )
