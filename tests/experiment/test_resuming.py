"""Runs completed and extended: what is finished is kept, and what comes is as if made at once."""

import errno
import shutil
from pathlib import Path

import pandas as pd
import pytest

from ca1ltd.errors import BadInput, NotStored, RunError
from ca1ltd.experiment.results import load_run
from ca1ltd.experiment.run import run_experiment
from ca1ltd.experiment.store.files import DATA_FILES


def test_a_folder_with_a_run_is_refused_and_kept(fake_slices, tmp_path, experiment, left_in):
    out = tmp_path / "run"
    run_experiment(experiment(), out, function=fake_slices)
    before = left_in(out)
    with pytest.raises(BadInput, match="holds a run already"):
        run_experiment(experiment(), out, function=fake_slices)
    with pytest.raises(BadInput, match="holds another run, with seed 1 and not 2"):
        run_experiment(experiment(seed=2), out, resume=True, function=fake_slices)
    assert left_in(out) == before


def test_a_run_of_other_mechanisms_is_not_resumed(fake_slices, tmp_path, another_model, experiment):
    out = tmp_path / "run"
    run_experiment(experiment(), out, function=fake_slices)
    another_model("mechanisms")
    with pytest.raises(BadInput, match="holds a run of another model, made with mechanisms"):
        run_experiment(experiment(), out, resume=True, function=fake_slices)


def test_resuming_a_finished_run_gives_it_back_without_running(fake_slices, tmp_path, experiment):
    out = tmp_path / "run"
    run = run_experiment(experiment(), out, function=fake_slices)
    again = run_experiment(experiment(), out, resume=True, function="nowhere:nothing")
    pd.testing.assert_frame_equal(run.epsp, again.epsp, check_exact=True)


@pytest.mark.parametrize(
    ("how", "words"),
    [("raise", "ZeroDivisionError: no conductance"), ("die", r"its process died \(signal 11\)")],
)
def test_a_slice_that_fails_is_named_and_the_others_are_kept(
    fake_slices, tmp_path, monkeypatch, how, words, experiment
):
    out = tmp_path / "run"
    monkeypatch.setenv("FAKE_FAILS", f"1:{how}")
    with pytest.raises(RunError, match=rf"slice 1 \(seed 5\) failed: {words}"):
        run_experiment(experiment(seed=5, slices=3), out, workers=1, function=fake_slices)
    assert "what the simulator prints" in (out / "slices" / "slice-001.log").read_text()
    with pytest.raises(BadInput, match="is not finished"):
        load_run(out)
    assert (out / "slices" / "slice-002" / "slice.json").exists()
    monkeypatch.setenv("FAKE_FAILS", "2:raise")  # it is kept, and not simulated again
    run = run_experiment(experiment(seed=5, slices=3), out, resume=True, function=fake_slices)
    monkeypatch.delenv("FAKE_FAILS")
    whole = run_experiment(experiment(seed=5, slices=3), tmp_path / "whole", function=fake_slices)
    pd.testing.assert_frame_equal(run.epsp, whole.epsp, check_exact=True)


@pytest.mark.parametrize("file", ["slice.json", "pulses.csv", "traces.npz"])
@pytest.mark.parametrize("harm", [lambda path: path.write_bytes(b""), Path.unlink])
def test_a_damaged_slice_is_named_and_can_be_made_again(
    fake_slices, tmp_path, monkeypatch, file, harm, experiment
):
    out = tmp_path / "run"
    monkeypatch.setenv("FAKE_FAILS", "1:raise")
    with pytest.raises(RunError):
        run_experiment(experiment(slices=2), out, workers=1, function=fake_slices)
    monkeypatch.delenv("FAKE_FAILS")
    slice_folder = out / "slices" / "slice-000"
    harm(slice_folder / file)
    with pytest.raises(BadInput, match=rf"{slice_folder} is damaged: .*; remove it"):
        run_experiment(experiment(slices=2), out, resume=True, function=fake_slices)
    shutil.rmtree(slice_folder)
    run = run_experiment(experiment(slices=2), out, resume=True, function=fake_slices)
    assert set(run.epsp["slice"]) == {0, 1}


def test_slices_are_added_to_a_run_as_if_it_had_had_them_all(
    fake_slices, tmp_path, experiment, left_in
):
    whole, out = tmp_path / "whole", tmp_path / "run"
    run_experiment(experiment(slices=5), whole, function=fake_slices)
    run_experiment(experiment(slices=2), out, function=fake_slices)
    run = run_experiment(experiment(slices=4), out, resume=True, function=fake_slices)
    assert set(run.epsp["slice"]) == {0, 1, 2, 3}
    assert run.summary["pathways"]["control"]["n_slices"] == 4
    run_experiment(experiment(slices=5), out, resume=True, function=fake_slices)
    assert left_in(out) == left_in(whole)
    before = left_in(out)
    with pytest.raises(BadInput, match="holds a run of 5 slices and not 4: slices can be added"):
        run_experiment(experiment(slices=4), out, resume=True, function=fake_slices)
    with pytest.raises(BadInput, match="holds another run, with seed 1 and not 2"):
        run_experiment(experiment(slices=9, seed=2), out, resume=True, function=fake_slices)
    assert left_in(out) == before


