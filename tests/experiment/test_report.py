"""The report on a set of parameters, of runs that are made up, and its measures on known cases."""

import json
from dataclasses import replace

import numpy as np
import pytest

from ca1ltd.appraisal import molecules, report, robustness
from ca1ltd.appraisal.runs import PROTOCOLS, recorded
from ca1ltd.drive import REST, Stretches
from ca1ltd.errors import BadInput
from ca1ltd.literature.experiments import Setting
from ca1ltd.model import parameters

SETTING = ("--slices", "1")
ONE = Setting(slices=1)
FEW = ("ca1i1.i1_total", "ca1psd.pp1_sites")


@pytest.fixture
def folder(said_by, tmp_path):
    """The folder of the runs that numbers that move and molecules are judged by."""
    status, _, err = said_by("experiment", "run", *PROTOCOLS.values(), *SETTING, "--drives", "1")
    assert status == 0, err
    return tmp_path / "runs" / "experiments"


@pytest.fixture
def small(monkeypatch):
    """Few parameters, and few spines that are not followed for long."""
    monkeypatch.setattr(robustness, "keys", lambda: FEW)
    monkeypatch.setattr(molecules, "SPINES", 2)
    monkeypatch.setattr(molecules, "LARGER", ())
    short = {
        name: replace(each, followed=600.0 if each.events else 1500.0)
        for name, each in molecules.PROTOCOLS.items()
    }
    monkeypatch.setattr(molecules, "PROTOCOLS", short)


@pytest.mark.usefixtures("small")
def test_every_measure_is_on_the_page_and_in_the_file(folder):
    page = report.report(folder, ONE, 1).read_text(encoding="utf-8")
    found = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    assert list(found) == list(report.MEASURES)
    for measure in report.MEASURES.values():
        assert f"\n## {measure.title}\n\n" in page
    assert "Not measured" not in page
    assert set(found["robustness"]["parameters"]) == set(FEW)
    assert set(found["molecules"]["protocols"]) == set(molecules.PROTOCOLS)
    assert found["molecules"]["protocols"]["rest"]["spines"] == 2


def test_what_was_not_recorded_is_said_and_the_rest_is_there(said_by, tmp_path):
    assert said_by("experiment", "run", "MM92_ctrl", *SETTING)[0] == 0
    status, out, err = said_by("experiment", "report", *SETTING)
    assert status == 0, err
    page = tmp_path / "runs" / "experiments" / "report.md"
    assert out.strip().endswith("report.md")
    text = page.read_text(encoding="utf-8")
    assert "The model on " in text
    assert text.count("Not measured: ") == 3
    assert "ca1ltd experiment run MM92_ctrl --drives 1 records it" in text


def test_without_a_run_a_sentence_says_what_makes_them(said_by, left_in, tmp_path):
    before = left_in(tmp_path)
    status, out, err = said_by("experiment", "report", *SETTING)
    assert status != 0
    assert out == ""
    assert "ca1ltd experiment run all --drives 1 makes them" in err
    assert "Traceback" not in err
    assert left_in(tmp_path) == before


def test_a_minute_of_calcium_depresses_unless_its_calcineurin_is_taken_away(folder):
    ((spec, drive),) = recorded(folder, ONE, "1 Hz")
    minute = Stretches(
        starts=np.array([spec.protocol.induction_start]),
        lengths=np.array([12_000]),
        values=np.full((12_000, 3), 0.7, dtype=np.float16),
    )
    slices = {"1 Hz": [(spec, replace(drive, calcium=minute))]}
    as_it_is = robustness.replayed(slices, None)["1 Hz"]
    assert as_it_is < 90
    assert robustness.replayed(slices, ("ca1psd.pp1_sites", 1.0))["1 Hz"] == as_it_is
    without = robustness.replayed(slices, ("ca1cam.can_total", 1e-6))["1 Hz"]
    assert without > 98  # what CaMKII is left may potentiate


def test_events_are_the_calcium_of_the_induction_and_rest_elsewhere(folder):
    ((spec, drive),) = recorded(folder, ONE, "1 Hz")
    protocol = molecules.PROTOCOLS["1 Hz"]
    events = molecules._events([(spec, drive)], protocol)
    assert events.shape == (900, 200, 3)
    loud = np.arange(0, 900, 60)
    assert events[loud] == pytest.approx(0.5)
    assert np.delete(events, loud, axis=0) == pytest.approx(REST)


def test_the_drive_of_another_setting_is_none(folder):
    with pytest.raises(BadInput, match="holds no drive of HFS_textbook"):
        recorded(folder, replace(ONE, seed=2), "100 Hz")


def test_values_are_those_of_the_setting(folder, small):
    key = FEW[0]
    usual = parameters.table()[key].value
    made = replace(ONE, parameters=((key, 1.1 * usual),))
    with pytest.raises(BadInput):  # was not run
        robustness.robustness(folder, made, 1)
    found = robustness.robustness(folder, ONE, 1)
    assert found["parameters"][key]["value"] == usual
    assert set(found["parameters"][key]) == {"value", "0.8", "1.25"}
