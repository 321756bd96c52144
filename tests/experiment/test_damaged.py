"""Runs whose files are not as they were written: refused in one sentence by all that reads them."""

import hashlib
import json
import shutil

import pandas as pd
import pytest

from ca1ltd import protocols
from ca1ltd.cli import main
from ca1ltd.errors import BadInput
from ca1ltd.experiment.files import DATA_FILES
from ca1ltd.experiment.results import load_run
from ca1ltd.experiment.run import run_experiment
from ca1ltd.experiment.spec import ExperimentSpec


@pytest.fixture
def folder(fake_slices, tmp_path):
    """The folder of a finished run."""
    spec = ExperimentSpec(protocol=protocols.lfs(baseline=5, follow_up=10, pulses=60), slices=2)
    run_experiment(spec, tmp_path / "run", function=fake_slices)
    return tmp_path / "run"


def without_files(folder):
    """Make a run one of the older version that wrote no ``files``."""
    summary = json.loads((folder / "summary.json").read_text())
    del summary["files"]
    (folder / "summary.json").write_text(json.dumps(summary))


def cut(path):
    """Drop the second half of a file's lines."""
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[: len(lines) // 2]))


def test_the_summary_has_the_sha256_of_every_other_file(folder):
    found = json.loads((folder / "summary.json").read_text())["files"]
    there = {file.name for file in folder.iterdir() if file.is_file()}
    assert set(found) == there - {"summary.json"}
    for name, digest in found.items():
        assert digest == hashlib.sha256((folder / name).read_bytes()).hexdigest()


@pytest.mark.parametrize("name", DATA_FILES)
def test_a_run_with_a_file_cut_short_is_refused(folder, name):
    cut(folder / name)
    with pytest.raises(BadInput) as refused:
        load_run(folder)
    assert str(refused.value) == f"the run in {folder} is damaged: {name} is not as it was written"


def test_a_run_of_an_older_version_is_loaded_without_the_check(folder):
    whole = load_run(folder)
    without_files(folder)
    older = load_run(folder)
    assert older.summary == whole.summary
    pd.testing.assert_frame_equal(older.epsp, whole.epsp, check_exact=True)
    cut(folder / "epsp.csv")
    assert len(load_run(folder).epsp) < len(whole.epsp)


@pytest.mark.parametrize("part", [0, 0.5, 0.99])
def test_traces_of_an_older_version_that_are_cut_short_are_refused(folder, part):
    without_files(folder)
    file = folder / "traces.npz"
    content = file.read_bytes()
    file.write_bytes(content[: int(part * len(content))])
    with pytest.raises(BadInput, match=rf"^the run in {folder} is damaged: .*no archive of traces"):
        load_run(folder)


def test_traces_with_a_wrong_byte_are_refused(folder):
    without_files(folder)
    file = folder / "traces.npz"
    content = bytearray(file.read_bytes())
    content[len(content) // 3] ^= 255
    file.write_bytes(content)
    with pytest.raises(BadInput, match=r"is damaged: .*no archive of traces"):
        load_run(folder)


def test_a_run_with_a_file_cut_short_is_neither_drawn_nor_scored(
    folder, said_by, tmp_path, monkeypatch, capsys
):
    cut(folder / "expected.csv")
    assert main(["figure", "ltd", "--from", str(folder), "--out", str(tmp_path / "drawn")]) == 2
    said = capsys.readouterr()
    assert said.err == f"ca1ltd: the run in {folder} is damaged: expected.csv is not as it was " + (
        "written\n"
    )
    assert not (tmp_path / "drawn").exists()

    words = ("--slices", "1")
    assert said_by("experiment", "run", "MM92_ctrl", *words)[0] == 0
    (cached,) = (file.parent for file in (tmp_path / "runs/experiments").glob("*/run.json"))
    assert said_by("experiment", "score", *words)[0] == 0
    shutil.rmtree(tmp_path / "run")
    cut(cached / "expected.csv")
    status, out, err = said_by("experiment", "score", *words)
    assert (status, out) == (2, "")
    assert err == f"ca1ltd: the run in {cached} is damaged: expected.csv is not as it was written\n"
