"""What the recording electrode is switched to when: steps of current and voltage clamps."""

from collections.abc import Callable
from functools import partial

from ca1ltd.engine.agenda import Item, Turn
from ca1ltd.engine.integrators import Integrator
from ca1ltd.engine.rig import Rig
from ca1ltd.protocols import Protocol


def switches_of(protocol: Protocol, rig: Rig, integrator: Integrator) -> list[Item]:
    """Return what the recording electrode does under a protocol, sorted by time."""

    def item(time: float, switch: Callable[[], None]) -> Item:
        def do() -> None:
            switch()
            integrator.current_changed()

        return Item(time, Turn.SWITCH, do)

    items = []
    for step in protocol.current_steps():
        items.append(item(step.time, partial(rig.electrode.inject, step.current)))
        items.append(item(step.time + step.duration, partial(rig.electrode.inject, 0.0)))
    for clamp in protocol.holds():
        items.append(item(clamp.time, partial(rig.electrode.hold, clamp.potential)))
        items.append(item(clamp.time + clamp.duration, partial(rig.electrode.hold, None)))
    return sorted(items, key=lambda item: item.time)
