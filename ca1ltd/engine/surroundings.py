"""What changes around a cell during a run beside drugs: its solutions, and its steady current."""

from collections.abc import Iterator, Sequence
from functools import partial

from ca1ltd.engine.bath import Change
from ca1ltd.engine.holding import steady_current
from ca1ltd.engine.integrators import Integrator
from ca1ltd.engine.rig import Rig
from ca1ltd.model.condition_windows import Step


class Surroundings:
    """The steps of the conditions that a run changes.

    The slice must be as in the first step, but need not rest: rest is sought for each potential
    that a steady current will keep.

    Parameters
    ----------
    rig : Rig
        The slice.
    integrator : Integrator
        What finds rest.
    steps : sequence of Step
        What is so when.

    Raises
    ------
    BadInput
        If no steady current keeps the soma at a potential.
    """

    def __init__(self, rig: Rig, integrator: Integrator, steps: Sequence[Step]) -> None:
        self._rig = rig
        self._integrator = integrator
        self._steps = steps
        self._holding = steps[0].holding if steps else None
        potentials = dict.fromkeys(step.holding for step in steps)
        self._currents = {
            potential: 0.0 if potential is None else steady_current(rig, integrator, potential)
            for potential in (potentials if len(potentials) > 1 else ())
        }
        rig.electrode.inject_steadily(0.0)

    def changes(self) -> Iterator[Change]:
        """Yield what happens during the run."""
        for step in self._steps[1:]:
            yield Change(step.time, partial(self._take, step), step.gradual)

    def _take(self, step: Step) -> None:
        for key, value in step.parameters.items():
            self._rig.set_parameter(key, value)
        self._rig.strength = step.strength
        if step.holding != self._holding:
            self._holding = step.holding
            self._rig.electrode.inject_steadily(self._currents[step.holding])
            self._integrator.current_changed()
