"""Runs whose files are not as they were written: refused in one sentence by all that reads them."""

import hashlib
import json
import os
import shutil
from pathlib import Path

import pytest

from ca1ltd.cli import main
from ca1ltd.errors import BadInput
from ca1ltd.experiment.results import load_run
from ca1ltd.experiment.store.cache import saved
from ca1ltd.experiment.store.files import DATA_FILES, write_summary
from ca1ltd.experiment.store.identity import name_of
from ca1ltd.experiment.store.sweep_folder import SweepStore
from ca1ltd.experiment.sweep.sweep import load_sweep
from ca1ltd.literature.experiments import Setting, experiments


@pytest.fixture(scope="module")
def spec():
    (spec,) = Setting(slices=1).specs(experiments()["MM92_ctrl"])
    return spec


@pytest.fixture(scope="module")
def kept(tmp_path_factory, spec, leave_run):
    folder = tmp_path_factory.mktemp("kept") / name_of(spec)
    leave_run(folder, spec)
    return folder


@pytest.fixture
def folder(kept, tmp_path):
    """The folder of a finished run, in a folder of runs."""
    return shutil.copytree(kept, tmp_path / "runs" / kept.name)


@pytest.fixture
def forge(folder):
    """Return the function that makes the SHA-256 in the summary those of the files as they are."""

    def forged():
        summary = json.loads((folder / "summary.json").read_text())
        if isinstance(summary, dict):
            summary.pop("files", None)
            write_summary(summary, folder)

    return forged


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
    assert set(found) == there - {"slices"}
    found.pop("summary.json")  # its own is without them
    for name, digest in found.items():
        assert digest == hashlib.sha256((folder / name).read_bytes()).hexdigest()


@pytest.mark.parametrize("name", DATA_FILES)
def test_a_run_with_a_file_cut_short_is_refused(folder, name):
    cut(folder / name)
    said = f"^the run in {folder} is damaged: {name}: it is not as it was written$"
    with pytest.raises(BadInput, match=said):
        load_run(folder)


def test_a_run_that_says_nothing_of_its_files_is_refused(folder):
    change(folder / "summary.json", lambda summary: summary.pop("files"))
    said = rf"^the run in {folder} is damaged: summary\.json: files is missing, which says that"
    with pytest.raises(BadInput, match=said):
        load_run(folder)


def test_a_summary_with_another_number_is_refused(folder):
    change(folder / "summary.json", lambda summary: summary.update(peak_spine_ca_uM=1.0))
    said = rf"^the run in {folder} is damaged: summary\.json: it is not as it was written$"
    with pytest.raises(BadInput, match=said):
        load_run(folder)


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
def test_traces_that_are_cut_short_are_refused(folder, forge, part):
    file = folder / "traces.npz"
    content = file.read_bytes()
    file.write_bytes(content[: int(part * len(content))])
    forge()
    with pytest.raises(BadInput, match=rf"^the run in {folder} is damaged: .*no archive of traces"):
        load_run(folder)


def test_traces_with_a_wrong_byte_are_refused(folder, forge):
    file = folder / "traces.npz"
    content = bytearray(file.read_bytes())
    content[len(content) // 3] ^= 255
    file.write_bytes(content)
    forge()
    with pytest.raises(BadInput, match=r"is damaged: .*no archive of traces"):
        load_run(folder)


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
def test_a_run_file_of_another_shape_is_refused(folder, forge, capsys, how, words):
    file = folder / "run.json"
    if callable(how):
        change(file, how)
    else:
        file.write_text(how)
    forge()
    for source in (folder, folder.parent):
        said = refused(capsys, "figure", "ltd", "--from", source)
        assert said.startswith(f"the run in {folder} is damaged: run.json: {words}")


@pytest.mark.parametrize("key", ["slices", "geometry"])
def test_a_finished_run_file_without_what_the_slices_left_is_refused(folder, forge, key):
    change(folder / "run.json", lambda run: run.pop(key))
    forge()
    with pytest.raises(BadInput, match=f"is damaged: run.json: {key} is missing"):
        load_run(folder)


@pytest.mark.parametrize("text", ["[]", "{}", '"low"', "{", '{"pathways": {"control": 3}}'])
def test_a_summary_of_another_shape_is_neither_drawn_nor_scored(folder, capsys, text):
    (folder / "summary.json").write_text(text)
    for words in (
        ("experiment", "score", "--slices", "1", "--out", folder.parent),
        ("figure", "ltd", "--from", folder),
    ):
        said = refused(capsys, *words)
        assert said.startswith(f"the run in {folder} is damaged: summary.json: ")


def test_a_damaged_summary_is_not_in_the_table_of_a_sweep(tmp_path, spec, leave_run):
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
def test_a_table_without_rows_or_a_column_or_of_words_is_refused(folder, forge, table):
    file = folder / f"{table}.csv"
    head, _, rows = file.read_text().partition("\n")
    for text, words in (
        ("", "No columns"),
        (f"{head}\n", "it has no row"),
        (f"{head.replace('slice', 'piece')}\n{rows}", "it has no column slice"),
        (f"{head}\n{rows}{'many,' * head.count(',')}many\n", "its column slice has something"),
        (f"{head}\n{rows}{','.join('1' * 99)}\n", "Error tokenizing"),
    ):
        file.write_text(text)
        forge()
        with pytest.raises(
            BadInput, match=rf"^the run in {folder} is damaged: {table}.csv: {words}"
        ):
            load_run(folder)


def test_a_renamed_percent_of_baseline_is_said(folder, forge, capsys):
    file = folder / "epsp.csv"
    file.write_text(file.read_text().replace(",percent_of_baseline", ",percent"))
    forge()
    said = refused(capsys, "figure", "ltd", "--from", folder)
    words = "epsp.csv: it has no column percent_of_baseline"
    assert said == f"the run in {folder} is damaged: {words}"


@pytest.mark.parametrize("name", [*DATA_FILES[:-1], "summary.json"])
def test_a_file_that_cannot_be_read_is_not_called_damaged(folder, name):
    (folder / name).unlink()
    (folder / name).mkdir()
    said = f"^the run in {folder} cannot be read: {name}: Is a directory$"
    with pytest.raises(BadInput, match=said):
        load_run(folder)


def test_a_run_that_may_not_be_read_is_not_called_absent(folder, spec, monkeypatch):
    assert saved(folder.parent, [spec]) == {spec: folder}
    opened = os.open

    def denied(path, *options, **more):
        if Path(path).name == "run.json":
            raise PermissionError(13, "Permission denied", str(path))
        return opened(path, *options, **more)

    monkeypatch.setattr(os, "open", denied)
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
