"""Sweeps on this machine: nothing finished is lost, nothing is counted twice."""

import errno
import json
import resource
import signal
import subprocess

import pandas as pd
import pytest

import ca1ltd as ltd
from ca1ltd.errors import BadInput, NotStored, RunError
from ca1ltd.experiment.results import load_run
from ca1ltd.experiment.run import run_experiment
from ca1ltd.experiment.store.run_folder import Store
from ca1ltd.experiment.store.sweep_folder import SweepStore
from ca1ltd.experiment.sweep.sweep import load_sweep, sweep
from ca1ltd.experiment.workers import local

SHORT = {"baseline": 1, "follow-up": 1, "test-interval": 10}


def grid(**tried):
    return ltd.grid("lfs", {**SHORT, "pulses": 20, "slices": 1, **tried})


def test_a_sweep_leaves_an_ordinary_run_for_each_combination_and_a_table(
    fake_slices, tmp_path, left_in
):
    found = sweep(grid(rate=[1, 5]), tmp_path / "sweep", workers=2, function=fake_slices)
    assert list(found.table["run"]) == ["run-0000", "run-0001"]
    assert list(found.table["rate"]) == [1, 5]
    assert list(found.table.columns[:3]) == ["run", "rate", "conditioned_percent_of_baseline"]
    read = pd.read_csv(tmp_path / "sweep" / "sweep.csv")
    pd.testing.assert_frame_equal(read, found.table, check_exact=True)
    alone = run_experiment(grid(rate=5)[0], tmp_path / "alone", function=fake_slices)
    pd.testing.assert_frame_equal(found.run("run-0001").epsp, alone.epsp, check_exact=True)
    row = found.table.iloc[1]
    outcome = alone.summary["pathways"]["control"]
    assert row["control_percent_of_baseline"] == outcome["percent_of_baseline"]
    assert row["control_n_slices"] == 1
    assert left_in(tmp_path / "alone") == left_in(tmp_path / "sweep" / "runs" / "run-0001")
    assert run_experiment(
        grid(rate=5)[0],
        tmp_path / "sweep" / "runs" / "run-0001",
        resume=True,
        function="nowhere:nothing",
    ).epsp.equals(alone.epsp)


def test_an_experiment_given_twice_is_run_once(fake_slices, tmp_path):
    specs = grid(seed=[1, 2])
    found = sweep([*specs, *specs], tmp_path / "sweep", function=fake_slices)
    assert list(found.table["seed"]) == [1, 2]
    assert len(list((tmp_path / "sweep" / "runs").iterdir())) == 2


