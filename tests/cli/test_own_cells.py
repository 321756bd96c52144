"""Cells of one's own on the command line: a file, a name, as many synapses as fit."""

import json
from dataclasses import replace
from pathlib import Path

import matplotlib.pyplot as pyplot
import pytest

import ca1ltd as ltd
from ca1ltd import cell_files
from ca1ltd.cli import main
from ca1ltd.declared import Declared
from ca1ltd.errors import BadInput
from ca1ltd.experiment.crowding import most_synapses, refuse_crowded
from ca1ltd.experiment.spec import ExperimentSpec
from ca1ltd.figures.parts.panel_experiment import draw_experiment
from ca1ltd.model.cell_biophysics import biophysics_of
from ca1ltd.model.own_cells import add_cell, morphology_of
from ca1ltd.provenance import provenance
from ca1ltd.resources import cells_dir

DHC = cells_dir() / "dhc" / "morphology.swc"
SHORT = ("test-pulses", "--duration", "2", "--baseline", "1", "--slices", "1")


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(cell_files.VARIABLE, str(tmp_path / "own"))
    return tmp_path / "own"


@pytest.fixture
def on_its_side(tmp_path: Path) -> Path:
    """The cell dhc drawn with its apical dendrite towards -x, one radius lost."""
    rows = []
    for line in DHC.read_text().splitlines():
        words = line.partition("#")[0].split()
        if words:
            label, kind, x, y, z, radius, parent = words
            radius = "0" if label == "500" else radius
            rows.append(f"{label} {kind} {-float(y)!r} {x} {z} {radius} {parent}")
    path = tmp_path / "on its side.swc"
    path.write_text("\n".join(rows))
    return path


def said(capsys, *words: str) -> tuple[int, str, str]:
    status = main(list(words))
    out, err = capsys.readouterr()
    return status, out, err


def test_a_file_of_a_cell_of_the_project_is_that_cell() -> None:
    by_file = ExperimentSpec(protocol=ltd.protocols.lfs(), cell=str(DHC))
    by_name = ExperimentSpec(protocol=ltd.protocols.lfs(), cell="dhc")
    assert provenance(by_file.cell) == provenance("dhc")
    assert most_synapses(by_file) == most_synapses(by_name) > 60
    assert biophysics_of(str(DHC)) == biophysics_of("dhc")


def test_show_says_what_was_mended_and_turned(capsys, on_its_side: Path) -> None:
    status, out, err = said(capsys, "cell", "show", "--swc", str(on_its_side))
    assert (status, err) == (0, "")
    assert "turned by 87" in out
    assert "1 point without a radius above 0 um has the mean radius of its neighbours" in out
    status, out, err = said(capsys, "cell", "show", "--strict", "--swc", str(on_its_side))
    assert (status, out) == (2, "")
    assert "strictly it is no reconstruction" in err


def test_a_named_cell_is_the_file_it_was_added_from(capsys, on_its_side: Path, own_folder) -> None:
    assert said(capsys, "cell", "add", "mine", str(on_its_side))[0] == 0
    named, from_file = morphology_of("mine"), morphology_of(str(on_its_side))
    assert named.name == "mine"
    for a, b in zip(named.sections, from_file.sections, strict=True):
        assert a.name == b.name
        assert a.points.tobytes() == b.points.tobytes()
    assert "turned by 87" in (own_folder / "mine" / "morphology.swc").read_text()
    assert "mine" in said(capsys, "info", "cells")[1]
    spec = ExperimentSpec(protocol=ltd.protocols.lfs(), cell="mine")
    assert ExperimentSpec.from_dict(json.loads(json.dumps(spec.as_dict()))) == spec


def test_a_named_cell_may_have_biophysics_of_its_own(tmp_path: Path) -> None:
    rules = tmp_path / "rules.toml"
    rules.write_text(
        '[passive]\ncapacitance = { value = 1.1, unit = "uF/cm2", source = "measured" }\n'
    )
    add_cell("mine", DHC, biophysics=rules)
    assert biophysics_of("mine").passive.capacitance.value == 1.1
    assert biophysics_of("dhc").passive.capacitance.value != 1.1
    assert provenance("mine") != provenance("dhc")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("dhc", "FILE"), "there is a cell 'dhc' already"),
        (("../mine", "FILE"), "is no name of a cell"),
        (("", "FILE"), "is no name of a cell"),
        (("mine", "none.swc"), "there is no such file"),
        (("mine", "FILE", "--biophysics", "none.toml"), "none.toml cannot be read"),
    ],
)
def test_what_cannot_be_added_is_refused_and_nothing_written(
    capsys, own_folder, words, sentence
) -> None:
    given = [str(DHC) if word == "FILE" else word for word in words]
    status, out, err = said(capsys, "cell", "add", *given)
    assert (status, out) == (2, "")
    assert sentence in err
    assert not own_folder.exists()


