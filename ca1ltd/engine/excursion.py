"""Simulating a copy of the state, of which no trace is left."""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager

from ca1ltd.engine.integrators import Integrator
from ca1ltd.engine.peaks import SpinePeaks
from ca1ltd.engine.recorder import SpineStates, Tape
from ca1ltd.engine.rig import Rig


class Copies:
    """Makes copies of the state of a simulation: what happens to one happens to nothing else."""

    def __init__(
        self,
        rig: Rig,
        integrator: Integrator,
        tapes: Iterable[Tape],
        spines: SpineStates,
        peaks: SpinePeaks,
    ) -> None:
        self._rig = rig
        self._integrator = integrator
        self._tapes = tuple(tapes)
        self._spines = spines
        self._peaks = peaks

    @contextmanager
    def excursion(self) -> Iterator[None]:
        """Put everything back when the context ends: state, time, electrode, chance and records."""
        with ExitStack() as stack:
            for tape in self._tapes:
                stack.enter_context(tape.set_aside())
            stack.enter_context(self._peaks.set_aside())
            stack.enter_context(self._rig.same_release())
            stack.enter_context(self._rig.electrode.kept())
            stack.enter_context(self._integrator.excursion())
            yield
        self._spines.clear_peaks()  # an assigned variable, which the excursion does not put back
