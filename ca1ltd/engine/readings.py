"""What is read from the spines: states from time to time, releases, and one spine's calcium."""

from typing import Final

import numpy as np
import pandas as pd
from neuron import n

from ca1ltd.arrays import Floats
from ca1ltd.engine.pointers import Gathered
from ca1ltd.engine.recorder import STATES, SpineStates, Tape
from ca1ltd.engine.rig import Rig
from ca1ltd.units import s, uM

#: All states of the spines are read at pulses, but not more often than this.
READ_INTERVAL: Final = 10 * s
#: Calcium of one spine is shown for this long from the first pulse of induction.
EXAMPLE: Final = 10 * s
#: States noted at a pulse, with their columns in the table of releases.
AT_PULSE: Final = {"spine_v_mV": "v_mV", "spine_ca_uM": "before_uM"}
_COLUMNS: Final = ("onset", "synapse", "quanta", *AT_PULSE.values(), "peak_uM")


class Readings:
    """States of the spines, at most every `READ_INTERVAL`.

    Attributes
    ----------
    times : list of float
        When they were read (ms).
    """

    def __init__(self, spines: SpineStates) -> None:
        self._spines = spines
        self.times: list[float] = []
        self._rows: dict[str, list[Floats]] = {name: [] for name in STATES}

    def read(self) -> None:
        """Keep the states of the spines if the last ones are old enough."""
        if not self.times or n.t - self.times[-1] >= READ_INTERVAL * (1 - 1e-9):
            self.times.append(n.t)
            for name, rows in self._rows.items():
                rows.append(self._spines.read(name))

    def states(self) -> dict[str, Floats]:
        """Return the states that were kept, each of shape ``(n_readings, n_spines)``."""
        return {name: np.array(rows) for name, rows in self._rows.items()}


class Releases:
    """What the boutons released at each pulse, and what it did to the calcium of the spines.

    Parameters
    ----------
    rig : Rig
        The slice, at rest.
    spines : SpineStates
        Its spines.
    """

    def __init__(self, rig: Rig, spines: SpineStates) -> None:
        self._released = Gathered([it.bouton._ref_quanta for it in rig.synapses.values()])
        self._spines = spines
        self._quanta = self._released.gather().copy()
        self._at_pulse: list[Floats] = []
        self._rows = [np.empty((0, len(_COLUMNS)))]
        spines.clear_peaks()

    def begin(self) -> None:
        """Note what a pulse meets."""
        self._spines.clear_peaks()  # those of a calcium clamp are of no pulse
        self._at_pulse = [self._spines.read(state) for state in AT_PULSE]

    def end(self, onset: float) -> None:
        """Note what the pulse at a time (ms) did."""
        new = self._released.gather() - self._quanta
        released = np.flatnonzero(new)
        columns = (new, *self._at_pulse, self._spines.read("spine_ca_peak_uM"))
        rows = [np.full(len(released), onset), released, *(it[released] for it in columns)]
        self._rows.append(np.column_stack(rows))
        self._quanta += new
        self._spines.clear_peaks()

    def table(self) -> pd.DataFrame:
        """Return one row per pulse and synapse that released."""
        table = pd.DataFrame(np.concatenate(self._rows), columns=_COLUMNS)
        return table.astype({"synapse": np.int64})


class Example:
    """The calcium of the first conditioned spine, from the start of induction (ms) on.

    Attributes
    ----------
    tape : Tape
        Its record.
    kept : tuple of ndarray
        Times (ms from that start) and calcium (uM), once it is kept.
    """

    def __init__(self, rig: Rig, start: float) -> None:
        first = rig.synapses[int(rig.pathways["conditioned"][0])]
        self.tape = Tape(first.spine.head(0.5)._ref_cai)
        self.kept: tuple[Floats, Floats] = (np.empty(0), np.empty(0))
        self._start = start

    def keep(self) -> None:
        """Keep what was recorded up to `EXAMPLE` after the start."""
        times, calcium = self.tape.window(self._start, self._start + EXAMPLE)
        self.kept = times - self._start, calcium / uM

    def forget(self) -> None:
        """Forget what is not to be kept."""
        if not self._start <= n.t <= self._start + EXAMPLE:
            self.tape.forget(n.t)
