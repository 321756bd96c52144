"""Slices in processes, what they leave, and who may work in a folder."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest

from ca1ltd import build
from ca1ltd.errors import BadInput, BuildError
from ca1ltd.experiment.results import load_run
from ca1ltd.experiment.run import OneRun, run_experiment
from ca1ltd.experiment.store.run_folder import Store
from ca1ltd.provenance import provenance

TABLES = ("epsp", "expected", "synapses", "timecourse")
FAKES = Path(__file__).parents[1] / "fakes"


def test_a_run_leaves_its_tables_summary_and_traces(fake_slices, tmp_path, experiment):
    run = run_experiment(experiment(), tmp_path / "run", function=fake_slices)
    loaded = load_run(tmp_path / "run")
    for table in TABLES:
        frame = getattr(run, table)
        assert len(frame) > 0
        assert frame.columns[0] == "slice"
        assert set(frame["slice"]) == {0, 1}
        pd.testing.assert_frame_equal(frame, getattr(loaded, table), check_exact=True)
    assert list(run.epsp.columns) == [
        "slice",
        "pathway",
        "time_min",
        "epsp_slope_mV_per_ms",
        "epsp_amplitude_mV",
        "percent_of_baseline",
        "fepsp_slope_uV_per_ms",
        "fepsp_percent_of_baseline",
        "fired",
        "spike",
    ]
    assert list(run.expected.columns) == list(run.epsp.columns)
    assert loaded.summary == run.summary
    assert loaded.summary["pathways"]["conditioned"]["percent_expected"] == pytest.approx(70)
    assert loaded.summary["pathways"]["conditioned"]["n_slices"] == 2
    outcome = loaded.summary["pathways"]["conditioned"]
    assert outcome["fepsp_percent_of_baseline"] == pytest.approx(outcome["percent_of_baseline"])
    assert outcome["fepsp_sem"] == pytest.approx(outcome["sem"])
    assert loaded.spec == experiment().as_dict()
    assert loaded.geometry == run.geometry
    assert loaded.statistics == run.statistics
    trace = loaded.trace("soma_v/conditioned/before", index=1)
    assert trace.unit == "mV"
    assert (trace.values == run.trace("soma_v/conditioned/before", index=1).values).all()
    with pytest.raises(BadInput, match="slice 0 has no trace 'soma'"):
        loaded.trace("soma")
    made_with = json.loads((tmp_path / "run" / "run.json").read_text())["provenance"]
    assert made_with == provenance("dhc")
    assert len(made_with["mechanisms"]) == 64
    assert made_with["neuron"].startswith("9.")


def test_the_baseline_of_each_slice_and_pathway_is_100_percent(fake_slices, tmp_path, experiment):
    run = run_experiment(experiment(), tmp_path / "run", function=fake_slices)
    before = run.epsp[run.epsp["time_min"] < 0]
    means = before.groupby(["slice", "pathway"])["percent_of_baseline"].mean()
    assert means.to_numpy() == pytest.approx(100)
    assert before["percent_of_baseline"].std() > 1


def test_the_number_of_workers_changes_nothing_and_the_seed_does(
    fake_slices, tmp_path, experiment, left_in
):
    spec = experiment(slices=3)
    for workers in (1, 3):
        run_experiment(spec, tmp_path / str(workers), workers=workers, function=fake_slices)
    one, three = left_in(tmp_path / "1"), left_in(tmp_path / "3")
    assert one.keys() == three.keys()
    for name in (*(f"{table}.csv" for table in TABLES), "summary.json", "run.json"):
        assert one[name] == three[name], name
    other = run_experiment(experiment(seed=2), tmp_path / "other", function=fake_slices)
    assert not other.epsp.equals(load_run(tmp_path / "1").epsp.query("slice < 2"))


def test_a_folder_with_other_files_is_refused(fake_slices, tmp_path, experiment, left_in):
    (tmp_path / "thesis.tex").write_text("precious")
    with pytest.raises(BadInput, match="holds files that are no run"):
        run_experiment(experiment(), tmp_path, function=fake_slices)
    assert left_in(tmp_path) == {"thesis.tex": b"precious"}


def test_a_folder_that_cannot_be_written_is_refused_before_anything_runs(
    fake_slices, tmp_path, experiment
):
    (tmp_path / "file").write_text("")
    with pytest.raises(BadInput, match="is a file"):
        run_experiment(experiment(), tmp_path / "file" / "run", function="nowhere:nothing")
    with pytest.raises(BadInput, match="cannot be written"):
        run_experiment(experiment(), "/proc/ca1ltd-run", function="nowhere:nothing")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_without_permission_is_refused(fake_slices, tmp_path, experiment):
    tmp_path.chmod(0o500)
    with pytest.raises(BadInput, match="permission denied"):
        run_experiment(experiment(), tmp_path / "run", function="nowhere:nothing")


def test_without_a_compiler_nothing_is_written(fake_slices, tmp_path, monkeypatch, experiment):
    def no_compiler():
        raise BuildError("g++ was not found")

    monkeypatch.setattr(build, "build", no_compiler)
    with pytest.raises(BuildError):
        run_experiment(experiment(), tmp_path / "run", function=fake_slices)
    assert not (tmp_path / "run").exists()


def test_a_specification_that_the_slice_refuses_leaves_no_folder(
    fake_slices, tmp_path, monkeypatch, experiment
):
    monkeypatch.setenv("FAKE_FAILS", "0:refuse")
    with pytest.raises(BadInput, match=r"^this cell has 12 axons"):
        run_experiment(experiment(), tmp_path / "run", workers=1, function=fake_slices)
    assert not (tmp_path / "run").exists()


def test_progress_goes_from_0_to_1_and_counts_pulses(fake_slices, tmp_path, experiment):
    seen = []
    run_experiment(
        experiment(), tmp_path / "run", workers=1, progress=seen.append, function=fake_slices
    )
    fractions = [standing.fraction for standing in seen]
    assert len(fractions) > 20
    assert fractions == sorted(fractions)
    assert [standing.finished for standing in seen[:1] + seen[-1:]] == [0, 2]
    assert (fractions[0], fractions[-1]) == (0, pytest.approx(1))
    # Half of a slice's simulated time is over after all 60 of induction's pulses and more.
    first = [standing.fraction * 2 for standing in seen if standing.finished == 0]
    assert first[len(first) // 2] > 0.6


def test_ctrl_c_keeps_finished_slices_and_resume_completes_the_run(
    fake_slices, tmp_path, experiment
):
    out = tmp_path / "run"
    command = [
        sys.executable,
        FAKES / "ca1ltd_with_fake_slices.py",
        *("run", "lfs", "--baseline", "5", "--follow-up", "10", "--pulses", "60"),
        *("--slices", "3", "--workers", "1", "--out", out),
    ]
    process = subprocess.Popen(
        command, env={**os.environ, "FAKE_SECONDS": "1"}, stderr=subprocess.PIPE, text=True
    )
    wait_for(out / "slices" / "slice-000", process)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=120)
    assert process.returncode == 130
    assert "stopped: 1 of 3 slices are finished" in said
    assert "Traceback" not in said
    result = subprocess.run(
        [*command, "--resume"],
        env={**os.environ, "FAKE_FAILS": "0:raise"},  # it is finished, and not simulated again
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    whole = run_experiment(experiment(slices=3), tmp_path / "whole", function=fake_slices)
    pd.testing.assert_frame_equal(load_run(out).epsp, whole.epsp, check_exact=True)


def test_a_slice_whose_pool_was_killed_ends_by_itself(fake_slices, tmp_path):
    out = tmp_path / "run"
    process = subprocess.Popen(
        [
            sys.executable,
            FAKES / "ca1ltd_with_fake_slices.py",
            *("run", "lfs", "--slices", "1", "--out", out),
        ],
        env={**os.environ, "FAKE_SECONDS": "10"},
    )
    log = out / "slices" / "slice-000.log"
    wait_for(log, process)
    process.kill()
    process.wait()
    deadline = time.monotonic() + 120
    while holders(log) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not holders(log)
    assert not (out / "slices" / "slice-000").exists()


def test_two_commands_do_not_run_in_one_folder(fake_slices, tmp_path, experiment):
    out, spec = tmp_path / "run", experiment()
    with (
        OneRun(Store.open(out, spec, resume=False)).claimed(),
        pytest.raises(BadInput, match=f"another run is at work in {out}: wait for it"),
    ):
        run_experiment(spec, out, function=fake_slices)
    run_experiment(spec, out, function=fake_slices)


def test_a_run_that_appears_while_another_begins_is_not_overwritten(
    fake_slices, tmp_path, experiment, left_in
):
    out = tmp_path / "run"
    late = OneRun(Store.open(out, experiment(seed=2), resume=False))
    run_experiment(experiment(), out, function=fake_slices)
    before = left_in(out)
    with pytest.raises(BadInput, match="holds another run, with seed"), late.claimed():
        pytest.fail("claimed the folder of another run")
    assert left_in(out) == before


def test_nothing_that_lies_in_the_folder_of_a_run_is_executed(fake_slices, tmp_path):
    """Neither where the command is given nor where the run lies."""
    out = tmp_path / "run"
    command = [
        *(sys.executable, "-P", FAKES / "ca1ltd_with_fake_slices.py", "run", "lfs"),
        *("--baseline", "1", "--follow-up", "1", "--slices", "1", "--resume", "--out", out),
    ]
    subprocess.run(command, env={**os.environ, "FAKE_FAILS": "0:raise"}, capture_output=True)
    assert (out / "run.json").exists()
    for folder in (tmp_path, out, out / "slices"):
        for name in ("pandas.py", "neuron.py", "fake_slice.py", "sitecustomize.py"):
            (folder / name).write_text("raise SystemExit('executed')")
        (folder / "x86_64").mkdir()
        (folder / "x86_64" / "libnrnmech.so").write_bytes(b"no library")
    result = subprocess.run(command, cwd=out, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    assert load_run(out).summary["pathways"]["control"]["n_slices"] == 1


def wait_for(path, process):
    deadline = time.monotonic() + 120
    while not path.exists():
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.02)


def holders(path):
    """Return the processes that have a file open."""
    found = []
    for descriptor in Path("/proc").glob("[0-9]*/fd/*"):
        try:
            if descriptor.readlink() == path:
                found.append(descriptor.parts[2])
        except OSError:
            continue
    return found