def test_a_name_is_given_once(capsys) -> None:
    assert said(capsys, "cell", "add", "mine", str(DHC))[0] == 0
    assert "there is a cell 'mine' already" in said(capsys, "cell", "add", "mine", str(DHC))[2]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("run", *SHORT, "--cell", "mine"), "no cell 'mine': there are c5038804, dhc, nmo49821"),
        (("run", *SHORT, "--cell", "mine.swc"), "a file is given by --swc"),
        (("run", *SHORT, "--cell", "dhc", "--swc", str(DHC)), "each name the cell: give one"),
        (("run", *SHORT, "--swc", "none.swc"), "the reconstruction none.swc is not there"),
        (("run", *SHORT, "--swc", "."), "the reconstruction . is no file"),
        (("run", *SHORT, "--as-drawn"), "--as-drawn is for a reconstruction of your own"),
        (("run", *SHORT, "--synapses", "most"), "synapses is 'most', and must be a whole number"),
        (("run", *SHORT, "--epsp", "0"), "epsp is 0 mV, and must be above 0"),
        (("sweep", "lfs", "--swc", "none.swc"), "the reconstruction none.swc is not there"),
        (("figure", "ltd", "--swc", "none.swc"), "the reconstruction none.swc is not there"),
        (("experiment", "run", "all", "--swc", "none.swc"), "none.swc is not there"),
        (("cell", "validate", "--swc", "none.swc"), "none.swc is not there"),
    ],
)
def test_what_cannot_be_is_refused(capsys, tmp_path, monkeypatch, words, sentence) -> None:
    monkeypatch.chdir(tmp_path)
    status, out, err = said(capsys, *words)
    assert (status, out) == (2, "")
    assert sentence in err
    assert len(err.splitlines()) == 1
    assert not list(tmp_path.iterdir())


def test_a_relative_folder_of_own_cells_is_refused(capsys, monkeypatch) -> None:
    monkeypatch.setenv(cell_files.VARIABLE, "own")
    assert "must be a whole path" in said(capsys, "cell", "add", "mine", str(DHC))[2]


def test_as_many_synapses_as_fit_are_taken_and_one_more_is_refused() -> None:
    spec = ExperimentSpec.of(Declared("lfs", synapses="max", slices=2, cell=str(DHC)))
    assert spec.synapses == most_synapses(spec)
    refuse_crowded(spec)
    more = ExperimentSpec(
        protocol=spec.protocol, cell=spec.cell, slices=2, synapses=spec.synapses + 1
    )
    with pytest.raises(BadInput, match=f"--synapses {spec.synapses} is the most in these slices"):
        refuse_crowded(more)


def test_stronger_pulses_leave_room_for_fewer() -> None:
    weak, strong = (
        most_synapses(ExperimentSpec.of(Declared("lfs", {"strength": strength}, slices=1)))
        for strength in (1, 2)
    )
    assert weak > strong > 0


def test_a_slice_in_python_warns_once_of_what_was_turned(on_its_side: Path) -> None:
    with pytest.warns(UserWarning, match="on its side.swc: ") as warned:
        ltd.Slice(swc=on_its_side, synapses=5)
    mended, turned = (str(each.message) for each in warned)
    assert "without a radius" in mended
    assert "turned by 87" in turned
    with pytest.raises(BadInput, match="each name the cell"):
        ltd.Slice("dhc", swc=DHC)


def test_a_run_keeps_the_cell_and_what_was_said_of_it(fake_slices, tmp_path, on_its_side) -> None:
    """Its figure is drawn from the copy, whatever becomes of the file."""
    spec = ExperimentSpec.of(Declared("lfs", slices=1, cell=str(on_its_side)))
    run = ltd.run_experiment(spec, tmp_path / "run", function=fake_slices)
    notices = json.loads((tmp_path / "run" / "run.json").read_text())["notices"]
    assert any("turned by 87" in notice for notice in notices)
    kept = morphology_of(str(tmp_path / "run" / "cell.swc"), as_drawn=True)
    used = morphology_of(str(on_its_side))
    assert [s.points.tobytes() for s in kept.sections] == [
        s.points.tobytes() for s in used.sections
    ]
    on_its_side.unlink()
    assert "cell on its side" in ltd.figures.FIGURES["ltd"].caption({"lfs": run})
    _, axes = pyplot.subplots()
    draw_experiment(axes, ltd.load_run(tmp_path / "run"))
    pyplot.close("all")


def test_a_file_that_changed_is_another_cell(fake_slices, tmp_path, on_its_side) -> None:
    spec = ExperimentSpec.of(Declared("lfs", slices=1, cell=str(on_its_side)))
    ltd.run_experiment(spec, tmp_path / "run", function=fake_slices)
    on_its_side.write_text(on_its_side.read_text().replace("100 3", "100 3", 1) + "# seen again\n")
    more = ExperimentSpec.of(Declared("lfs", slices=2, cell=str(on_its_side)))
    with pytest.raises(BadInput, match="the cell's files"):
        ltd.run_experiment(more, tmp_path / "run", resume=True, function=fake_slices)


def test_a_readjusted_stimulus_must_fit_with_the_axons_that_it_recruits() -> None:
    little = {"ca": 1.3, "mg": 2, "readjust": "yes"}
    spec = ExperimentSpec.of(Declared("lfs", conditions=little, slices=1))
    with pytest.raises(BadInput, match=r"^\d+ synapses in each pathway are too many") as caught:
        refuse_crowded(spec)
    most = int(str(caught.value).partition("--synapses ")[2].partition(" ")[0])
    refuse_crowded(replace(spec, synapses=most))
