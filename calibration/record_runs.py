"""Record the calcium of all spines through the runs of the scorecard, for `sensitivity.py`.

    python -m calibration.record_runs --slices 2 --out recorded    # as long as the score itself

A file for each slice, named by the run's folder and the slice, holds of each pathway the stretches
in which a spine was above rest: calcium (uM), mean of every 5 ms, of shape ``(n_times, n_spines)``,
all stretches in turn; when each began (s) and its length in samples. Calcium above rest is what it
would be with the AMPA conductance of rest (`FEEDBACK`). What is there is not recorded again.
"""

import argparse
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from neuron import n

from ca1ltd.engine.integrators import INTEGRATORS, Efficient
from ca1ltd.engine.recorder import SpineStates, Tape
from ca1ltd.engine.rig import Rig
from ca1ltd.engine.simulation import simulate
from ca1ltd.experiment.slice import build_rig
from ca1ltd.experiment.spec import ExperimentSpec, SliceSpec
from ca1ltd.experiment.store.identity import name_of
from ca1ltd.export.replay.spines import FEEDBACK, QUIET, REST
from ca1ltd.literature.experiments import Setting, experiments
from calibration.drive import SAMPLE

AT_ONCE = 1000.0  # ms: stretches are taken from the record after as much or more


class Taped(Efficient):
    """The default integrator, keeping the calcium of all spines that the simulation passes."""

    def __init__(self, rig: Rig, cvode: Any) -> None:
        super().__init__(cvode)
        self._rig = rig
        self._spines = SpineStates(rig)
        heads = [synapse.spine.head(0.5) for synapse in rig.synapses.values()]
        self._tapes = [Tape(head._ref_cai) for head in heads]
        self._away = False
        self.stretches: list[tuple[float, np.ndarray]] = []

    def begin(self) -> None:
        super().begin()
        for tape in self._tapes:
            tape.erase()
            self.watch(tape)
        self._taken, self._at_rest = 0.0, self._conductance()
        self._present = self._at_rest

    def advance(self, to: float) -> None:
        """Advance to a time (ms)."""
        super().advance(to)
        if not self._away and n.t - self._taken >= AT_ONCE:
            self._take()

    @contextmanager
    def excursion(self) -> Iterator[None]:
        """Put back the record too when it ends."""
        with ExitStack() as stack:
            for tape in self._tapes:
                stack.enter_context(tape.set_aside())
            stack.enter_context(super().excursion())
            self._away = True
            yield
            self._away = False

    def _take(self) -> None:
        """Take what was recorded, in whole samples, but for what is quiet at its ends."""
        samples = int((n.t - self._taken) / SAMPLE + 1e-9)
        edges = self._taken + np.arange(samples + 1, dtype=float) * SAMPLE
        calcium = np.array([tape.means(edges) for tape in self._tapes]).T * 1e3
        for tape in self._tapes:
            tape.forget(edges[-1])
        loud = np.flatnonzero((calcium >= QUIET).any(axis=1))
        if len(loud):
            kept = calcium[loud[0] : loud[-1] + 1]
            fed = (self._present / self._at_rest) ** FEEDBACK
            self.stretches.append((edges[loud[0]] / 1e3, REST + (kept - REST) / fed))
        self._taken, self._present = float(edges[-1]), self._conductance()

    def _conductance(self) -> np.ndarray:
        gain = self._rig.value("ca1ampar.s831_gain")
        return self._spines.read("ampar_anchored") * (1 + gain * self._spines.read("s831_p"))


def record(spec: SliceSpec, file: Path) -> None:
    """Run a slice and write the calcium of its spines."""
    rig = build_rig(spec)
    made: list[Taped] = []

    def taped(cvode: Any) -> Taped:
        made.append(Taped(rig, cvode))
        return made[-1]

    INTEGRATORS["taped"] = taped  # type: ignore[assignment]
    try:
        recording = simulate(rig, spec.protocol, spec.drugs, integrator="taped")
    finally:
        del INTEGRATORS["taped"]  # it holds the rig
    arrays = {}
    for name, axons in rig.pathways.items():
        mine = np.searchsorted(recording.axons, axons)
        loud = [
            (start, calcium[:, mine])
            for start, calcium in made[0].stretches
            if (calcium[:, mine] >= QUIET).any()
        ]
        arrays[f"{name}_starts"] = np.array([start for start, _ in loud])
        arrays[f"{name}_lengths"] = np.array([len(calcium) for _, calcium in loud], dtype=int)
        every = [np.zeros((0, len(mine))), *(calcium for _, calcium in loud)]
        arrays[f"{name}_calcium"] = np.concatenate(every).astype(np.float16)
    file.parent.mkdir(parents=True, exist_ok=True)
    half = file.with_suffix(".part")
    with half.open("wb") as out:
        np.savez_compressed(out, allow_pickle=False, **arrays)
    half.replace(file)


def file_of(folder: Path, run: ExperimentSpec, spec: SliceSpec) -> Path:
    """Return the file of a slice of a run."""
    return folder / f"{name_of(run)}-{spec.index}.npz"


def wanted(folder: Path, setting: Setting) -> dict[SliceSpec, Path]:
    """Return the file of each slice whose EPSP or receptors are scored."""
    runs = dict.fromkeys(
        run
        for experiment in experiments().values()
        if not experiment.measure.startswith("ca-")
        for run in setting.specs(experiment)
    )
    return {spec: file_of(folder, run, spec) for run in runs for spec in run.slice_specs()}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=Path("recorded"))
    parser.add_argument("--slices", type=int, default=2)
    parser.add_argument("--workers", type=int, default=2)
    given = parser.parse_args()
    files = wanted(given.out, Setting(slices=given.slices))
    missing = {spec: file for spec, file in files.items() if not file.exists()}
    with ProcessPoolExecutor(given.workers, max_tasks_per_child=1) as pool:
        for done, _ in enumerate(pool.map(record, missing, missing.values()), 1):
            print(f"{done} of {len(missing)} slices", flush=True)