def test_progress_ends_with_every_slice_finished(fake_slices, tmp_path):
    seen = []
    sweep(grid(), tmp_path / "sweep", workers=1, progress=seen.append, function=fake_slices)
    assert seen[0].finished == 0
    assert seen[0].time_left is None
    fractions = [standing.fraction for standing in seen]
    assert fractions == sorted(fractions)
    assert 0 < seen[len(seen) // 2].time_left < 60
    assert (seen[-1].finished, seen[-1].slices, seen[-1].fraction) == (1, 1, pytest.approx(1))


def test_the_number_of_workers_changes_nothing(said_by, words, tmp_path, left_in, whole):
    status, out, err = said_by(*words, "--workers", "2", "--out", "two")
    assert status == 0, err
    assert out.splitlines()[-1] == f"results of 2 runs in {tmp_path}/two/sweep.csv"
    assert err.splitlines()[-1] == "2 runs: 4 of 4 slices finished"
    assert left_in(tmp_path / "two") == whole


@pytest.mark.parametrize(("blow", "status"), [(signal.SIGINT, 130), (signal.SIGKILL, -9)])
def test_a_sweep_that_is_stopped_keeps_what_is_finished_and_is_completed(
    start, said_by, words, tmp_path, left_in, wait_until, finished, whole, blow, status
):
    out = tmp_path / "sweep"
    process = start(*words, "--workers", "2", "--out", out, FAKE_SECONDS="0.5")
    wait_until(lambda: len(finished(out)) >= 1, process)
    process.send_signal(blow)
    _, said = process.communicate(timeout=60)
    assert process.returncode == status
    if blow == signal.SIGINT:
        assert "slices are finished and kept" in said.splitlines()[-1]
        assert "Traceback" not in said
    kept = {file: file.stat().st_mtime_ns for file in finished(out) if file.name == "summary.json"}
    assert len(load_sweep(out).table) == len(kept)
    code, _, err = said_by(*words, "--workers", "2", "--out", out, "--resume")
    assert code == 0, err
    assert left_in(out) == whole
    assert {file: file.stat().st_mtime_ns for file in kept} == kept


def test_slices_that_fail_are_named_the_others_go_on_and_are_tried_again(
    said_by, words, tmp_path, left_in, whole
):
    code, _, err = said_by(*words, "--workers", "2", "--out", "sweep", FAKE_FAILS="1:raise")
    assert code == 1
    last = err.splitlines()[-1]
    assert last.startswith(
        "ca1ltd: 2 slices failed, the first slice 1 of run run-0000 (seed 1): "
        "ZeroDivisionError: no conductance; what it printed is in "
    )
    log = tmp_path / "sweep/runs/run-0000/slices/slice-001.log"
    assert str(log) in last
    assert "what the simulator prints" in log.read_text()
    assert (tmp_path / "sweep/runs/run-0001/slices/slice-000/slice.json").exists()
    assert said_by(*words, "--out", "sweep", "--resume")[0] == 0
    assert left_in(tmp_path / "sweep") == whole


def test_a_full_disk_is_one_sentence_and_leaves_nothing_half_written(
    fake_slices, tmp_path, monkeypatch
):
    out, specs = tmp_path / "sweep", grid(seed=[1, 2])
    complete = Store.complete

    def full(store):
        if store.path.name == "run-0001":
            raise OSError(errno.ENOSPC, "No space left on device", str(store.path / "epsp.csv"))
        return complete(store)

    monkeypatch.setattr(Store, "complete", full)
    with pytest.raises(NotStored, match=r"epsp.csv cannot be written: No space left on device; 2 "):
        sweep(specs, out, workers=1, function=fake_slices)
    assert list(load_sweep(out).table["seed"]) == [1]
    monkeypatch.setattr(Store, "complete", complete)
    found = sweep(specs, out, resume=True, function="nowhere:nothing")
    assert list(found.table["seed"]) == [1, 2]


def test_a_slice_that_finds_the_disk_full_stops_the_sweep(
    fake_slices, tmp_path, monkeypatch, left_in
):
    out, specs = tmp_path / "sweep", grid(slices=2)
    monkeypatch.setenv("FAKE_FAILS", "1:raise")
    with pytest.raises(RunError, match="one slice failed"):
        sweep(specs, out, function=fake_slices)
    monkeypatch.delenv("FAKE_FAILS")
    before = left_in(out)
    monkeypatch.setattr(local, "Popen", subprocess.Popen)  # which inherits a limit
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))  # no file may grow beyond it
    try:
        with pytest.raises(NotStored, match=r"cannot be written: File too large; 1 of 2 slices"):
            sweep(specs, out, resume=True, function=fake_slices)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    logs = {name for name in before if name.endswith(".log")}
    assert {name: left_in(out)[name] for name in before if name not in logs} == {
        name: before[name] for name in before if name not in logs
    }
    assert not list(out.rglob(".slice-*"))
    found = sweep(specs, out, resume=True, function=fake_slices)
    alone = run_experiment(specs[0], tmp_path / "alone", function=fake_slices)
    assert found.run("run-0000").epsp.equals(alone.epsp)


def test_a_folder_with_a_sweep_is_refused_and_another_sweep_is_not_resumed(
    fake_slices, tmp_path, another_model, left_in
):
    out = tmp_path / "sweep"
    sweep(grid(seed=[1, 2]), out, function=fake_slices)
    before = left_in(out)
    for specs, resume, words in (
        (grid(seed=[1, 2]), False, "holds a sweep already"),
        (grid(seed=1), True, "of 2 runs and not 1"),
        (grid(seed=[1, 3]), True, "whose run 1 has seed 2 and not 3"),
        ((), True, "has no run"),
    ):
        with pytest.raises(BadInput, match=words):
            sweep(specs, out, resume=resume, function=fake_slices)
    another_model("source")
    with pytest.raises(BadInput, match="of another model, made with the simulation's source"):
        sweep(grid(seed=[1, 2]), out, resume=True, function=fake_slices)
    assert left_in(out) == before


