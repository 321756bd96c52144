"""Protocols with an induction between a baseline and a follow-up."""

from ca1ltd.protocols.base import quantity
from ca1ltd.protocols.tested import TestedProtocol
from ca1ltd.units import minute, s


class InducedProtocol(TestedProtocol):
    """An induction after `baseline` minutes, followed for `follow_up` minutes."""

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
