"""Calcium of the spines held at a level: plasticity without any pulse."""

from typing import ClassVar

from ca1ltd.options import quantity
from ca1ltd.protocols.induced import InducedProtocol
from ca1ltd.protocols.phases import Calcium, Phase


class CalciumLevel(InducedProtocol):
    """Calcium of the conditioned spines at a level for a while, as by uncaging.

    References
    ----------
    Yang SN, Tang YG, Zucker RS (1999) J Neurophysiol 81:781-787. doi:10.1152/jn.1999.81.2.781
    (recollected)
    """

    name: ClassVar[str] = "calcium-clamp"
    title: ClassVar[str] = "calcium of the conditioned spines held at a level"

    level: float = quantity(0.7, low=0.01, high=1000, unit="uM", text="The level.")
    duration: float = quantity(60.0, low=0.01, high=36_000, unit="s", text="How long it is held.")

    def sequence(self) -> tuple[Phase, ...]:
        """Return the phases of the induction, in order."""
        return (Calcium(concentration=self.level, length=self.duration),)
