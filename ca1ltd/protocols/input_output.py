"""Input-output curve: the response to pulses of rising current."""

from typing import Annotated, Any, ClassVar

from pydantic import Field, field_validator

from ca1ltd.options import quantity
from ca1ltd.protocols.base import Protocol
from ca1ltd.protocols.events import PathwayName, Pulse
from ca1ltd.units import s

CURRENTS = tuple(float(current) for current in range(10, 101, 10))
"""Default levels (uA): from below the threshold of every axon to most of the neighbourhood."""


class InputOutput(Protocol):
    """One pulse per current and repeat, the currents in the order given.

    There is no induction and no baseline: time 0 of the tables is the start of the run, and the
    summary window is the whole run.
    """

    name: ClassVar[str] = "input-output"
    title: ClassVar[str] = "input-output curve: one pulse at each stimulating current"

    currents: tuple[Annotated[float, Field(ge=0.1, le=1000, allow_inf_nan=False)], ...] = Field(
        default=CURRENTS,
        min_length=1,
        description="Stimulating currents.",
        json_schema_extra={"unit": "uA"},
    )
    repeats: int = quantity(3, low=1, high=1000, unit="", text="Times through all currents.")
    interval: float = quantity(10.0, low=1, high=600, unit="s", text="Between pulses.")
    pathway: PathwayName = Field(default="conditioned", description="Which electrode.")

    @field_validator("currents", mode="before")
    @classmethod
    def _split(cls, given: Any) -> Any:
        """Take the numbers of a text apart at its commas."""
        return given.split(",") if isinstance(given, str) else given

    @property
    def t_stop(self) -> float:
        """Return the length of the run (ms)."""
        return len(self.currents) * self.repeats * self.interval * s

    def pulses(self) -> tuple[Pulse, ...]:
        """Return all pulses, sorted by time."""
        return tuple(
            Pulse(
                time=(k + 0.5) * self.interval * s,
                pathways=(self.pathway,),
                kind="test",
                current=current,
            )
            for k, current in enumerate(self.currents * self.repeats)
        )
