"""Conditions of a window of a run: which can change in it, and what changes when.

A solution of the bath follows what flows in as drugs do, with the time constant of the bath. The
steady current of a holding potential is switched.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from types import MappingProxyType
from typing import Any, Final

from ca1ltd.errors import BadInput
from ca1ltd.model import parameters, window
from ca1ltd.model.conditions import Conditions
from ca1ltd.model.drugs import Effect, exchanged
from ca1ltd.model.window import Timed
from ca1ltd.units import minute

SOLUTIONS: Final = {"mg": "mg_o", "ca": "ca_o"}
"""Conditions of the bath that can change in a run, by word; the field of each."""
HOLDING: Final = "holding"
_WHY_NOT: Final = {
    "temperature": "channels have the rates of the temperature at which a run begins",
    "age": "a slice does not age while it is recorded",
    "gaba": "give --gaba intact, and picrotoxin with a window",
    "buffer": "give it as a drug, whose window is that of the pipette",
    "genotype": "a slice is of one animal",
    "wash": "it is that of all windows",
    "readjust": "the test stimulus is set anew in all solutions of a run, or in none",
}
_SPEC: Final = re.compile(r"(?P<word>[^=@]+)=(?P<value>[^@]+)@(?P<start>.*?)\.\.(?P<end>.*)")
_WRITTEN: Final = "NAME=VALUE@FROM..TO (minutes)"
_AMOUNT: Final = Effect(mechanism="", variable="", law="amount")


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionWindow:
    """A condition that is another one for a while.

    Attributes
    ----------
    name : str
        Word of the condition: "mg", "ca" or "holding".
    value : float
        What it is then, in its unit.
    start, end : float or None
        The window in minutes from the start of induction; None is the start or end of the run.
    """

    name: str
    value: float
    start: float | None = None
    end: float | None = None

    def __post_init__(self) -> None:
        if self.name in _WHY_NOT:
            raise BadInput(f"{self.name} cannot change during a run: {_WHY_NOT[self.name]}")
        if self.name not in (*SOLUTIONS, HOLDING):
            there = ", ".join((*SOLUTIONS, HOLDING))
            raise BadInput(f"no condition '{self.name}' can change during a run: {there} can")
        known = Conditions.model_validate({self.name: self.value})
        value = getattr(known, SOLUTIONS.get(self.name, self.name))
        if value is None:
            raise BadInput(f"{self.name} in a window must be a number of mV")
        object.__setattr__(self, "value", value)
        window.check(self.name, self.start, self.end)

    def span(self, protocol: Timed) -> tuple[float, float]:
        """Return from when to when it is (ms from the start of the simulation).

        Raises
        ------
        BadInput
            If the window lies wholly outside the run.
        """
        return window.span(self.name, self.start, self.end, protocol)

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return {"name": self.name, "value": self.value, "start": self.start, "end": self.end}

    def __str__(self) -> str:
        return f"{self.name}={self.value:.12g}@{window.written(self.start, self.end)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What is so from a time on.

    Attributes
    ----------
    time : float
        In ms from the start of the simulation.
    parameters : mapping
        Parameters that the windows of a run change, by key.
    holding : float or None
        Where a steady current keeps the soma (mV), if there is one.
    strength : float
        What the strength of every pulse is multiplied by, where the stimulus is readjusted.
    gradual : bool
        Whether it is a small step of an exchange of solutions.
    """

    time: float
    parameters: Mapping[str, float]
    holding: float | None
    strength: float
    gradual: bool


def parse(text: str) -> ConditionWindow:
    """Return what ``NAME=VALUE@FROM..TO`` describes (minutes from the start of induction).

    Raises
    ------
    BadInput
        If the text is not of this form, or the condition cannot be this in a window.

    Examples
    --------
    >>> str(parse("mg=0.1@-5..15"))
    'mg=0.1@-5..15'
    """
    match = _SPEC.fullmatch(text.strip())
    if match is None:
        raise BadInput(
            f"the condition '{text}' is not written {_WRITTEN}; without a window it is an option "
            "of its own, as --mg 0.1"
        )
    return ConditionWindow(
        name=match["word"].strip(),
        value=match["value"],  # type: ignore[arg-type] # checked with the condition's unit
        start=_minutes(text, match["start"]),
        end=_minutes(text, match["end"]),
    )


def _minutes(text: str, part: str) -> float | None:
    try:
        return float(part) if part.strip() else None
    except ValueError:
        raise BadInput(
            f"in the condition '{text}', '{part}' is not a number: write {_WRITTEN}"
        ) from None


def refuse_overlap(windows: Sequence[ConditionWindow]) -> None:
    """Raise BadInput if a condition has two values at a time."""
    for one, other in combinations(windows, 2):
        spans = (one.start, one.end), (other.start, other.end)
        if one.name == other.name and window.overlap(*spans):
            raise BadInput(
                f"{one.name} is given twice at once, as {one} and as {other}: the windows of a "
                "condition must not overlap"
            )


def steps(
    conditions: Conditions,
    windows: Iterable[ConditionWindow],
    protocol: Timed,
    said: Mapping[str, float] = MappingProxyType({}),
) -> tuple[Step, ...]:
    """Return what is so when in a run, the first of time 0.

    Parameters
    ----------
    conditions : Conditions
        What is so outside the windows.
    windows : iterable of ConditionWindow
        What is so inside; none overlap.
    protocol : Timed
        By which windows know when they are.
    said : mapping
        Parameters that are changed whatever the conditions ask for, by key.
    """
    by_word: dict[str, list[ConditionWindow]] = {}
    for each in windows:
        by_word.setdefault(each.name, []).append(each)
    courses = {
        SOLUTIONS.get(word, word): _course(conditions, word, own, protocol)
        for word, own in by_word.items()
    }
    times = sorted({0.0, *(time for course in courses.values() for time, _ in course)})
    switched = {time for time, _ in courses.get(HOLDING, ())}
    here = [
        conditions.model_copy(
            update={field: _at(time, course) for field, course in courses.items()}
        )
        for time in times
    ]
    found = [each.parameters(said) for each in here]
    keys = sorted(
        {key for each in found for key in each if len({one.get(key) for one in found}) > 1}
    )
    return tuple(
        Step(
            time=time,
            parameters={key: each.get(key, parameters.default(key)) for key in keys},
            holding=now.holding,
            strength=now.strength(conditions, said),
            gradual=conditions.wash > 0 and time not in switched,
        )
        for time, now, each in zip(times, here, found, strict=True)
    )


def _course(
    conditions: Conditions, word: str, windows: Sequence[ConditionWindow], protocol: Timed
) -> tuple[tuple[float, Any], ...]:
    """Return from when (ms) a condition is what; the first of time 0."""
    outside = getattr(conditions, SOLUTIONS.get(word, word))
    spans = [(*each.span(protocol), each.value) for each in windows]
    changes = {0.0: outside} | {off: outside for _, off, _ in spans if off < protocol.t_stop}
    changes |= {on: value for on, _, value in spans}
    flowing = tuple(sorted(changes.items()))
    tau = conditions.wash * minute
    if word == HOLDING or not tau:
        return flowing
    return exchanged(flowing, protocol.t_stop, (_AMOUNT,), coming=tau, going=tau)


def _at(time: float, course: Sequence[tuple[float, Any]]) -> Any:
    return [value for since, value in course if since <= time][-1]
