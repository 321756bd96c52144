"""What is read from a running simulation: the somatic potential and the states of all spines."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import numpy as np
from neuron import n

from ca1ltd.arrays import Floats
from ca1ltd.engine.pointers import Gathered, owner
from ca1ltd.engine.rig import Rig
from ca1ltd.engine.stretch import Stretch, stretches
from ca1ltd.model.mechanisms import Mechanism, State, shown

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

    def places(self, state: str) -> Gathered:
        """Return where a state of `STATES` is in every spine, in the mod file's unit."""
        return self._places[state]

    def unit(self, state: str) -> float:
        """Return the unit in which a state is read, in the mod file's."""
        return self._units[state]

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
    reference, middle
        As given.
    times, values : Vector
        Times (ms) and values recorded since the last `erase` and not forgotten.
    """

    def __init__(self, reference: Any, *, middle: bool = False) -> None:
        self.reference = reference
        self.middle = middle
        self.values = n.Vector().record(reference)
        self.times = n.Vector().record(n._ref_t)
        self._forgotten = 0

    def __len__(self) -> int:
        """Return the number of values recorded since the last `erase`, forgotten ones included."""
        return self._forgotten + len(self.times)

    @property
    def end(self) -> float:
        """The last time that was recorded (ms)."""
        return float(self.times[-1])

    @contextmanager
    def set_aside(self) -> Iterator[None]:
        """Forget what is recorded while the context lasts: it belongs to a copy of the state."""
        kept = len(self.times)
        try:
            yield
        finally:
            self._forgotten += len(self.times) - kept
            self.values.resize(kept)
            self.times.resize(kept)

    def erase(self) -> None:
        """Forget everything: time has been set back."""
        self.values.resize(0)
        self.times.resize(0)
        self._forgotten = 0

    def forget(self, before: float) -> None:
        """Forget what was recorded earlier than a time (ms), but for the last value before it."""
        later = int(self.times.indwhere(">", before))
        gone = (later if later >= 0 else len(self.times)) - 1
        if gone > 0:
            self.values.remove(0, gone - 1)
            self.times.remove(0, gone - 1)
            self._forgotten += gone

    def means(self, edges: Floats) -> Floats:
        """Return the means between successive times (ms), shape ``(n_edges - 1,)``."""
        return means(self.times.as_numpy(), self.values.as_numpy()[None], edges)[0]

    def window(self, start: float, stop: float) -> tuple[Floats, Floats]:
        """Return times (ms) and values between two times on a regular grid, as `Stretch` does."""
        return self._around(start, stop).window(start, stop)

    def at(self, moments: Floats) -> Floats:
        """Return the values at times (ms) between the first and the last that are recorded."""
        return self._around(-np.inf, np.inf).at(moments)

    def _around(self, start: float, stop: float) -> Stretch:
        rows = [(self.values.as_numpy(), self.middle)]
        return stretches(self.times.as_numpy(), rows, start, stop)[0]

    def begin(self) -> None:
        """Forget everything, and record the present value: time has been set back to now."""
        self.erase()
        self.times.append(n.t)
        self.values.append(self.reference[0])


def means(times: Floats, rows: Floats, edges: Floats) -> Floats:
    """Return the means of records between successive edges, shape ``(n_rows, n_edges - 1)``.

    Parameters
    ----------
    times : ndarray
        Of the records (ms), ascending, shape ``(n_times,)``.
    rows : ndarray
        Their values, which go straight from time to time, shape ``(n_rows, n_times)``.
    edges : ndarray
        Times (ms) within the records, shape ``(n_edges,)``.
    """
    areas = np.zeros_like(rows)
    np.cumsum(np.diff(times) * (rows[:, 1:] + rows[:, :-1]) / 2, axis=1, out=areas[:, 1:])
    places = np.interp(edges, times, np.arange(len(times)))
    before = np.minimum(places.astype(int), len(times) - 2)
    there = areas[:, before]
    there += (places - before) * (areas[:, before + 1] - there)
    return np.diff(there, axis=1) / np.diff(edges)
