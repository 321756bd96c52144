"""Runs whose files are not as they were written: refused in one sentence by all that reads them."""

import hashlib
import importlib.util
import json
import shutil
from pathlib import Path

import pandas as pd
import pytest

from ca1ltd.cli import main
from ca1ltd.errors import BadInput
from ca1ltd.experiment.results import load_run
from ca1ltd.experiment.store.cache import name_of, saved
from ca1ltd.experiment.store.files import DATA_FILES
from ca1ltd.experiment.store.run_folder import Store
from ca1ltd.experiment.store.sweep_folder import SweepStore
from ca1ltd.experiment.sweep.sweep import load_sweep
from ca1ltd.literature.experiments import Setting, experiments

FAKE = Path(__file__).parents[1] / "fakes" / "fake_slice.py"


@pytest.fixture(scope="module")
def spec():
    (spec,) = Setting(slices=1).specs(experiments()["MM92_ctrl"])
    return spec


def leave_run(path, spec):
    """Leave a finished run of slices that are made up."""
    module = importlib.util.spec_from_file_location("fake_slice", FAKE)
    fake = importlib.util.module_from_spec(module)
    module.loader.exec_module(fake)
    store = Store(path, spec)
    store.begin()
    for each in spec.slice_specs():
        store.slices.save(fake.made_up_result(each))
    store.complete()
    store.remove_slices()


@pytest.fixture(scope="module")
def kept(tmp_path_factory, spec):
    folder = tmp_path_factory.mktemp("kept") / name_of(spec)
    leave_run(folder, spec)
    return folder


@pytest.fixture
def folder(kept, tmp_path):
    """The folder of a finished run, in a folder of runs."""
    return shutil.copytree(kept, tmp_path / "runs" / kept.name)


@pytest.fixture
def older(folder):
    """The same of a version that wrote no ``files``."""
    change(folder / "summary.json", lambda summary: summary.pop("files"))
    return folder


def change(file, how):
    content = json.loads(file.read_text())
    how(content)
    file.write_text(json.dumps(content))


