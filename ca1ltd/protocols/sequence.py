"""Any sequence of phases, from a script or a file."""

from collections.abc import Iterable
from itertools import chain, pairwise
from typing import Any, ClassVar

from pydantic import field_serializer, field_validator

from ca1ltd.errors import BadInput
from ca1ltd.options import Option
from ca1ltd.protocols.induced import InducedProtocol
from ca1ltd.protocols.phase_kinds import MOST_PHASES, Phases, phase_list, phases_from
from ca1ltd.protocols.phases import Phase, Rest


class PhasedProtocol(InducedProtocol):
    """Phases one after the other, between baseline and follow-up.

    Test pulses to both pathways go on in the rests before and between inductions.
    """

    name: ClassVar[str] = "phases"
    title: ClassVar[str] = "any sequence of phases, from a file"

    more_options: ClassVar[tuple[Option, ...]] = (
        Option(
            word="file",
            key="file",
            text="A protocol's file, of any protocol; other options count before what it says.",
            default="none",
            allowed="the path of a JSON file",
        ),
    )

    phases: Phases = phase_list("What is done, one after the other.")

    @field_validator("phases", mode="before")
    @classmethod
    def _read(cls, given: Any) -> Any:
        return phases_from(given)

    @field_serializer("phases")
    def _write(self, phases: Iterable[Phase]) -> list[dict[str, Any]]:
        return [phase.as_dict() for phase in phases]

    def sequence(self) -> tuple[Phase, ...]:
        """Return the phases of the induction, in order."""
        return tuple(chain.from_iterable(phase.unrolled() for phase in self.phases))

    def _check(self) -> None:
        if not self.phases:
            raise BadInput("this protocol has no phases: give it a list of them, or a --file")
        sequence = self.sequence()
        if len(sequence) > MOST_PHASES:
            raise BadInput(
                f"{self.name}: {len(sequence)} phases would follow each other, and the most is "
                f"{MOST_PHASES}"
            )
        if isinstance(sequence[-1], Rest):
            raise BadInput(
                "the last phase is a rest, and must be an induction: after it there is the "
                "follow-up"
            )
        for number, (one, other) in enumerate(pairwise(sequence), start=1):
            if isinstance(one, Rest) and isinstance(other, Rest):
                raise BadInput(f"the phases {number} and {number + 1} are rests: make them one")
        super()._check()
