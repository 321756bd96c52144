"""Hundreds of slices one after the other: memory stays flat, nothing is left or changed."""

import gc
import resource
from pathlib import Path

import numpy as np
import pytest

from ca1ltd import protocols
from ca1ltd.engine import session
from ca1ltd.engine.rig import Rig
from ca1ltd.engine.simulation import simulate
from ca1ltd.experiment.run import run_experiment
from ca1ltd.experiment.spec import ExperimentSpec

pytestmark = pytest.mark.slow

SHORT = protocols.paired_pulse(pairs=1, every=4)
SLICES = 300
GLOBALS = ("celsius", "dt", "secondorder")


def resident() -> float:
    """Resident memory of this process (MB)."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1e6


def flat(memory: list[float]) -> float:
    """Growth from the second to the last quarter (MB): the first fills caches."""
    quarter = len(memory) // 4
    return float(np.median(memory[-quarter:]) - np.median(memory[quarter : 2 * quarter]))


def test_one_process_simulates_rig_after_rig():
    session.load()
    n, cvode = session.n, session.n.CVode()
    before = [*(getattr(n, name) for name in GLOBALS), cvode.active(), cvode.atol()]
    memory = []
    for index in range(200):
        rig = Rig(cell="dhc", seed=1, index=index % 7, synapses=4, changed={})
        simulate(rig, SHORT, [])
        del rig
        gc.collect()
        memory.append(resident())
    after = [*(getattr(n, name) for name in GLOBALS), cvode.active(), cvode.atol()]
    print(f"memory {memory[0]:.0f} .. {memory[-1]:.0f} MB, growth {flat(memory):+.2f} MB")
    assert after == before
    assert not list(n.allsec())
    # NEURON's views of vectors leave a type of their length behind; a slice of a pool is a process
    assert flat(memory) < 100 * 0.12


def test_one_pool_runs_slice_after_slice(tmp_path):
    memory = []

    def note(standing):
        if standing.finished > len(memory):
            memory.append(resident())

    spec = ExperimentSpec(protocol=SHORT, slices=SLICES, synapses=4)
    run = run_experiment(spec, tmp_path / "run", workers=2, progress=note)
    assert run.epsp["slice"].nunique() == SLICES
    print(f"memory {memory[0]:.0f} .. {memory[-1]:.0f} MB, growth {flat(memory):+.2f} MB")
    assert flat(memory) < 3
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1e3
    print(f"largest slice {children:.0f} MB")
    assert children < 400