def cut(path):
    """Drop the second half of a file's lines."""
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[: len(lines) // 2]))


def refused(capsys, *words):
    """Run a command that must be refused in one sentence; return the sentence."""
    assert main([str(word) for word in words]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1
    return said.err.removeprefix("ca1ltd: ").rstrip("\n")


def test_the_summary_has_the_sha256_of_every_other_file(folder):
    found = json.loads((folder / "summary.json").read_text())["files"]
    there = {file.name for file in folder.iterdir()}
    assert set(found) == there - {"summary.json"}
    for name, digest in found.items():
        assert digest == hashlib.sha256((folder / name).read_bytes()).hexdigest()


@pytest.mark.parametrize("name", DATA_FILES)
def test_a_run_with_a_file_cut_short_is_refused(folder, name):
    cut(folder / name)
    said = f"^the run in {folder} is damaged: {name}: it is not as it was written$"
    with pytest.raises(BadInput, match=said):
        load_run(folder)


def test_a_run_of_an_older_version_is_loaded_without_the_check(kept, older):
    whole, loaded = load_run(kept), load_run(older)
    assert loaded.summary == whole.summary
    assert "files" not in whole.summary
    pd.testing.assert_frame_equal(loaded.epsp, whole.epsp, check_exact=True)
    cut(older / "epsp.csv")
    assert len(load_run(older).epsp) < len(whole.epsp)


def test_a_run_with_a_file_cut_short_is_neither_drawn_nor_scored(folder, tmp_path, capsys):
    score = ("experiment", "score", "--slices", "1", "--out", folder.parent)
    assert main([str(word) for word in score]) == 0
    capsys.readouterr()
    cut(folder / "expected.csv")
    said = f"the run in {folder} is damaged: expected.csv: it is not as it was written"
    assert refused(capsys, *score) == said
    assert refused(capsys, "figure", "ltd", "--from", folder, "--out", tmp_path / "drawn") == said
    assert not (tmp_path / "drawn").exists()


@pytest.mark.parametrize("part", [0, 0.5, 0.99])
def test_traces_of_an_older_version_that_are_cut_short_are_refused(older, part):
    file = older / "traces.npz"
    content = file.read_bytes()
    file.write_bytes(content[: int(part * len(content))])
    with pytest.raises(BadInput, match=rf"^the run in {older} is damaged: .*no archive of traces"):
        load_run(older)


def test_traces_with_a_wrong_byte_are_refused(older):
    file = older / "traces.npz"
    content = bytearray(file.read_bytes())
    content[len(content) // 3] ^= 255
    file.write_bytes(content)
    with pytest.raises(BadInput, match=r"is damaged: .*no archive of traces"):
        load_run(older)


RUN_FILES = [
    ("[]", "it is not as in a run"),
    ('{"spec": ', "it is not JSON (Expecting value"),
    ('{"spec": ' + "[" * 100_000, "it is nested too deeply"),
    ('{"spec": 1, "spec": 2}', "'spec' is given twice"),
    (lambda run: run.update(spec=[]), "spec is not as in a run"),
    (lambda run: run.pop("spec"), "spec is missing"),
    (lambda run: run["spec"].pop("protocol"), "spec.protocol is missing"),
    (lambda run: run["spec"]["protocol"].pop("name"), "spec.protocol.name is missing"),
    (lambda run: run["spec"].update(seed="1"), "spec.seed is not as in a run"),
    (lambda run: run["spec"].update(conditions="usual"), "spec.conditions is not as in a run"),
    (
        lambda run: run["spec"].update(drugs=[{"name": "D-AP5", "concentration": 1, "end": 2}]),
        "spec.drugs.0.start is missing",
    ),
    (lambda run: run.update(versions="0.1.0"), "versions is not as in a run"),
]


@pytest.mark.parametrize(("how", "words"), RUN_FILES, ids=[words for _, words in RUN_FILES])
def test_a_run_file_of_another_shape_is_refused(older, capsys, how, words):
    file = older / "run.json"
    if callable(how):
        change(file, how)
    else:
        file.write_text(how)
    for source in (older, older.parent):
        said = refused(capsys, "figure", "ltd", "--from", source)
        assert said.startswith(f"the run in {older} is damaged: run.json: {words}")


@pytest.mark.parametrize("key", ["slices", "geometry"])
def test_a_finished_run_file_without_what_the_slices_left_is_refused(older, key):
    change(older / "run.json", lambda run: run.pop(key))
    with pytest.raises(BadInput, match=f"is damaged: run.json: {key} is missing"):
        load_run(older)


@pytest.mark.parametrize("text", ["[]", "{}", '"low"', "{", '{"pathways": {"control": 3}}'])
def test_a_summary_of_another_shape_is_neither_drawn_nor_scored(older, capsys, text):
    (older / "summary.json").write_text(text)
    for words in (
        ("experiment", "score", "--slices", "1", "--out", older.parent),
        ("figure", "ltd", "--from", older),
    ):
        said = refused(capsys, *words)
        assert said.startswith(f"the run in {older} is damaged: summary.json: ")


def test_a_damaged_summary_is_not_in_the_table_of_a_sweep(tmp_path, spec):
    with SweepStore.open(tmp_path / "sweep", [spec], resume=False).claimed():
        run = tmp_path / "sweep" / "runs" / "run-0000"
        leave_run(run, spec)
    table = load_sweep(tmp_path / "sweep").table
    assert not [name for name in table.columns if "files" in name]
    assert len(table) == 1
    (run / "summary.json").write_text("[]")
    with pytest.raises(BadInput, match=rf"^the run in {run} is damaged: summary.json"):
        load_sweep(tmp_path / "sweep")


@pytest.mark.parametrize("table", ["epsp", "expected", "synapses", "timecourse"])
def test_a_table_without_rows_or_a_column_or_of_words_is_refused(older, table):
    file = older / f"{table}.csv"
    head, _, rows = file.read_text().partition("\n")
    for text, words in (
        ("", "No columns"),
        (f"{head}\n", "it has no row"),
        (f"{head.replace('slice', 'piece')}\n{rows}", "it has no column slice"),
        (f"{head}\n{rows}{'many,' * head.count(',')}many\n", "its column slice has something"),
        (f"{head}\n{rows}{','.join('1' * 99)}\n", "Error tokenizing"),
    ):
        file.write_text(text)
        with pytest.raises(
            BadInput, match=rf"^the run in {older} is damaged: {table}.csv: {words}"
        ):
            load_run(older)


def test_a_renamed_percent_of_baseline_is_said(older, capsys):
    file = older / "epsp.csv"
    file.write_text(file.read_text().replace(",percent_of_baseline", ",percent"))
    said = refused(capsys, "figure", "ltd", "--from", older)
    words = "epsp.csv: it has no column percent_of_baseline"
    assert said == f"the run in {older} is damaged: {words}"


@pytest.mark.parametrize("name", [*DATA_FILES[:-1], "summary.json"])
def test_a_file_that_cannot_be_read_is_not_called_damaged(folder, name):
    (folder / name).unlink()
    (folder / name).mkdir()
    said = f"^the run in {folder} cannot be read: {name}: Is a directory$"
    with pytest.raises(BadInput, match=said):
        load_run(folder)


def test_a_run_that_may_not_be_read_is_not_called_absent(folder, spec, monkeypatch):
    assert saved(folder.parent, [spec]) == {spec: folder}
    read_text = Path.read_text

    def denied(path, **options):
        if path.name == "run.json":
            raise PermissionError(13, "Permission denied", str(path))
        return read_text(path, **options)

    monkeypatch.setattr(Path, "read_text", denied)
    said = f"^the run in {folder} cannot be read: run.json: Permission denied$"
    with pytest.raises(BadInput, match=said):
        saved(folder.parent, [spec])


def test_a_file_that_is_gone_is_said(folder):
    (folder / "traces.npz").unlink()
    with pytest.raises(BadInput, match=r"is damaged: traces\.npz is missing$"):
        load_run(folder)


def test_a_run_of_a_protocol_that_is_no_more_is_passed_over(folder, spec):
    change(folder / "run.json", lambda run: run["spec"]["protocol"].update(name="ltp"))
    assert saved(folder.parent, [spec]) == {}
