"""Test pulses alone: what the two pathways do when nothing is induced."""

from typing import ClassVar

from ca1ltd.errors import BadInput
from ca1ltd.options import quantity
from ca1ltd.protocols.tested import TestedProtocol
from ca1ltd.units import minute


class TestPulses(TestedProtocol):
    """Test pulses alternating between the pathways, without induction.

    The first `baseline` minutes are the 100 % to which the rest is compared; time 0 of the tables
    is their end.
    """

    __test__ = False  # pytest: not a test class
    name: ClassVar[str] = "test-pulses"
    title: ClassVar[str] = "test pulses to both pathways, without induction"

    duration: float = quantity(20.0, low=2, high=1400, unit="min", text="Whole length of the run.")
    baseline: float = quantity(10.0, low=1, high=600, unit="min", text="The part that is 100 %.")

    @property
    def follow_up_duration(self) -> float:
        """Return how long the rest lasts (ms)."""
        return (self.duration - self.baseline) * minute

    def _check(self) -> None:
        if self.baseline >= self.duration:
            raise BadInput(
                f"test-pulses: baseline is {self.baseline:g} min, and must be less than the "
                f"duration of {self.duration:g} min"
            )
        super()._check()
