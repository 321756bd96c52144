"""Test pulses alone: what the two pathways do when nothing is induced."""

from typing import ClassVar

from ca1ltd.errors import BadInput
from ca1ltd.protocols.base import quantity
from ca1ltd.protocols.tested import TestedProtocol
from ca1ltd.units import minute, s


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
    test_interval: float = quantity(
        30.0, low=4, high=600, unit="s", text="Between the test pulses of one pathway."
    )

    @property
    def baseline_duration(self) -> float:
        """Return how long the baseline lasts (ms)."""
        return self.baseline * minute

    @property
    def follow_up_duration(self) -> float:
        """Return how long the rest lasts (ms)."""
        return (self.duration - self.baseline) * minute

    @property
    def interval(self) -> float:
        """Return the interval between the test pulses of one pathway (ms)."""
        return self.test_interval * s

    def _check(self) -> None:
        if self.baseline >= self.duration:
            raise BadInput(
                f"test-pulses: baseline is {self.baseline:g} min, and must be less than the "
                f"duration of {self.duration:g} min"
            )
        super()._check()
