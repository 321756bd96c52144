"""Every kind of phase by its name, and how phases are read."""

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any, ClassVar, Final

from pydantic import Field, SerializeAsAny, field_serializer, field_validator

from ca1ltd.errors import BadInput
from ca1ltd.jsontext import parse_json
from ca1ltd.options import quantity
from ca1ltd.protocols.events import Event
from ca1ltd.protocols.phases import Calcium, Phase, Rest
from ca1ltd.protocols.steps import Steps
from ca1ltd.protocols.stimulation import Bursts, Clamp, Pairs, Train
from ca1ltd.units import ms

Phases = tuple[SerializeAsAny[Phase], ...]
MOST_PHASES: Final = 10_000
"""As many may follow each other in a protocol."""


def phases_from(given: Any) -> tuple[Phase, ...]:
    """Return phases, from phases or as JSON describes them.

    Parameters
    ----------
    given : sequence or str
        Phases, or objects with a "kind" and the options of that kind; or such a list as JSON text.

    Raises
    ------
    BadInput
        If it is no list, or a phase is not possible; the sentence says which.
    """
    if isinstance(given, str):
        try:
            given = parse_json(given)
        except ValueError as error:
            raise BadInput(f"these phases cannot be read: {error}") from None
    if not isinstance(given, list | tuple):
        raise BadInput("phases must be a list, an object with a 'kind' for each phase")
    return tuple(_phase(number, each) for number, each in enumerate(given, start=1))


def _phase(number: int, given: Any) -> Phase:
    if isinstance(given, Phase):
        return given
    there = f"there are {', '.join(KINDS)}"
    if not isinstance(given, dict) or "kind" not in given:
        raise BadInput(f"phase {number} must be an object with a 'kind': {there}")
    kind = KINDS.get(str(given["kind"]))
    if kind is None:
        raise BadInput(f"phase {number}: no kind '{given['kind']}': {there}")
    try:
        return kind.from_words({key: given[key] for key in given if key != "kind"})
    except BadInput as error:
        raise BadInput(f"phase {number}: {error}") from None


def phase_list(text: str, alias: str | None = None) -> Any:
    """Return a field that holds phases."""
    extra = {"allowed": "a list of objects with a 'kind', as JSON"}
    return Field(default=(), alias=alias, description=text, json_schema_extra=dict(extra))


class Group(Phase):
    """A phase that is made of phases."""

    parts: Phases = phase_list("The phases.", alias="phases")

    @field_validator("parts", mode="before")
    @classmethod
    def _read(cls, given: Any) -> Any:
        return phases_from(given)

    @field_serializer("parts")
    def _write(self, parts: Iterable[Phase]) -> list[dict[str, Any]]:
        return [part.as_dict() for part in parts]


class Together(Group):
    """Phases at the same time, each starting `delay` after the one before it.

    It lasts until all of them are over.
    """

    name: ClassVar[str] = "together"

    delay: float = quantity(
        0.0, low=0, high=60_000, unit="ms", text="From the start of one to that of the next."
    )

    @property
    def duration(self) -> float:
        """Return how long it lasts (ms)."""
        return max(k * self.delay * ms + part.duration for k, part in enumerate(self.parts))

    def events(self, start: float) -> Iterator[Event]:
        """Yield what happens in all of them if the first starts at a time (ms)."""
        for k, part in enumerate(self.parts):
            yield from part.events(start + k * self.delay * ms)

    def _check(self) -> None:
        if len(self.parts) < 2:
            raise BadInput(f"{self.name}: it has {len(self.parts)} phases, and needs 2 or more")
        if any(isinstance(each, Rest) for part in self.parts for each in part.unrolled()):
            raise BadInput(f"{self.name}: a rest cannot be given together with other phases")


class Repeat(Group):
    """Phases one after the other, several times, with a rest between the times."""

    name: ClassVar[str] = "repeat"

    times: int = quantity(2, low=1, high=1000, unit="", text="How many times.")
    rest: float = quantity(
        0.0, low=0, high=600, unit="min", text="From the end of a time to the next; 0 is none."
    )

    def unrolled(self) -> tuple[Phase, ...]:
        """Return the phases that it is, one after the other."""
        once = tuple(chain.from_iterable(part.unrolled() for part in self.parts))
        between = (Rest.from_words({"duration": self.rest}),) if self.rest else ()
        return (*once, *((*between, *once) * (self.times - 1)))

    @property
    def duration(self) -> float:
        """Return how long it lasts (ms), to the end of the last time."""
        return sum(phase.duration for phase in self.unrolled())

    def events(self, start: float) -> Iterator[Event]:
        """Yield what happens in all of them if the first starts at a time (ms)."""
        for phase in self.unrolled():
            yield from phase.events(start)
            start += phase.duration

    def _check(self) -> None:
        if not self.parts:
            raise BadInput(f"{self.name}: it has no phases, and needs 1 or more")
        count = self.times * sum(len(part.unrolled()) for part in self.parts)
        if count > MOST_PHASES:
            raise BadInput(
                f"{self.name}: {count} phases would follow each other, and the most is "
                f"{MOST_PHASES}"
            )
        self.unrolled()  # whose rest must be a possible one


KINDS: dict[str, type[Phase]] = {
    kind.name: kind
    for kind in (Train, Bursts, Pairs, Clamp, Steps, Calcium, Together, Repeat, Rest)
}
