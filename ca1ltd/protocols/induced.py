"""Protocols with an induction between a baseline and a follow-up."""

from ca1ltd.options import quantity
from ca1ltd.protocols.tested import TestedProtocol
from ca1ltd.units import minute


class InducedProtocol(TestedProtocol):
    """An induction after `baseline` minutes, followed for `follow_up` minutes."""

    baseline: float = quantity(20.0, low=1, high=600, unit="min", text="Before induction.")
    follow_up: float = quantity(60.0, low=1, high=600, unit="min", text="After induction.")

    @property
    def follow_up_duration(self) -> float:
        """Return how long the follow-up lasts, from the end of induction (ms)."""
        return self.follow_up * minute