def test_slices_are_added_to_a_run_that_is_not_finished(
    fake_slices, tmp_path, monkeypatch, experiment, left_in
):
    out = tmp_path / "run"
    monkeypatch.setenv("FAKE_FAILS", "1:raise")
    with pytest.raises(RunError):
        run_experiment(experiment(slices=2), out, function=fake_slices)
    monkeypatch.setenv("FAKE_FAILS", "0:raise")  # it is finished, and not simulated again
    run_experiment(experiment(slices=3), out, resume=True, function=fake_slices)
    monkeypatch.delenv("FAKE_FAILS")
    run_experiment(experiment(slices=3), tmp_path / "whole", function=fake_slices)
    assert left_in(out) == left_in(tmp_path / "whole")


def test_a_run_stays_readable_while_slices_are_added_and_after_they_failed(
    fake_slices, tmp_path, monkeypatch, experiment, left_in
):
    out = tmp_path / "run"
    run_experiment(experiment(slices=2), out, function=fake_slices)
    monkeypatch.setenv("FAKE_FAILS", "3:raise")
    with pytest.raises(RunError, match=r"slice 3 \(seed 1\) failed"):
        run_experiment(experiment(slices=4), out, resume=True, workers=1, function=fake_slices)
    assert load_run(out).summary["pathways"]["control"]["n_slices"] == 2
    again = run_experiment(experiment(slices=2), out, resume=True, function="nowhere:nothing")
    assert set(again.epsp["slice"]) == {0, 1}
    monkeypatch.setenv("FAKE_FAILS", "2:raise")  # it was finished, and is kept
    run_experiment(experiment(slices=4), out, resume=True, function=fake_slices)
    monkeypatch.delenv("FAKE_FAILS")
    run_experiment(experiment(slices=4), tmp_path / "whole", function=fake_slices)
    assert left_in(out) == left_in(tmp_path / "whole")


@pytest.mark.parametrize("file", [*DATA_FILES, "summary.json"])
def test_a_damaged_run_is_mended_from_its_slices(fake_slices, tmp_path, experiment, left_in, file):
    out = tmp_path / "run"
    run_experiment(experiment(slices=2), out, function=fake_slices)
    whole = left_in(out)
    with (out / file).open("a", encoding="utf-8") as table:
        table.write("\n" if file.endswith("json") else "0")
    if file == "summary.json":
        (out / file).write_text("{}")
    if file != "run.json":
        with pytest.raises(BadInput, match=f"is damaged: {file}"):
            load_run(out)
    run_experiment(experiment(slices=2), out, resume=True, function="nowhere:nothing")
    assert left_in(out) == whole


def test_a_damaged_run_without_slices_is_simulated_again(
    fake_slices, tmp_path, experiment, left_in
):
    out = tmp_path / "run"
    run_experiment(experiment(slices=2), out, function=fake_slices)
    whole = left_in(out)
    shutil.rmtree(out / "slices")
    assert len(load_run(out).summary["pathways"]) == 2
    (out / "epsp.csv").unlink()
    run_experiment(experiment(slices=2), out, resume=True, function=fake_slices)
    assert left_in(out) == whole


def test_a_slice_of_another_number_or_run_is_named_before_others_are_simulated(
    fake_slices, tmp_path, monkeypatch, experiment
):
    one, other = tmp_path / "one", tmp_path / "other"
    monkeypatch.setenv("FAKE_FAILS", "2:raise")
    for spec, out in ((experiment(slices=3), one), (experiment(slices=3, seed=2), other)):
        with pytest.raises(RunError):
            run_experiment(spec, out, function=fake_slices)
    slices = one / "slices"
    for source, words in (
        (slices / "slice-000", "it is slice 0 of seed 1"),
        (other / "slices" / "slice-001", "it is of another run"),
    ):
        shutil.rmtree(slices / "slice-001")
        shutil.copytree(source, slices / "slice-001")
        with pytest.raises(BadInput, match=f"slice-001 is damaged: {words}; remove it, and --res"):
            run_experiment(experiment(slices=3), one, resume=True, function="nowhere:nothing")


@pytest.mark.parametrize("file", ["epsp.csv", "run.json", "summary.json"])
def test_a_run_whose_new_tables_are_half_written_is_not_finished_and_loses_no_slice(
    fake_slices, tmp_path, monkeypatch, file, experiment, left_in
):
    out, rename = tmp_path / "run", Path.replace
    run_experiment(experiment(slices=2), out, function=fake_slices)

    def replace(path, target):
        if target.name == file:
            raise OSError(errno.ENOSPC, "No space left on device", str(target))
        return rename(path, target)

    monkeypatch.setattr(Path, "replace", replace)
    with pytest.raises(NotStored, match="3 of 3 slices are finished and kept"):
        run_experiment(experiment(slices=3), out, resume=True, function=fake_slices)
    with pytest.raises(BadInput, match="is not finished"):
        load_run(out)
    monkeypatch.setattr(Path, "replace", rename)
    run_experiment(experiment(slices=3), out, resume=True, function="nowhere:nothing")
    run_experiment(experiment(slices=3), tmp_path / "whole", function=fake_slices)
    assert left_in(out) == left_in(tmp_path / "whole")
