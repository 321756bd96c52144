"""The drugs in the bath of a slice: which are there when, and what they change."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import NamedTuple

from ca1ltd.engine.rig import Rig
from ca1ltd.model.drugs import Drug, DrugInfo, courses, is_washed, together
from ca1ltd.protocols import Protocol


class Change(NamedTuple):
    """What the bath does at a time (ms): at once, or a small step of a gradual course."""

    time: float
    do: Callable[[], None]
    gradual: bool


class Bath:
    """The drugs in the bath; those that are there from the start act at once.

    Parameters
    ----------
    rig : Rig
        The slice.
    drugs : sequence of Drug
        What is washed in and out.
    protocol : Protocol
        By which drugs know when they come and go.
    """

    def __init__(self, rig: Rig, drugs: Sequence[Drug], protocol: Protocol) -> None:
        self._rig = rig
        self._drugs = drugs
        self._courses = courses(drugs, protocol, rig.wash)
        self._present: dict[DrugInfo, float] = {}
        for known, course in self._courses.items():
            self._set(known, course[0][1])
        self._act()

    def changes(self) -> Iterator[Change]:
        """Yield what happens to the drugs during the run."""
        for known, (_, *later) in self._courses.items():
            for time, concentration in later:
                do = partial(self._wash, known, concentration)
                yield Change(time, do, is_washed(known, self._rig.wash))

    def _wash(self, known: DrugInfo, concentration: float) -> None:
        self._set(known, concentration)
        self._act()

    def _set(self, known: DrugInfo, concentration: float) -> None:
        self._present.pop(known, None)
        if concentration:
            self._present[known] = concentration

    def _act(self) -> None:
        for mechanism, name, value in together(self._drugs, self._present, self._rig.value):
            self._rig.set_everywhere(mechanism, name, value)
