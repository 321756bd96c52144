"""``ca1ltd cell validate``: what it prints and writes, and what it refuses."""

import json
from collections import defaultdict

import numpy as np
import pytest

import ca1ltd.validation.validate
import ca1ltd.validation.validate_spines
from ca1ltd.cli import main
from ca1ltd.validation.report import CellReport, targets
from ca1ltd.validation.spine_report import SpineReport, spine_targets


def made_up(morphology, biophysics, *, progress):
    """A report without a simulation: every measure at its recordings' mean."""
    progress("nothing")
    line = (np.linspace(0, 300, 50), np.linspace(-70, -60, 50))
    names = ["step -0.25", "step -0.15", "step -0.05", "step 0.1", "step 0.2", "f-I", "bAP first"]
    return CellReport(
        cell=morphology.name,
        values={t.name: t.kinds[0][0] if t.kinds else 0.1 for t in targets()}
        | {"block_plateau": float("nan")},
        curves=dict.fromkeys([*names, "bAP last", "EPSP attenuation"], line),
    )


@pytest.fixture(autouse=True)
def _without_simulation(monkeypatch):
    monkeypatch.setattr(ca1ltd.validation.validate, "validate", made_up)


def test_it_prints_a_table_and_leaves_figure_and_json(tmp_path, capsys):
    assert main(["cell", "validate", "--out", str(tmp_path)]) == 0
    printed = capsys.readouterr()
    assert "block plateau" in printed.out
    assert "not shown" in printed.out
    assert "depolarisation block  33.33" in printed.out
    assert printed.err == "measuring nothing\n"
    assert {path.name for path in tmp_path.iterdir()} == {
        f"cell-dhc.{end}" for end in ("png", "svg", "pdf", "json")
    }


def test_json_is_what_the_file_holds(tmp_path, capsys):
    assert main(["cell", "validate", "--json", "--out", str(tmp_path)]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed == json.loads((tmp_path / "cell-dhc.json").read_text())
    assert printed["measures"]["rest"]["z"] == 0
    assert printed["measures"]["block_plateau"]["value"] is None


def made_up_spines(cell, *, name, as_drawn, progress):
    """A report of spines without a simulation: every measure in the middle, but for one."""
    del cell, as_drawn
    progress("nothing")
    return SpineReport(
        cell=name,
        values={t.name: np.array([(t.low + t.high) / 2]) for t in spine_targets()}
        | {"tetanus_calcium": np.array([1.0])},
        curves=defaultdict(lambda: (np.linspace(0, 150, 50), np.linspace(0.1, 2, 50))),
    )


def test_spines_have_a_table_figure_json_and_sheet(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(ca1ltd.validation.validate_spines, "validate_spines", made_up_spines)
    assert main(["cell", "validate", "--spine", "--out", str(tmp_path)]) == 0
    printed = capsys.readouterr()
    assert "calcium in a tetanus" in printed.out
    assert printed.err == "measuring nothing\n"
    assert {path.name for path in tmp_path.iterdir()} == {
        f"spine-dhc.{end}" for end in ("png", "svg", "pdf", "json", "csv")
    }
    assert main(["cell", "validate", "--spine", "--json", "--out", str(tmp_path)]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found == json.loads((tmp_path / "spine-dhc.json").read_text())
    assert found["misses"] == ["tetanus_calcium"]


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--cell", "none"], "no cell 'none'"),
        (["--cell", "dhc", "--swc", "my.swc"], "give one of them"),
        (["--swc", "absent.swc"], "absent.swc is not there"),
    ],
)
def test_bad_input_is_refused_in_one_line(tmp_path, capsys, arguments, reason):
    assert main(["cell", "validate", "--out", str(tmp_path / "out"), *arguments]) == 2
    message = capsys.readouterr().err
    assert reason in message
    assert message.count("\n") == 1
    assert not (tmp_path / "out").exists()
