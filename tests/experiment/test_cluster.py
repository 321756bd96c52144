"""Sweeps on a Dask scheduler and two worker processes: they die, and nothing changes."""

import logging
import sys
import time

import pytest
from search_path import with_fakes

import ca1ltd as ltd
from ca1ltd.errors import BadInput, RunError
from ca1ltd.experiment.sweep.sweep import sweep
from ca1ltd.experiment.workers import dask as cluster
from ca1ltd.provenance import Provenance, provenance


@pytest.fixture(scope="module")
def dask(tmp_path_factory, start_dask):
    folder = tmp_path_factory.mktemp("dask")
    return start_dask(folder, PYTHONPATH=with_fakes(), FAKE_SECONDS="0.5")


def grid(**tried):
    short = {"baseline": 1, "follow-up": 1, "test-interval": 10, "slices": 2}
    return ltd.grid("lfs", {**short, "pulses": [20, 40], **tried})


def test_the_results_are_those_of_one_worker_here(dask, fake_slices, tmp_path, left_in, whole):
    seen = []
    sweep(
        grid(),
        tmp_path / "sweep",
        scheduler=str(dask.file),
        progress=seen.append,
        function=fake_slices,
    )
    assert left_in(tmp_path / "sweep") == whole
    assert [standing.finished for standing in seen] == [0, 1, 2, 3, 4]


def test_a_slice_that_fails_on_a_worker_is_named_and_its_output_comes_back(dask, tmp_path):
    with pytest.raises(RunError, match=r"4 slices failed, the first slice .*No module named 'no'"):
        sweep(grid(), tmp_path / "sweep", scheduler=str(dask.file), function="no:thing")
    log = tmp_path / "sweep" / "runs" / "run-0000" / "slices" / "slice-000.log"
    assert "ModuleNotFoundError" in log.read_text()


def test_a_worker_made_of_other_parts_is_refused_before_anything_is_written(
    dask, fake_slices, tmp_path, monkeypatch
):
    here = provenance("dhc")
    monkeypatch.setattr(cluster, "provenance", lambda cell: Provenance(here, mechanisms="0" * 64))
    with pytest.raises(BadInput, match=r"the worker tcp://.* has mechanisms .* install the same"):
        sweep(grid(), tmp_path / "sweep", scheduler=str(dask.file), function=fake_slices)
    assert not (tmp_path / "sweep").exists()


def test_a_killed_worker_changes_nothing(
    dask, start, words, tmp_path, left_in, wait_until, finished, whole
):
    out = tmp_path / "sweep"
    process = start(*words, "--scheduler", dask.file, "--out", out)
    wait_until(lambda: finished(out), process)
    dask.workers[0].kill()
    dask.add_worker()
    _, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    assert left_in(out) == whole


def test_what_a_killed_client_asked_for_is_not_run_to_the_end(
    dask, start, words, tmp_path, wait_until, finished
):
    out = tmp_path / "sweep"
    process = start(*words, "--scheduler", dask.file, "--out", out, "--seed", "1:9:9")
    wait_until(lambda: finished(out), process)
    process.kill()
    process.communicate(timeout=60)
    with cluster.connected(str(dask.file)) as client:
        deadline = time.monotonic() + 30
        while any(client.processing().values()) and time.monotonic() < deadline:
            time.sleep(0.1)
        assert not any(client.processing().values())


# The last that needs the cluster: it leaves none.
def test_a_killed_scheduler_is_one_sentence_and_the_rest_can_be_run_elsewhere(
    dask, start, said_by, words, tmp_path, left_in, wait_until, finished, whole
):
    out = tmp_path / "sweep"
    process = start(*words, "--scheduler", dask.file, "--out", out)
    wait_until(lambda: finished(out), process)
    dask.scheduler.kill()
    _, err = process.communicate(timeout=60)
    assert process.returncode == 1
    lines = err.splitlines()
    assert lines[-1].startswith("ca1ltd: the Dask scheduler at tcp://127.0.0.1:")
    assert lines[-1].endswith(f"finished and kept in {out}; --resume completes the sweep")
    assert all(line.startswith("2 runs: ") for line in lines[:-1])
    status, _, err = said_by(*words, "--out", out, "--resume")
    assert status == 0, err
    assert left_in(out) == whole


@pytest.mark.parametrize(("error", "silent"), [(RunError, True), (BadInput, False)])
def test_dask_is_heard_again_unless_its_scheduler_was_lost(monkeypatch, error, silent):
    """A client that has lost its scheduler logs tracebacks from a thread, after our sentence."""
    logger = logging.Logger("distributed.client", level=logging.WARNING)
    monkeypatch.setattr(logging.root.manager, "loggerDict", {logger.name: logger})

    def within():
        with cluster._quiet():
            assert logger.level > logging.CRITICAL
            raise error("as it happens")

    with pytest.raises(error):
        within()
    assert (logger.level > logging.CRITICAL) == silent


def test_without_a_scheduler_or_without_dask_nothing_is_written(tmp_path, monkeypatch):
    monkeypatch.setattr(cluster, "CONNECT_WITHIN", 0.5)
    with pytest.raises(RunError, match=r"no Dask scheduler answers at tcp://127.0.0.1:9"):
        sweep(grid(), tmp_path / "sweep", scheduler="tcp://127.0.0.1:9")
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(BadInput, match=r"pip install 'ca1ltd\[cluster\]'"):
        sweep(grid(), tmp_path / "sweep", scheduler="tcp://127.0.0.1:9")
    assert not (tmp_path / "sweep").exists()
