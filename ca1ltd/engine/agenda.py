"""What is done when in a simulation, in the order of time."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import IntEnum


class Turn(IntEnum):
    """What comes first of the things at one time."""

    CHANGE = 0
    PROBE = 1
    PULSE = 2
    SWITCH = 3
    READ = 4
    END = 5


@dataclass(frozen=True, slots=True)
class Item:
    """Something to be done at a time (ms)."""

    time: float
    turn: Turn
    do: Callable[[], None]


def in_order(items: Iterable[Item], t_stop: float) -> list[Item]:
    """Return the items up to a time (ms) sorted by time and turn, otherwise as they came."""
    ordered = sorted(items, key=lambda item: (item.time, item.turn))
    return [item for item in ordered if item.time <= t_stop]
