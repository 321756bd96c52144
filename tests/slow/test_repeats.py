"""The same specification gives the same bits, whatever the number of workers."""

import pytest

from ca1ltd import protocols
from ca1ltd.experiment.run import run_experiment
from ca1ltd.experiment.spec import ExperimentSpec

pytestmark = pytest.mark.slow

TABLES = ("epsp.csv", "expected.csv", "synapses.csv", "timecourse.csv")


def tables(folder, *, workers, seed):
    protocol = protocols.lfs(baseline=1, pulses=30, follow_up=1)
    run_experiment(ExperimentSpec(protocol=protocol, slices=2, seed=seed), folder, workers=workers)
    return {name: (folder / name).read_bytes() for name in TABLES}


def test_workers_change_nothing_and_the_seed_does(tmp_path):
    one = tables(tmp_path / "one", workers=1, seed=1)
    two = tables(tmp_path / "two", workers=2, seed=1)
    other = tables(tmp_path / "other", workers=2, seed=2)
    for name in TABLES:
        assert len(one[name]) > 100
        assert one[name] == two[name], name
        assert one[name] != other[name], name
