"""Numbers of a file, each with its unit, the range it is allowed and where it comes from."""

from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, GetCoreSchemaHandler
from pydantic_core import CoreSchema
from pydantic_core.core_schema import no_info_after_validator_function


class Quantity(BaseModel):
    """A number with its unit and where it comes from."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    value: float
    unit: str
    source: Annotated[str, Field(min_length=8)]


@dataclass(frozen=True, slots=True)
class Allowed:
    """The unit of a quantity and the range of its value, both ends included."""

    unit: str
    low: float
    high: float

    def check(self, quantity: Quantity) -> Quantity:
        """Return the quantity; raise ValueError if it is not allowed."""
        if quantity.unit != self.unit:
            raise ValueError(f"its unit is {self.unit}, not {quantity.unit}")
        if not self.low <= quantity.value <= self.high:
            raise ValueError(
                f"{quantity.value:g} {self.unit} is outside {self.low:g} to {self.high:g} "
                f"{self.unit}"
            )
        return quantity

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Return pydantic's schema of an annotated quantity."""
        return no_info_after_validator_function(self.check, handler(source))


Conductance = Annotated[Quantity, Allowed("S/cm2", 0.0, 10.0)]
Distance = Annotated[Quantity, Allowed("um", 0.0, 2000.0)]
Potential = Annotated[Quantity, Allowed("mV", -120.0, 120.0)]
Resistance = Annotated[Quantity, Allowed("Ohm cm2", 1e3, 1e6)]
Gradient = Annotated[Quantity, Allowed("1/um", 0.0, 1.0)]
