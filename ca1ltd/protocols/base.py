"""What every protocol is: a validated description that yields its pulses."""

from abc import abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ModelWrapValidatorHandler,
    ValidationError,
    model_validator,
)
from pydantic_core import ErrorDetails

from ca1ltd.errors import BadInput
from ca1ltd.units import hour, ms

PathwayName = Literal["conditioned", "control"]
PulseKind = Literal["test", "induction"]
PATHWAYS: tuple[PathwayName, PathwayName] = ("conditioned", "control")

REFRACTORY_PERIOD = 2.0 * ms
"""Absolute refractory period of a Schaffer collateral axon (assumed: unmyelinated, 30 C)."""
MIN_INTERVAL = 2 * REFRACTORY_PERIOD
"""Shortest interval between two pulses to one pathway that every axon follows."""
LONGEST_RUN = 24 * hour


@dataclass(frozen=True, slots=True)
class Pulse:
    """One stimulus pulse, or the same pulse given at once through both electrodes.

    Attributes
    ----------
    time : float
        Onset (ms from the start of the simulation).
    pathways : tuple of str
        Which electrodes give it: "conditioned", "control" or both.
    kind : str
        "test" or "induction".
    current : float or None
        Stimulating current (uA); None is the current set for the pathway.
    """

    time: float
    pathways: tuple[PathwayName, ...]
    kind: PulseKind
    current: float | None = None


@dataclass(frozen=True, slots=True)
class CurrentStep:
    """A step of current into the soma.

    Attributes
    ----------
    time : float
        Onset (ms from the start of the simulation).
    duration : float
        Its length (ms).
    current : float
        The current (nA), depolarising above 0.
    """

    time: float
    duration: float
    current: float


def quantity(
    default: float | tuple[float, ...],
    *,
    low: float,
    high: float,
    unit: str,
    text: str,
    alias: str | None = None,
) -> Any:
    """Return a field that holds a number with a unit and an allowed range.

    Parameters
    ----------
    default : float
        The default, in `unit`.
    low, high : float
        The allowed range, ends included, in `unit`.
    unit : str
        The unit as people say it ("Hz", "min"), or "" for a count.
    text : str
        What it is, for the command line's help.
    alias : str, optional
        The word users say, where the attribute's name must differ from it.
    """
    return Field(
        default=default,
        alias=alias,
        ge=low,
        le=high,
        allow_inf_nan=False,
        description=text,
        json_schema_extra={"unit": unit},
    )


class Protocol(BaseModel):
    """A stimulation protocol; its fields are its options, in the units people say.

    Times that methods and properties return are in ms from the start of the simulation.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    name: ClassVar[str]
    title: ClassVar[str]

    @property
    def induction_start(self) -> float:
        """Return the time (ms) that tables call ``time_min = 0``; by default the run's start."""
        return 0.0

    @property
    def induction_end(self) -> float:
        """Return when induction is over (ms); without induction, `induction_start`."""
        return self.induction_start

    @property
    @abstractmethod
    def t_stop(self) -> float:
        """Return the length of the run (ms)."""

    @property
    def summary_window(self) -> tuple[float, float]:
        """Return the window (from, to; ms) of the outcome; by default the whole run."""
        return 0.0, self.t_stop

    @abstractmethod
    def pulses(self) -> tuple[Pulse, ...]:
        """Return all pulses, sorted by time."""

    def current_steps(self) -> tuple[CurrentStep, ...]:
        """Return all steps of current into the soma, sorted by time; none overlap."""
        return ()

    def probe_times(self) -> tuple[tuple[float, PathwayName], ...]:
        """Return when, and through which pathway, the noise-free EPSP is probed (ms).

        A protocol without a baseline to compare with has none.
        """
        return ()

    def as_dict(self) -> dict[str, Any]:
        """Return the protocol as JSON values, its name first."""
        return {"name": self.name, **self.model_dump(mode="json", by_alias=True)}

    @model_validator(mode="wrap")
    @classmethod
    def _in_words(cls, data: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        try:
            protocol = handler(data)
        except ValidationError as error:
            raise BadInput(cls._sentence(error.errors()[0])) from None
        protocol._check()
        return protocol

    def _check(self) -> None:
        """Raise BadInput if the fields are each allowed but make no possible run together."""
        if self.t_stop > LONGEST_RUN:
            raise BadInput(
                f"this {self.name} would take {self.t_stop / hour:.3g} h, and the longest run is "
                f"{LONGEST_RUN / hour:.0f} h"
            )
        last: dict[str, float] = {}
        for pulse in self.pulses():
            for pathway in pulse.pathways:
                interval = pulse.time - last.get(pathway, -LONGEST_RUN)
                if interval < MIN_INTERVAL * (1 - 1e-9):
                    raise BadInput(
                        f"this {self.name} has pulses {interval:.3g} ms apart, and an axon with a "
                        f"refractory period of {REFRACTORY_PERIOD:g} ms follows intervals of "
                        f"{MIN_INTERVAL:g} ms and more"
                    )
                last[pathway] = pulse.time

    @classmethod
    def _sentence(cls, error: ErrorDetails) -> str:
        word = str(error["loc"][0]).replace("_", "-") if error["loc"] else ""
        options = {option.word: option for option in options_of(cls)}
        if word not in options:
            return f"{cls.name} has no option '{word}': it has {', '.join(options)}"
        return f"{cls.name}: {word} is {error['input']}, and must be {options[word].allowed}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One option of a protocol, in the words of the command line.

    Attributes
    ----------
    word : str
        Its name as people write it ("follow-up").
    key : str
        Its name in Python and in JSON ("follow_up").
    text : str
        What it is.
    default : str
        The default, as it would be written.
    allowed : str
        Which values it takes, with the unit.
    several : bool
        Whether its value is several numbers with commas between.
    """

    word: str
    key: str
    text: str
    default: str
    allowed: str
    several: bool


def options_of(protocol: type[Protocol]) -> tuple[Option, ...]:
    """Return the options of a protocol in the order of its fields, its own before others."""
    described = protocol.model_json_schema()["properties"]
    properties = {
        word: described[word]
        for kind in protocol.__mro__
        for name in getattr(kind, "__annotations__", {})
        if name in protocol.model_fields
        and (word := protocol.model_fields[name].alias or name) in described
    }
    return tuple(
        Option(
            word=key.replace("_", "-"),
            key=key,
            text=schema["description"],
            default=_written(schema["default"]),
            allowed=_allowed(schema),
            several="items" in schema,
        )
        for key, schema in properties.items()
    )


def _written(default: Any) -> str:
    if isinstance(default, list | tuple):
        return ",".join(_written(item) for item in default)
    return default if isinstance(default, str) else f"{default:g}"


def _allowed(schema: dict[str, Any]) -> str:
    if "enum" in schema:
        return " or ".join(schema["enum"])
    one = schema.get("items", schema)
    kind = "whole number" if one["type"] == "integer" else "number"
    unit = f" {schema['unit']}" if schema.get("unit") else ""
    words = f"from {one['minimum']:g} to {one['maximum']:g}{unit}"
    if one is schema:
        return f"a {kind} {words}"
    return f"one {kind} or several with commas between, each {words}"
