"""A cell on the bench: no afferents, a patch electrode in the soma, synapses where one likes."""

from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple

import numpy as np
from neuron import n

from ca1ltd.arrays import Floats
from ca1ltd.engine import session
from ca1ltd.engine.cell import Cell

#: Settling to rest: so many implicit steps of so many ms, longer than any gate needs.
SETTLE_STEPS: Final = 1000
SETTLE_STEP: Final = 20.0
START: Final = -65.0  # mV, from which the cell settles


class Step(NamedTuple):
    """A current step into the soma: nA, start and duration (ms)."""

    current: float
    start: float
    duration: float


class Cluster:
    """Synapses at one place: AMPA receptors that reverse at 0 mV, with NMDA receptors if asked.

    Made by `Bench.cluster`.
    """

    def __init__(self, place: Any, count: int, rise: float, decay: float, nmda: float) -> None:
        self.place = place
        self._nmda_ratio = nmda
        self._ampa, self._nmda = [], []
        for _ in range(count):
            synapse: Any = n.Exp2Syn(place)
            synapse.tau1, synapse.tau2, synapse.e = rise, decay, 0.0
            self._ampa.append((synapse, n.NetCon(None, synapse, 0, 0.0, 0.0)))
            if nmda > 0:
                receptors: Any = n.ca1nmda(place)
                self._nmda.append((receptors, n.NetCon(None, receptors, 0, 0.0, 1.0)))

    def arrivals(
        self, count: int, weight: float, *, at: float, interval: float = 0.0
    ) -> list[tuple[Any, float]]:
        """Return the events that activate some synapses, for `Bench.run`.

        Parameters
        ----------
        count : int
            How many of the synapses.
        weight : float
            Peak AMPA conductance of each (uS).
        at, interval : float
            Time of the first (ms), and between one and the next (ms).
        """
        events = []
        for k, (_, connection) in enumerate(self._ampa[:count]):
            connection.weight[0] = weight
            events.append((connection, at + k * interval))
        for k, (receptors, connection) in enumerate(self._nmda[:count]):
            receptors.g_max = 2 * self._nmda_ratio * weight  # a quantum opens half of the receptors
            events.append((connection, at + k * interval))
        return events


class Bench:
    """A cell at rest; every experiment of `run` starts from there.

    Parameters
    ----------
    cell : Cell
        The cell. It must be the only one: NEURON saves and integrates all there are.

    Attributes
    ----------
    cell : Cell
        As given.
    """

    def __init__(self, cell: Cell) -> None:
        self.cell = cell
        self._clamp: Any = n.IClamp(cell.soma(0.5))
        self._clamp.dur = 0
        self._clusters: list[Cluster] = []
        self._saved: Any = None
        self._rest = float("nan")

    @property
    def rest(self) -> float:
        """Somatic potential at rest (mV)."""
        self._settle()
        return self._rest

    def cluster(
        self, place: Any, count: int = 1, *, rise: float, decay: float, nmda: float = 0.0
    ) -> Cluster:
        """Put synapses at a place, for as long as the bench exists.

        Parameters
        ----------
        place : segment
            Where.
        count : int
            How many.
        rise, decay : float
            Time constants of their AMPA receptors (ms).
        nmda : float
            Peak NMDA over AMPA conductance, magnesium apart.
        """
        self.changed()
        made = Cluster(place, count, rise, decay, nmda)
        if nmda > 0:  # the receptors have set the style of the ion again
            session.bathe(place.sec, ca_o=self.cell.ca_o)
        self._clusters.append(made)
        return made

    def changed(self) -> None:
        """Say that something in the cell was changed, so that its rest is another."""
        self._saved = None

    def run(
        self,
        t_stop: float,
        places: Mapping[str, Any],
        *,
        step: Step | None = None,
        events: Iterable[tuple[Any, float]] = (),
        every: float = 0.025,
    ) -> dict[str, Floats]:
        """Return potentials (mV) of places each ``every`` ms from 0 to ``t_stop``, from rest.

        Parameters
        ----------
        t_stop : float
            Length of the experiment (ms).
        places : mapping of str to segment
            What is recorded, by name.
        step : Step, optional
            Current into the soma.
        events : iterable
            What `Cluster.arrivals` returned.
        every : float
            Sampling interval (ms).

        Returns
        -------
        dict of str to ndarray
            One array for each place, and the times as ``t``, shape ``(n,)``.
        """
        self._settle()
        self._clamp.amp, self._clamp.delay, self._clamp.dur = step or (0.0, 0.0, 0.0)
        times = n.Vector().record(n._ref_t)
        vectors = {name: n.Vector().record(place._ref_v) for name, place in places.items()}
        cvode = n.CVode()
        cvode.active(True)
        n.finitialize(START)
        self._saved.restore(1)
        n.t = 0
        cvode.re_init()
        n.frecord_init()
        for connection, time in events:
            connection.event(time)
        cvode.solve(t_stop)
        cvode.active(False)
        self._clamp.dur = 0
        at, grid = times.as_numpy(), np.arange(round(t_stop / every) + 1) * every
        return {"t": grid} | {
            name: np.interp(grid, at, vector.as_numpy()) for name, vector in vectors.items()
        }

    def _settle(self) -> None:
        """Come to rest with all that is set in the cell now, and keep that state."""
        if self._saved is not None:
            return
        n.CVode().active(False)
        n.dt = SETTLE_STEP
        n.finitialize(START)
        for _ in range(SETTLE_STEPS):
            n.fadvance()
        self._saved = n.SaveState()
        self._saved.save()
        self._rest = float(self.cell.soma(0.5).v)
