"""A sweep of real slices on a Dask cluster whose worker, then scheduler, is killed."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

import ca1ltd as ltd
from ca1ltd.errors import RunError

pytestmark = pytest.mark.slow

TABLES = ("epsp.csv", "expected.csv", "synapses.csv", "timecourse.csv", "sweep.csv")


def grid():
    short = {"baseline": 1, "pulses": 5, "follow-up": 1, "test-interval": 10, "synapses": 5}
    return ltd.grid("lfs", {**short, "rate": [1, 5], "drug": ["none", "D-AP5"], "slices": 2})


def tables(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*.csv")
        if path.name in TABLES
    }


def killed(process, out, run):
    """Kill a process when the first slice of a sweep, which a thread runs, is finished."""
    while not [*out.glob("runs/*/slices/slice-???"), *out.glob("runs/*/summary.json")]:
        assert not run.done(), run.result()
        time.sleep(0.02)
    process.kill()


def test_real_slices_survive_a_killed_worker_and_a_killed_scheduler(tmp_path, start_dask):
    ltd.sweep(grid(), tmp_path / "here", workers=2)
    whole = tables(tmp_path / "here")
    assert len(whole) == 4 * 4 + 1
    assert min(len(content) for content in whole.values()) > 100

    (tmp_path / "dask").mkdir()
    cluster = start_dask(tmp_path / "dask")
    with ThreadPoolExecutor() as pool:
        out = tmp_path / "worker"
        run = pool.submit(ltd.sweep, grid(), out, scheduler=str(cluster.file))
        killed(cluster.workers[0], out, run)
        run.result()
        assert tables(out) == whole

        cluster.add_worker()
        out = tmp_path / "scheduler"
        run = pool.submit(ltd.sweep, grid(), out, scheduler=str(cluster.file))
        killed(cluster.scheduler, out, run)
        with pytest.raises(RunError, match=r"scheduler at .* was lost; [1-7] of 8 slices"):
            run.result()
    assert 0 < len(tables(out)) < len(whole)
    (tmp_path / "again").mkdir()
    again = start_dask(tmp_path / "again")
    ltd.sweep(grid(), out, scheduler=str(again.file), resume=True)
    assert tables(out) == whole
