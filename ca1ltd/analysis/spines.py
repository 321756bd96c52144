"""Ways to reduce what was recorded from the spines of a pathway to a column of a table.

A reduction takes the `Spines` of a pathway and returns a value for each of them, or for each time
at which the states were read.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ca1ltd.arrays import Bools, Floats, Ints
from ca1ltd.protocols import Protocol
from ca1ltd.recording import Recording, Site


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Spines:
    """The spines of a pathway: what was recorded from them, and what was given."""

    protocol: Protocol
    recording: Recording
    pathway: str

    @property
    def positions(self) -> Ints:
        """Their positions among the synapses, ascending, shape ``(n_spines,)``."""
        return self.recording.layout.pathways[self.pathway]

    def state(self, name: str) -> Floats:
        """Return a state at every reading, shape ``(n_readings, n_spines)``."""
        return self.recording.states[name][:, self.positions]

    def releases(self) -> pd.DataFrame:
        """Return what the induction released or, if there was none, all pulses.

        The control pathway has no induction of its own, and all its releases count.
        """
        released = self.recording.releases
        if self.pathway != "conditioned":
            return released
        start, end = self.protocol.induction_start, self.protocol.induction_end
        induced = released[(released["onset"] >= start) & (released["onset"] < end)]
        return induced if len(induced) else released


Reduction = Callable[[Spines], Floats | Ints]


def mean_of(*states: str) -> Callable[[Spines], Floats]:
    """Return the mean over spines, at every reading, of the sum of some states."""

    def reduced(spines: Spines) -> Floats:
        means: Floats = np.sum([spines.state(state).mean(axis=1) for state in states], axis=0)
        return means

    return reduced


def before(state: str) -> Reduction:
    """Return a state of each spine at the last reading before induction."""

    def reduced(spines: Spines) -> Floats:
        start = spines.protocol.induction_start
        row = int(np.searchsorted(spines.recording.times, start, side="right")) - 1
        values: Floats = spines.state(state)[row]
        return values

    return reduced


def after(state: str) -> Reduction:
    """Return a state of each spine at the last reading of all."""
    return lambda spines: spines.state(state)[-1]


@dataclass(frozen=True, slots=True)
class Highest:
    """The highest value of a state of each spine in the whole run, which keeps its peaks."""

    state: str

    def __call__(self, spines: Spines) -> Floats:
        """Return it for each spine of a pathway."""
        return spines.recording.peaks[self.state][spines.positions]


def of_site(value: Callable[[Site], float]) -> Reduction:
    """Return something that is known of the site of each spine."""

    def reduced(spines: Spines) -> Floats:
        sites = spines.recording.layout.sites
        return np.array([value(sites[position]) for position in spines.positions], dtype=float)

    return reduced


def median_peak(spines: Spines) -> Floats:
    """Return the median peak of calcium of each spine over its releases (uM), NaN without any."""
    medians = spines.releases().groupby("synapse")["peak_uM"].median()
    return medians.reindex(spines.positions).to_numpy(dtype=float)


def successes(spines: Spines) -> Ints:
    """Return how often each spine received a quantum or more."""
    counts = spines.releases().groupby("synapse").size()
    return np.asarray(counts.reindex(spines.positions, fill_value=0), dtype=np.int64)


def calcium_at_releases(spines: Spines) -> Floats:
    """Return calcium at every reading (uM): the mean peak of the releases since the last reading.

    Where there was none it is that of the releases before or, at the beginning, of those that come.
    While calcium is clamped it is the mean over spines of the calcium at the reading.
    """
    recording = spines.recording
    mean = mean_of("spine_ca_uM")(spines)
    released = recording.releases[recording.releases["synapse"].isin(spines.positions)]
    if released.empty:
        return mean
    edges = np.append(recording.times, np.inf)
    reading = np.searchsorted(edges, released["onset"], side="right")
    reading = np.minimum(reading, len(recording.times) - 1)
    peaks = released.groupby(reading)["peak_uM"].mean()
    shown = peaks.reindex(range(len(recording.times))).ffill().bfill()
    return np.where(_clamped(spines), mean, shown.to_numpy(dtype=float))


def _clamped(spines: Spines) -> Bools:
    """Return at which readings calcium is clamped, the end of a clamp included."""
    times = spines.recording.times
    clamped = np.zeros(len(times), dtype=bool)
    for clamp in spines.protocol.calcium_clamps():
        if spines.pathway in clamp.pathways:
            clamped |= (times > clamp.time) & (times <= clamp.time + clamp.duration)
    return clamped
