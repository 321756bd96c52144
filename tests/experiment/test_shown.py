"""A run in a session: a line, a picture, a folder, a bar of progress."""

import filecmp
import os

import numpy as np
import pytest

import ca1ltd as ltd
from ca1ltd.errors import BadInput
from ca1ltd.experiment.workers import alone

LFS = ltd.protocols.lfs(pulses=60, baseline=5, follow_up=65)


@pytest.fixture
def run(fake_slices, monkeypatch):
    monkeypatch.setattr(alone, "RUN_SLICE", fake_slices)
    return ltd.Slice(synapses=4).run(LFS)


def test_a_run_is_a_line(run):
    assert repr(run).startswith("<Run of lfs, dhc, seed 1, 1 slice: conditioned 6")
    assert "\n" not in repr(run)
    assert len(repr(run)) < 120
    assert "\n" not in repr([run])


def test_a_trace_is_a_line(run):
    assert repr(run.trace("soma_v/conditioned/before")) == (
        "<Trace soma_v/conditioned/before: 100 values in mV, 0 to 49.5 ms>"
    )


def test_a_notebook_shows_outcome_and_picture(run):
    shown = run._repr_html_()
    assert "conditioned  " in shown
    assert "&lt;Run of lfs" in shown
    assert 'src="data:image/png;base64,iVBOR' in shown
    assert len(shown) < 100_000
    assert run.plot()._repr_png_().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("protocol", "label"),
    [
        (LFS, "EPSP slope (% of baseline)"),
        (ltd.protocols.test_pulses(duration=2, baseline=1), "EPSP slope (% of baseline)"),
        (ltd.protocols.paired_pulse(pairs=1), "EPSP slope (mV/ms)"),
        (ltd.protocols.current_voltage(), "EPSC (pA)"),
    ],
    ids=["lfs", "test pulses", "paired pulse", "clamp"],
)
def test_a_picture_is_of_what_was_measured(fake_slices, monkeypatch, protocol, label):
    monkeypatch.setattr(alone, "RUN_SLICE", fake_slices)
    run = ltd.Slice(synapses=4).run(protocol)
    (axes,) = run.plot().axes
    assert axes.get_ylabel() == label
    assert len(axes.get_legend().get_texts()) == run.epsp["pathway"].nunique()
    assert all(len(line.get_xdata()) for line in axes.lines)


def test_a_run_that_is_saved_is_loaded_as_it_was(run, tmp_path):
    saved = run.save(tmp_path / "kept")
    assert saved.path == tmp_path / "kept"
    loaded = ltd.load_run(saved.path)
    for table in ("epsp", "expected", "synapses", "timecourse"):
        assert getattr(loaded, table).equals(getattr(run, table))
    for what in ("spec", "summary", "geometry", "statistics", "provenance"):
        assert getattr(loaded, what) == getattr(run, what)
    assert loaded.slice_traces.keys() == run.slice_traces.keys()
    for key, trace in run.slice_traces.items():
        np.testing.assert_array_equal(loaded.slice_traces[key].values, trace.values)
        assert loaded.slice_traces[key].unit == trace.unit
    again = loaded.save(tmp_path / "again")
    names = os.listdir(again.path)
    assert filecmp.cmpfiles(saved.path, again.path, names, shallow=False)[0] == names


def test_a_run_is_saved_into_a_new_folder_alone(run, tmp_path):
    run.save(tmp_path / "kept")
    with pytest.raises(BadInput, match="holds a run already"):
        run.save(tmp_path / "kept")
    (tmp_path / "file").write_text("")
    with pytest.raises(BadInput, match="is a file"):
        run.save(tmp_path / "file")


def test_a_terminal_shows_a_bar_and_nothing_else_does(fake_slices, monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(alone, "RUN_SLICE", fake_slices)
    rig = ltd.Slice(synapses=4)
    spec = ltd.ExperimentSpec(protocol=LFS, slices=2, synapses=4)
    rig.run(LFS)
    ltd.run_experiment(spec, tmp_path / "one", function=fake_slices)
    assert capsys.readouterr() == ("", "")
    monkeypatch.setenv("TTY_COMPATIBLE", "1")  # as a terminal, to rich
    rig.run(LFS, progress=False)
    ltd.run_experiment(spec, tmp_path / "two", function=fake_slices, progress=False)
    assert capsys.readouterr() == ("", "")
    rig.run(LFS)
    assert "100%" in capsys.readouterr().err
    ltd.run_experiment(spec, tmp_path / "three", function=fake_slices)
    assert "2 of 2 slices finished" in capsys.readouterr().err
