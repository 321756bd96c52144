"""Folders that a stranger gave or a disk has spoilt: every file of a run, in every way.

Nothing is taken for what it is not, ends in a traceback, makes us wait or is written elsewhere.
"""

import contextlib
import json
import os
import shutil

import pytest
from damage import KINDS

from ca1ltd import protocols
from ca1ltd.cli import main
from ca1ltd.errors import BadInput
from ca1ltd.experiment.results import load_run
from ca1ltd.experiment.run import run_experiment
from ca1ltd.experiment.spec import ExperimentSpec
from ca1ltd.experiment.store.files import DATA_FILES, SUMMARY_FILE, write_summary
from ca1ltd.experiment.store.sweep_folder import SweepStore
from ca1ltd.experiment.sweep.sweep import sweep

ONE, OTHER = (
    ExperimentSpec(protocol=protocols.lfs(baseline=5, follow_up=10, pulses=60), seed=seed, slices=2)
    for seed in (1, 2)
)
RUN_FILES = (*DATA_FILES, SUMMARY_FILE)
SLICE_FILES = ("pulses.csv", "synapses.csv", "timecourse.csv", "traces.npz", "slice.json")


@pytest.fixture(scope="module")
def made(tmp_path_factory, leave_run):
    """A finished run, and another of another seed."""
    folder = tmp_path_factory.mktemp("made")
    leave_run(folder / "one", ONE)
    leave_run(folder / "other", OTHER)
    return folder


def changed(file, old):
    return not file.is_file() or file.read_bytes() != old.read_bytes()


@pytest.fixture
def spoilt(made, tmp_path):
    """Return the function that yields a run with each file spoilt in turn, and the file."""
    folder = shutil.copytree(made / "one", tmp_path / "run")

    def each(kind, files):
        for name in files:
            file, old = folder / name, made / "one" / name
            KINDS[kind](file, made / "other" / name)
            if changed(file, old):
                yield folder, file
            if file.is_dir():
                file.rmdir()
            file.unlink(missing_ok=True)
            shutil.copyfile(old, file)
            shutil.copyfile(made / "one" / SUMMARY_FILE, folder / SUMMARY_FILE)

    return each


