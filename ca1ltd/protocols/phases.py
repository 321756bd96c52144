"""Phases: what an induction is made of, one after the other.

Each is a value with a kind, readable from and writable as JSON, as ``{"kind": "train", "rate": 1,
"pulses": 900}``. Told when it starts, a phase says what happens when.
"""

from abc import abstractmethod
from collections.abc import Iterator
from typing import Any, ClassVar

from pydantic import ConfigDict, Field, field_validator

from ca1ltd.errors import BadInput
from ca1ltd.options import Described, quantity
from ca1ltd.protocols.events import CalciumClamp, Event, PathwayName
from ca1ltd.units import minute, s, uM


class Phase(Described):
    """A part of an induction. Its name is its kind."""

    model_config = ConfigDict(populate_by_name=True)

    @property
    @abstractmethod
    def duration(self) -> float:
        """Return how long it lasts (ms): the next phase starts at its end."""

    @abstractmethod
    def events(self, start: float) -> Iterator[Event]:
        """Yield what happens if it starts at a time (ms): pulses, current steps and clamps."""

    def unrolled(self) -> "tuple[Phase, ...]":
        """Return the phases that it is, one after the other."""
        return (self,)

    def as_dict(self) -> dict[str, Any]:
        """Return the phase as JSON values, its kind first."""
        return {"kind": self.name, **self.model_dump(mode="json", by_alias=True)}


class Rest(Phase):
    """Nothing but test pulses to both pathways, before an induction."""

    name: ClassVar[str] = "rest"

    length: float = quantity(
        30.0, low=0.05, high=600, unit="min", text="How long it is.", alias="duration"
    )

    @property
    def duration(self) -> float:
        """Return how long it lasts (ms)."""
        return self.length * minute

    def events(self, start: float) -> Iterator[Event]:  # noqa: ARG002 - nothing happens
        """Yield nothing."""
        yield from ()


class OnPathways(Phase):
    """A phase that concerns one pathway, or both at the same time."""

    pathways: tuple[PathwayName, ...] = Field(
        default=("conditioned",), min_length=1, description="Which pathways."
    )

    @field_validator("pathways", mode="before")
    @classmethod
    def _split(cls, given: Any) -> Any:
        """Take the words of a text apart at its commas."""
        return given.split(",") if isinstance(given, str) else given

    def _check(self) -> None:
        if len(set(self.pathways)) < len(self.pathways):
            raise BadInput(f"{self.name}: a pathway of {', '.join(self.pathways)} is given twice")


class Calcium(OnPathways):
    """Calcium of a pathway's spines is held at a level, without any pulse.

    References
    ----------
    Yang SN, Tang YG, Zucker RS (1999) J Neurophysiol 81:781-787. doi:10.1152/jn.1999.81.2.781
    (recollected): .7 uM for a minute depresses, 10 uM for some seconds potentiates.
    """

    name: ClassVar[str] = "calcium"

    concentration: float = quantity(0.7, low=0.01, high=1000, unit="uM", text="The level.")
    length: float = quantity(
        60.0, low=0.01, high=36_000, unit="s", text="How long it is held.", alias="duration"
    )

    @property
    def duration(self) -> float:
        """Return how long it lasts (ms)."""
        return self.length * s

    def events(self, start: float) -> Iterator[Event]:
        """Yield the clamp if it is switched on at a time (ms)."""
        yield CalciumClamp(start, self.duration, self.concentration * uM, self.pathways)