def test_two_sweeps_do_not_work_in_one_folder(fake_slices, tmp_path):
    out, specs = tmp_path / "sweep", grid()
    with (
        SweepStore.open(out, specs, resume=False).claimed(),
        pytest.raises(BadInput, match=f"another sweep is at work in {out}"),
    ):
        sweep(specs, out, resume=True, function=fake_slices)
    assert len(sweep(specs, out, resume=True, function=fake_slices).table) == 1


def test_a_folder_that_cannot_be_written_is_refused(fake_slices):
    with pytest.raises(BadInput, match="cannot be written"):
        sweep(grid(), "/proc/ca1ltd-sweep", function=fake_slices)


def test_a_folder_that_is_no_sweep_or_damaged_is_refused(tmp_path):
    with pytest.raises(BadInput, match="holds no sweep"):
        load_sweep(tmp_path)
    (tmp_path / "sweep.json").write_text(json.dumps({"runs": 3}))
    with pytest.raises(BadInput, match="is damaged"):
        load_sweep(tmp_path)
    with pytest.raises(BadInput, match="is damaged"):
        sweep(grid(), tmp_path, resume=True)


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"runs": [3]}, "runs.0"),
        ({"provenance": 3}, "provenance"),
        ({"provenance": {"dhc": None}}, "provenance.dhc"),
        ({"provenance": {"dhc": {"cell": 3}}}, "provenance.dhc.cell"),
    ],
)
def test_a_sweep_file_of_another_shape_is_named(tmp_path, change, place):
    specs = [ltd.ExperimentSpec(protocol=ltd.protocols.lfs(), slices=1)]
    with SweepStore.open(tmp_path, specs, resume=False).claimed():
        pass
    file = tmp_path / "sweep.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), **change}))
    said = rf"^the sweep in {tmp_path} is damaged: sweep\.json: {place} is not as in a sweep$"
    with pytest.raises(BadInput, match=said):
        SweepStore.open(tmp_path, specs, resume=True)
    with pytest.raises(BadInput, match=said):
        SweepStore.load(tmp_path)


def test_a_folder_in_which_a_faster_process_left_another_sweep_is_refused(tmp_path):
    one, other = (
        SweepStore.open(
            tmp_path,
            [ltd.ExperimentSpec(protocol=ltd.protocols.lfs(), seed=seed, slices=1)],
            resume=False,
        )
        for seed in (1, 2)
    )
    with one.claimed():
        pass
    said = "holds another sweep, whose run 0 has seed 1 and not 2"
    with pytest.raises(BadInput, match=said), other.claimed():
        pass


def test_a_list_of_runs_may_mix_protocols(said_by, tmp_path):
    (tmp_path / "rows.csv").write_text(
        "protocol,pulses,duration,baseline\nlfs,20,,1\ntest-pulses,,3,1\nlfs,20,,1\n"
    )
    code, out, err = said_by("sweep", "list", "rows.csv", "--slices", "1")
    assert code == 0, err
    assert said_by("sweep", "table", "sweeps/rows")[1] == out
    told = json.loads(said_by("sweep", "table", "sweeps/rows", "--json")[1])
    again = said_by("sweep", "list", "rows.csv", "--slices", "1", "--resume", "--json")
    assert json.loads(again[1]) == told
    read = pd.read_csv(told["table"])
    assert told["runs"] == read.astype(object).where(read.notna(), None).to_dict("records")
    assert told["swept"][0] == "protocol"
    table = pd.read_csv(tmp_path / "sweeps" / "rows" / "sweep.csv")
    assert list(table["protocol"]) == ["lfs", "test-pulses"]
    assert "test-pulses" in out
    assert load_run(tmp_path / "sweeps/rows/runs/run-0001").spec["protocol"]["duration"] == 3
