"""Associativity: a weak input gains from a strong one that is given with it."""

from typing import ClassVar, Literal

from pydantic import Field

from ca1ltd.options import quantity
from ca1ltd.protocols.events import PathwayName
from ca1ltd.protocols.induced import InducedProtocol
from ca1ltd.protocols.phase_kinds import Together
from ca1ltd.protocols.phases import Phase
from ca1ltd.protocols.stimulation import Bursts, Repeated, Strength, multiple


class Associativity(InducedProtocol, Repeated, Strength):
    """Trains at 100 Hz: weak ones to one pathway, strong ones to the other at the same time.

    The strong input is as strong as any induction, the weak one half of a test pulse. The controls
    are the weak or the strong input alone.

    References
    ----------
    Barrionuevo G, Brown TH (1983) PNAS 80:7347-7351. doi:10.1073/pnas.80.23.7347 (recollected)
    Levy WB, Steward O (1979) Brain Res 175:233-245 (recollected)
    """

    name: ClassVar[str] = "associativity"
    title: ClassVar[str] = "a weak input to one pathway together with a strong one to the other"

    inputs: Literal["both", "weak", "strong"] = Field(
        default="both", description="Which inputs are given."
    )
    weak: PathwayName = Field(
        default="conditioned", description="Pathway of the weak input; the other's is strong."
    )
    weak_strength: float = multiple(0.5, "Axons of the weak input.")
    strength: float = multiple(1.0, "Axons of the strong input.")
    rate: float = quantity(100.0, low=1, high=250, unit="Hz", text="Rate within a train.")
    n_pulses: int = quantity(
        100, low=1, high=10_000, unit="", text="Pulses of a train.", alias="pulses"
    )

    def sequence(self) -> tuple[Phase, ...]:
        """Return the phases of the induction, in order."""
        other: PathwayName = "control" if self.weak == "conditioned" else "conditioned"
        weak = self._trains(self.weak, self.weak_strength)
        strong = self._trains(other, self.strength)
        if self.inputs == "both":
            return (Together(parts=(weak, strong)),)
        return (weak if self.inputs == "weak" else strong,)

    def _trains(self, pathway: PathwayName, strength: float) -> Phase:
        return Bursts(
            pathways=(pathway,),
            strength=strength,
            bursts=1,
            n_pulses=self.n_pulses,
            rate=self.rate,
            trains=self.trains,
            every=self.every,
        )
