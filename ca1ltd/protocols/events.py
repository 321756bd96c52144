"""What a protocol does to the slice, and when: pulses, current steps and clamps."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, TypeVar

from ca1ltd.units import ms

PathwayName = Literal["conditioned", "control"]
PulseKind = Literal["test", "induction"]
PATHWAYS: tuple[PathwayName, PathwayName] = ("conditioned", "control")

REFRACTORY_PERIOD = 2.0 * ms
"""Absolute refractory period of a Schaffer collateral axon (assumed: unmyelinated, 30 C)."""
MIN_INTERVAL = 2 * REFRACTORY_PERIOD
"""Shortest interval between two pulses to one pathway that every axon follows."""


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
    strength : float
        Without a `current`: how many axons it recruits, as a multiple of those that the pathway's
        set current, that of the test pulses, recruits.
    """

    time: float
    pathways: tuple[PathwayName, ...]
    kind: PulseKind
    current: float | None = None
    strength: float = 1.0


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


@dataclass(frozen=True, slots=True)
class Hold:
    """A voltage clamp of the soma, for a while.

    Attributes
    ----------
    time : float
        When it is switched on (ms from the start of the simulation).
    duration : float
        How long it is on (ms).
    potential : float
        The command (mV).
    """

    time: float
    duration: float
    potential: float


@dataclass(frozen=True, slots=True)
class CalciumClamp:
    """Calcium of a pathway's spines held at a level, as by uncaging.

    Attributes
    ----------
    time : float
        When it is switched on (ms from the start of the simulation).
    duration : float
        How long it is on (ms).
    concentration : float
        The level (mM).
    pathways : tuple of str
        Whose spines.
    """

    time: float
    duration: float
    concentration: float
    pathways: tuple[PathwayName, ...]


Event = Pulse | CurrentStep | Hold | CalciumClamp
_Kind = TypeVar("_Kind", Pulse, CurrentStep, Hold, CalciumClamp)


def chosen(kind: type[_Kind], events: Iterable[Event]) -> tuple[_Kind, ...]:
    """Return the events of a kind, sorted by time."""
    found = [event for event in events if isinstance(event, kind)]
    return tuple(sorted(found, key=lambda event: event.time))
