"""Inductions one after the other: reversal of potentiation and of depression, and saturation."""

from typing import ClassVar

from pydantic import Field

from ca1ltd.options import quantity
from ca1ltd.protocols.induced import InducedProtocol
from ca1ltd.protocols.phases import Phase, Rest
from ca1ltd.protocols.stimulation import Bursts, Strength, Train


class _Options(Strength):
    rest: float = quantity(
        30.0, low=0.05, high=600, unit="min", text="From one induction to the next."
    )
    hfs_rate: float = quantity(100.0, low=1, high=250, unit="Hz", text="Rate within a HFS train.")
    hfs_pulses: int = quantity(100, low=1, high=10_000, unit="", text="Pulses of a HFS train.")
    hfs_trains: int = quantity(1, low=1, high=1000, unit="", text="Number of HFS trains.")
    hfs_every: float = quantity(20.0, low=0.1, high=3600, unit="s", text="From HFS train to train.")
    lfs_rate: float = quantity(1.0, low=0.01, high=1000, unit="Hz", text="Rate of the LFS.")
    lfs_pulses: int = quantity(900, low=1, high=100_000, unit="", text="Pulses of the LFS.")
    again: bool = Field(
        default=False, description="Whether the first induction is repeated at the end."
    )

    def hfs(self) -> Bursts:
        """Return the high-frequency stimulation."""
        return Bursts(
            bursts=1,
            n_pulses=self.hfs_pulses,
            rate=self.hfs_rate,
            trains=self.hfs_trains,
            every=self.hfs_every,
            strength=self.strength,
        )

    def lfs(self) -> Train:
        """Return the low-frequency stimulation."""
        return Train(rate=self.lfs_rate, n_pulses=self.lfs_pulses, strength=self.strength)

    def in_turn(self, first: Phase, second: Phase) -> tuple[Phase, ...]:
        """Return one induction, the other, and perhaps the one once more, with rests between."""
        rest = Rest(length=self.rest)
        return (first, rest, second, *((rest, first) if self.again else ()))


class Depotentiation(InducedProtocol, _Options):
    """High-frequency stimulation, a rest, and 1 Hz that takes the potentiation back.

    With `again`, another rest and high-frequency stimulation once more.

    References
    ----------
    Fujii S, Saito K, Miyakawa H, Ito K, Kato H (1991) Brain Res 555:112-122 (recollected).
    """

    name: ClassVar[str] = "depotentiation"
    title: ClassVar[str] = "potentiation taken back by low-frequency stimulation"

    def sequence(self) -> tuple[Phase, ...]:
        """Return the phases of the induction, in order."""
        return self.in_turn(self.hfs(), self.lfs())


class Dedepression(InducedProtocol, _Options):
    """Low-frequency stimulation, a rest, and 100 Hz that takes the depression back.

    With `again`, another rest and low-frequency stimulation once more.

    References
    ----------
    Dudek SM, Bear MF (1993) J Neurosci 13:2910-2918. doi:10.1523/JNEUROSCI.13-07-02910.1993
    (recollected).
    """

    name: ClassVar[str] = "de-depression"
    title: ClassVar[str] = "depression taken back by high-frequency stimulation"

    def sequence(self) -> tuple[Phase, ...]:
        """Return the phases of the induction, in order."""
        return self.in_turn(self.lfs(), self.hfs())


class Saturation(InducedProtocol, Strength):
    """Low-frequency stimulation again and again, until nothing more is to be had.

    References
    ----------
    Dudek SM, Bear MF (1993) J Neurosci 13:2910-2918. doi:10.1523/JNEUROSCI.13-07-02910.1993
    (recollected).
    """

    name: ClassVar[str] = "saturation"
    title: ClassVar[str] = "depression by low-frequency stimulation, repeated until it saturates"

    repeats: int = quantity(3, low=2, high=100, unit="", text="How often it is given.")
    rest: float = quantity(30.0, low=0.05, high=600, unit="min", text="From one time to the next.")
    rate: float = quantity(1.0, low=0.01, high=1000, unit="Hz", text="Rate of the pulses.")
    n_pulses: int = quantity(
        900, low=1, high=100_000, unit="", text="Pulses each time.", alias="pulses"
    )

    def sequence(self) -> tuple[Phase, ...]:
        """Return the phases of the induction, in order."""
        lfs = Train(rate=self.rate, n_pulses=self.n_pulses, strength=self.strength)
        rest = Rest(length=self.rest)
        return (*(lfs, rest) * (self.repeats - 1), lfs)