def refused(capsys, *words):
    """Run a command that must be refused in one sentence of ordinary letters."""
    assert main([str(word) for word in words]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("ca1ltd: ")
    assert said.err.count("\n") == 1
    assert said.err.rstrip("\n").isprintable()
    return said.err


@pytest.mark.parametrize("kind", KINDS)
def test_a_run_with_a_spoilt_file_is_refused(spoilt, kind):
    for folder, _ in spoilt(kind, RUN_FILES):
        with pytest.raises(BadInput, match=f"{folder} (is damaged|cannot be|holds no|is not fini)"):
            load_run(folder)


@pytest.mark.parametrize("kind", ["control characters", "a pipe", "not UTF-8", "a key twice"])
def test_a_run_with_a_spoilt_file_is_refused_by_commands(spoilt, kind, capsys):
    for folder, _ in spoilt(kind, RUN_FILES):
        refused(capsys, "figure", "ltd", "--from", folder)


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_that_was_forged_with_its_sha256_is_no_traceback(spoilt, kind):
    for folder, _ in spoilt(kind, DATA_FILES):
        summary = json.loads((folder / SUMMARY_FILE).read_text())
        summary.pop("files")
        try:
            write_summary(summary, folder)
        except (OSError, ValueError):
            continue  # no one can make a hash of it
        with contextlib.suppress(BadInput):
            load_run(folder)


@pytest.mark.parametrize("kind", KINDS)
def test_a_spoilt_slice_is_named_and_no_table_is_made_of_it(spoilt, kind):
    files = [f"slices/slice-001/{name}" for name in SLICE_FILES]
    for folder, file in spoilt(kind, files):
        (folder / SUMMARY_FILE).unlink()
        with pytest.raises(BadInput, match=rf"{file.parent} is damaged: .*; remove it, and --res"):
            run_experiment(ONE, folder, resume=True, function="nowhere:nothing")
        assert not (folder / SUMMARY_FILE).exists()


@pytest.mark.parametrize("kind", ["gone", "a pipe", "a link to nothing", "a bomb", "half"])
def test_a_spoilt_run_is_mended_from_its_slices(spoilt, made, kind, left_in, fake_slices):
    whole = left_in(made / "one")
    for folder, _ in spoilt(kind, [name for name in RUN_FILES if name != "run.json"]):
        run_experiment(ONE, folder, resume=True, function="nowhere:nothing")
        assert left_in(folder) == whole


def test_nothing_is_written_through_a_link(made, tmp_path, fake_slices, left_in):
    whole, precious = left_in(made / "one"), tmp_path / "precious"
    precious.write_text("precious")
    folder = shutil.copytree(made / "one", tmp_path / "run")
    shutil.rmtree(folder / "slices" / "slice-001")
    links = (*RUN_FILES, "slices/slice-001.log", *(f".{name}.{os.getpid()}" for name in RUN_FILES))
    for name in links:
        if name != "run.json":
            (folder / name).unlink(missing_ok=True)
            (folder / name).symlink_to(precious)
    run_experiment(ONE, folder, resume=True, function=fake_slices)
    assert precious.read_text() == "precious"
    assert left_in(folder) == whole
    assert not [path for path in folder.rglob("*") if path.is_symlink()]


def test_a_lock_that_is_a_link_is_not_written_through(made, tmp_path, fake_slices):
    precious = tmp_path / "precious"
    precious.write_text("precious")
    folder = shutil.copytree(made / "one", tmp_path / "run", ignore=lambda *_: [".lock"])
    (folder / ".lock").symlink_to(precious)
    with pytest.raises(BadInput, match="cannot be written: "):
        run_experiment(ONE, folder, resume=True, function="nowhere:nothing")
    assert precious.read_text() == "precious"


@pytest.mark.parametrize("link", ["slices", "slices/slice-001"])
def test_a_folder_of_slices_that_lies_elsewhere_is_not_filled(made, tmp_path, fake_slices, link):
    folder, elsewhere = tmp_path / "run", tmp_path / "elsewhere"
    shutil.copytree(made / "one", folder)
    (folder / SUMMARY_FILE).unlink()
    shutil.rmtree(folder / link)
    elsewhere.mkdir()
    (folder / link).symlink_to(elsewhere)
    if link == "slices":
        said = f"{folder}/slices is a link, and nothing is written through it: remove it"
        with pytest.raises(BadInput, match=said):
            run_experiment(ONE, folder, resume=True, function=fake_slices)
    else:
        run_experiment(ONE, folder, resume=True, function=fake_slices)
        assert load_run(folder).summary["pathways"]["control"]["n_slices"] == 2
    assert not list(elsewhere.iterdir())


def test_a_run_of_a_sweep_that_lies_elsewhere_is_not_filled(tmp_path, fake_slices):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    with SweepStore.open(tmp_path / "sweep", [ONE], resume=False).claimed():
        pass
    (tmp_path / "sweep" / "runs").mkdir()
    (tmp_path / "sweep" / "runs" / "run-0000").symlink_to(elsewhere)
    with pytest.raises(BadInput, match="run-0000 is a link, and nothing is written through it"):
        sweep([ONE], tmp_path / "sweep", resume=True, function=fake_slices)
    assert not list(elsewhere.iterdir())


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in ("another run's", "twice")])
def test_a_spoilt_sweep_is_refused(tmp_path, capsys, kind):
    folder = tmp_path / "sweep"
    with SweepStore.open(folder, [ONE], resume=False).claimed():
        pass
    (folder / "neighbour").write_text("[]")
    file, old = folder / "sweep.json", tmp_path / "old"
    shutil.copyfile(file, old)
    KINDS[kind](file, None)
    if changed(file, old):
        refused(capsys, "sweep", "table", folder)
