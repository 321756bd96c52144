"""What is read from a running simulation: the somatic potential and the states of all spines."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import numpy as np
from neuron import n

from ca1ltd.arrays import Floats
from ca1ltd.engine.monotone import monotone_cubic
from ca1ltd.engine.pointers import Gathered, owner
from ca1ltd.engine.rig import Rig
from ca1ltd.model.mechanisms import Mechanism, State, shown
from ca1ltd.recording import SAMPLE

#: What is recorded of a spine, by column: the mechanism it belongs to (the potential to none).
STATES: Final[dict[str, tuple[Mechanism | None, State]]] = {
    "spine_v_mV": (None, State("v", "membrane potential")),
    **{state.column: (mechanism, state) for mechanism, state in shown() if state.column},
}


class SpineStates:
    """Reads a state of all spines at once.

    Parameters
    ----------
    rig : Rig
        The slice; spines are in the order of `Rig.synapses`.
    """

    def __init__(self, rig: Rig) -> None:
        heads = [synapse.spine.head(0.5) for synapse in rig.synapses.values()]
        self._n_spines = len(heads)
        self._places: dict[str, Gathered] = {}
        self._units: dict[str, float] = {}
        for column, (mechanism, state) in STATES.items():
            name = mechanism.name if mechanism else ""
            self._units[column] = rig.value(f"{name}.{state.total}") if state.total else state.unit
            owners = [owner(head, name, state.name) for head in heads]
            self._places[column] = Gathered([getattr(it, f"_ref_{state.name}") for it in owners])

    def __len__(self) -> int:
        """Return the number of spines."""
        return self._n_spines

    def read(self, state: str) -> Floats:
        """Return a state of `STATES` of every spine, shape ``(n_spines,)``."""
        values = self._places[state].gather() / self._units[state]
        if state == "spine_ca_peak_uM":  # the mechanism looks at the start of steps
            values = np.maximum(values, self.read("spine_ca_uM"))
        return values

    def clear_peaks(self) -> None:
        """Begin a new search for the peak of spine calcium."""
        self._places["spine_ca_peak_uM"].scatter(0.0)


class Tape:
    """The record of a variable at every step, kept only as long as needed.

    Parameters
    ----------
    reference : hoc pointer
        What to record. It must exist before NEURON is initialised.
    middle : bool
        Whether the value in the middle of a step is told, the mean of those at its ends. Currents
        are balanced there (Crank-Nicolson); at the ends of steps, where the small potential that
        drives a current along a dendrite rings, their record would ring many times more.

    Attributes
    ----------
    reference : hoc pointer
        As given.
    values : Vector
        The values recorded since the last `erase` and not forgotten.
    """

    def __init__(self, reference: Any, *, middle: bool = False) -> None:
        self.reference = reference
        self._middle = middle
        self.values = n.Vector().record(reference)
        self._times = n.Vector().record(n._ref_t)
        self._forgotten = 0

    def __len__(self) -> int:
        """Return the number of values recorded since the last `erase`, forgotten ones included."""
        return self._forgotten + len(self._times)

    @property
    def end(self) -> float:
        """The last time that was recorded (ms)."""
        return float(self._times[-1])

    @contextmanager
    def set_aside(self) -> Iterator[None]:
        """Forget what is recorded while the context lasts: it belongs to a copy of the state."""
        kept = len(self._times)
        try:
            yield
        finally:
            self._forgotten += len(self._times) - kept
            self.values.resize(kept)
            self._times.resize(kept)

    def erase(self) -> None:
        """Forget everything: time has been set back."""
        self.values.resize(0)
        self._times.resize(0)
        self._forgotten = 0

    def forget(self, before: float) -> None:
        """Forget what was recorded earlier than a time (ms), but for the last value before it."""
        later = int(self._times.indwhere(">", before))
        gone = (later if later >= 0 else len(self._times)) - 1
        if gone > 0:
            self.values.remove(0, gone - 1)
            self._times.remove(0, gone - 1)
            self._forgotten += gone

    def means(self, edges: Floats) -> Floats:
        """Return the means between successive times (ms), shape ``(n_edges - 1,)``."""
        times, values = self._times.as_numpy(), self.values.as_numpy()
        areas = np.cumsum(np.diff(times) * (values[1:] + values[:-1]) / 2)
        return np.diff(np.interp(edges, times, np.append(0.0, areas))) / np.diff(edges)

    def window(self, start: float, stop: float) -> tuple[Floats, Floats]:
        """Return times (ms) and values between two times on a regular grid of `SAMPLE`.

        Steps are uneven; the grid is interpolated by monotone cubics, which add no extremum.
        """
        times = self._times.as_numpy()
        grid = np.arange(round((stop - start) / SAMPLE) + 1) * SAMPLE + start
        grid = grid[(grid >= times[0]) & (grid <= times[-1])]
        return grid, self.at(grid)

    def at(self, moments: Floats) -> Floats:
        """Return the values at times (ms) between the first and the last that are recorded."""
        times, values = self._times.as_numpy(), self.values.as_numpy()
        last = np.append(times[1:] > times[:-1], True)  # after an event replaces before it
        times, values = times[last], values[last]
        if self._middle:
            times, values = _in_the_middle(times), _in_the_middle(values)
        return monotone_cubic(times, values, moments)

    def begin(self) -> None:
        """Forget everything, and record the present value: time has been set back to now."""
        self.erase()
        self._times.append(n.t)
        self.values.append(self.reference[0])


def _in_the_middle(row: Floats) -> Floats:
    """Return the means of neighbours, with the first and the last value as they are."""
    return np.concatenate((row[:1], (row[1:] + row[:-1]) / 2, row[-1:]))
