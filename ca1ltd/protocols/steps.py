"""The soma stepped to a potential by voltage clamp, without any pulse."""

from collections.abc import Iterator
from typing import ClassVar

from ca1ltd.errors import Impossible
from ca1ltd.options import quantity
from ca1ltd.protocols.events import Event, Hold
from ca1ltd.protocols.phases import Phase
from ca1ltd.units import mV, s


class Steps(Phase):
    """The soma is voltage clamped to a potential, once or several times, without any pulse.

    References
    ----------
    Cummings JA, Mulkey RM, Nicoll RA, Malenka RC (1996) Neuron 16:825-833.
    doi:10.1016/s0896-6273(00)80102-6: channels opened again and again depress without afferents.
    """

    name: ClassVar[str] = "steps"

    potential: float = quantity(
        0.0, low=-120, high=60, unit="mV", text="Potential of the voltage clamp."
    )
    length: float = quantity(
        3.0, low=0.001, high=36_000, unit="s", text="How long a step is.", alias="duration"
    )
    steps: int = quantity(1, low=1, high=10_000, unit="", text="Number of steps.")
    every: float = quantity(5.0, low=0.001, high=36_000, unit="s", text="From step to step.")

    @property
    def duration(self) -> float:
        """Return how long it lasts (ms), to the end of the last step."""
        return ((self.steps - 1) * self.every + self.length) * s

    def events(self, start: float) -> Iterator[Event]:
        """Yield its voltage clamps if it starts at a time (ms)."""
        for k in range(self.steps):
            yield Hold(start + k * self.every * s, self.length * s, self.potential * mV)

    def _check(self) -> None:
        if self.steps > 1 and self.length > self.every:
            raise Impossible(
                self.name, f"steps come every {self.every:g} s, and one lasts {self.length:g} s"
            )
