"""Recording what drives rules of plasticity: calcium and potential of some spines of a rig."""

from typing import Any, Final

import numpy as np

from ca1ltd.arrays import Bools, Floats, Ints
from ca1ltd.drive import (
    CALCIUM_SAMPLE,
    FEEDBACK,
    POTENTIAL_SAMPLE,
    QUIET,
    REST,
    STILL,
    Drive,
    Stretches,
)
from ca1ltd.engine.recorder import SpineStates, Tape, means
from ca1ltd.engine.rig import Rig
from ca1ltd.recording import Recording
from ca1ltd.units import s, uM

#: Spines of a pathway that are recorded. They are spread evenly over its NMDA conductances, by
#: which the calcium of spines differs most.
SPINES: Final = 16
#: What is recorded is looked through after so long or longer.
AT_ONCE: Final = 10 * s


class DriveRecorder:
    """Records the drive of some spines of each pathway; the simulation stays as it is.

    Parameters
    ----------
    rig : Rig
        The slice.

    Attributes
    ----------
    tapes : tuple of Tape
        Of the calcium and of the potential of each spine.
    """

    def __init__(self, rig: Rig) -> None:
        self._rig = rig
        self._states = SpineStates(rig)
        self._pathways = {name: _Pathway(rig, axons) for name, axons in rig.pathways.items()}
        self.tapes = tuple(tape for each in self._pathways.values() for tape in each.tapes)

    def begin(self) -> None:
        """Begin with the present, which is time 0."""
        for tape in self.tapes:
            tape.begin()
        self._taken = 0.0
        self._at_rest = self._present = self._conductance()
        for pathway in self._pathways.values():
            pathway.begin()

    def take(self) -> None:
        """Look through what was recorded up to now, and forget it, if it is long enough."""
        if self.tapes[0].end - self._taken >= AT_ONCE:
            self._look()

    def drives(self, recording: Recording) -> dict[str, Drive]:
        """Return what was recorded, by pathway.

        Parameters
        ----------
        recording : Recording
            What the simulation hands on, at its end.
        """
        self._look()
        delays = self._rig.wiring.delays
        return {
            name: pathway.drive(recording, delays[name]) for name, pathway in self._pathways.items()
        }

    def _look(self) -> None:
        """Keep of what was recorded the whole samples in which something moves."""
        passed = self.tapes[0].end - self._taken
        end = self._taken + int(passed / CALCIUM_SAMPLE + 1e-9) * CALCIUM_SAMPLE
        fed = (self._present / self._at_rest) ** FEEDBACK
        for pathway in self._pathways.values():
            pathway.look(self._taken, end, fed)
        for tape in self.tapes:
            tape.forget(end)
        self._taken, self._present = end, self._conductance()

    def _conductance(self) -> Floats:
        """Return what the AMPA conductance of each spine follows."""
        gain = self._rig.value("ca1ampar.s831_gain")
        anchored, s831 = (self._states.read(name) for name in ("ampar_anchored", "s831_p"))
        return anchored * (1 + gain * s831)


class _Pathway:
    """Some spines of a pathway."""

    def __init__(self, rig: Rig, axons: Ints) -> None:
        self._axons = _spread(rig, axons)
        self._places = np.searchsorted(list(rig.synapses), self._axons)
        heads = [rig.synapses[int(axon)].spine.head(0.5) for axon in self._axons]
        self._calcium = _Track([head._ref_cai for head in heads], CALCIUM_SAMPLE)
        self._potential = _Track([head._ref_v for head in heads], POTENTIAL_SAMPLE)
        self.tapes = (*self._calcium.tapes, *self._potential.tapes)

    def begin(self) -> None:
        self._resting = self._potential.rows()[:, 0]

    def look(self, start: float, end: float, fed: Floats) -> None:
        """Keep what moves from a start to an end (ms); AMPA feeds calcium of all spines so."""
        calcium = REST + (self._calcium.rows() / uM - REST) / fed[self._places, None]
        self._calcium.keep(calcium, calcium >= QUIET, start, end)
        potential = self._potential.rows()
        settled = potential[:, -1]
        moving = np.abs(potential - settled[:, None]) > STILL
        self._potential.keep(potential, moving, start, end, settled)

    def drive(self, recording: Recording, delays: Floats) -> Drive:
        """Return what was kept, with the releases at these delays (ms) of axons from a pulse."""
        table = recording.releases
        whose = recording.axons[table["synapse"]]
        ours = np.isin(whose, self._axons)
        times = table["onset"].to_numpy(dtype=float)[ours] + delays[whose[ours]]
        order = np.argsort(times, kind="stable")
        return Drive(
            axons=self._axons,
            calcium=self._calcium.stretches(),
            potential=self._potential.stretches(),
            resting=self._resting,
            releases=times[order],
            released=np.searchsorted(self._axons, whose[ours])[order],
        )


class _Track:
    """One variable of some spines."""

    def __init__(self, references: list[Any], sample: float) -> None:
        self.tapes = [Tape(reference) for reference in references]
        self._sample = sample
        self._kept: list[tuple[float, np.ndarray]] = []

    def rows(self) -> Floats:
        """Return what is on the tapes, shape ``(n_spines, n_times)``."""
        return np.stack([tape.values.as_numpy() for tape in self.tapes])

    def keep(
        self,
        rows: Floats,
        moving: Bools,
        start: float,
        end: float,
        settled: Floats | None = None,
    ) -> None:
        """Keep the samples from a start to an end (ms) in which any of the rows is moving.

        After each stretch there is a sample of what they settle to, if that is given.
        """
        times = self.tapes[0].times.as_numpy()
        steps = np.flatnonzero((moving[:, 1:] | moving[:, :-1]).any(axis=0))
        count = round((end - start) / self._sample)
        first = np.floor((times[steps] - start) / self._sample).astype(int).clip(0, count)
        after = np.ceil((times[steps + 1] - start) / self._sample).astype(int).clip(0, count)
        turns = np.bincount(first, minlength=count + 1) - np.bincount(after, minlength=count + 1)
        bounds = np.flatnonzero(np.diff(np.cumsum(turns) > 0, prepend=False, append=False))
        for begin, stop in bounds.reshape(-1, 2):
            edges = start + np.arange(begin, stop + 1) * self._sample
            values = means(times, rows, edges).T
            if settled is not None and stop < count:
                values = np.vstack((values, settled))
            self._kept.append((float(edges[0]), values.astype(np.float16)))

    def stretches(self) -> Stretches:
        """Return what was kept."""
        none = np.zeros((0, len(self.tapes)), dtype=np.float16)
        return Stretches(
            starts=np.array([start for start, _ in self._kept]),
            lengths=np.array([len(values) for _, values in self._kept], dtype=np.int64),
            values=np.concatenate([none, *(values for _, values in self._kept)]),
        )


def _spread(rig: Rig, axons: Ints) -> Ints:
    """Return some axons, ascending, spread evenly over the NMDA conductances of their spines."""
    conductances = [rig.synapses[int(axon)].spine.nmda.g_max for axon in axons]
    few = min(SPINES, len(axons))
    chosen = ((np.arange(few) + 0.5) * len(axons) / few).astype(int)
    return np.sort(axons[np.argsort(conductances, kind="stable")[chosen]])
