"""HippoUnit rereads traces that it finds in its folder: another model has another folder."""

import importlib
import json
import shutil
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

from ca1ltd import provenance, resources
from ca1ltd.model.cell_biophysics import biophysics_of

KINDS = (
    "SomaticFeaturesTest",
    "DepolarizationBlockTest",
    "BackpropagatingAPTest",
    "PSPAttenuationTest",
    "ObliqueIntegrationTest",
)
STIMULI = (
    "somafeat_stim/stim_rat_CA1_PC_JMakara.json",
    "bAP_stim/stim_bAP_test.json",
    "PSP_attenuation_stim/stim_PSP_attenuation_test.json",
)


class CachingTest:
    """A test as HippoUnit's: it reads the traces it finds, and simulates where there are none."""

    simulated = 0

    def __init__(self, *, base_directory, **_):
        self.folder = Path(base_directory) / "temp_data" / type(self).__name__

    def judge(self, cell):
        traces = self.folder / cell.name / "traces.json"
        if not traces.exists():
            CachingTest.simulated += 1
            traces.parent.mkdir(parents=True)
            traces.write_text(json.dumps(cell.biophysics.model_dump(mode="json")))
        return SimpleNamespace(score=len(traces.read_text()))


@pytest.fixture
def hippounit(monkeypatch, tmp_path):
    """The module with a HippoUnit that is made up, and a function that runs it on a cell."""
    package = tmp_path / "site" / "hippounit"
    for stimulus in STIMULI:
        file = package / "tests" / "stimuli" / stimulus
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("{}")
    tests = ModuleType("hippounit.tests")
    for kind in KINDS:
        setattr(tests, kind, type(kind, (CachingTest,), {}))
    loader = SimpleNamespace(ModelLoader=type("ModelLoader", (), {"__init__": _named}))
    top = ModuleType("hippounit")
    top.tests = tests
    modules = {"hippounit": top, "hippounit.tests": tests, "hippounit.utils": loader}
    for name, module in modules.items():
        monkeypatch.setitem(sys.modules, name, module)
    monkeypatch.delitem(sys.modules, "ca1ltd.validation.hippounit", raising=False)
    module = importlib.import_module("ca1ltd.validation.hippounit")
    monkeypatch.delitem(sys.modules, "ca1ltd.validation.hippounit")
    monkeypatch.setattr(module, "files", lambda _: package)
    monkeypatch.setattr(module, "version", lambda _: "1")
    targets = tmp_path / "targets"
    targets.mkdir()
    for name in module.OBSERVATIONS.values():
        (targets / name).write_text("{}")

    def run(*words):
        out = tmp_path / "out"
        given = ["hippounit", "--targets", str(targets), "--out", str(out), *words]
        monkeypatch.setattr(sys, "argv", given)
        CachingTest.simulated = 0
        biophysics_of.cache_clear()  # as a process of its own
        assert module.main() == 0
        newest = max(out.glob("*/scores.json"), key=lambda file: file.stat().st_mtime_ns)
        return json.loads(newest.read_text()), CachingTest.simulated

    return run


def _named(self, name, mod_files_path):
    self.name = name


@pytest.fixture
def cells(monkeypatch, tmp_path):
    """A copy of the cells, which is the one that is used."""
    copy = tmp_path / "cells"
    shutil.copytree(resources.cells_dir(), copy)
    monkeypatch.setattr(resources, "cells_dir", lambda: copy)
    yield copy
    biophysics_of.cache_clear()


def test_the_same_model_reads_its_traces_again(hippounit, cells):
    first, simulated = hippounit()
    assert simulated == len(KINDS)
    again, simulated = hippounit()
    assert simulated == 0
    assert again == first
    assert first["provenance"] == provenance.provenance("dhc")


def test_a_changed_density_is_another_model_with_other_traces(hippounit, cells):
    first, _ = hippounit()
    density = biophysics_of("dhc").kdr.soma.value
    rules = cells / "biophysics.toml"
    text = rules.read_text()
    assert text.count(f"value = {density:g}") == 1
    rules.write_text(text.replace(f"value = {density:g}", f"value = {density / 10:g}"))
    other, simulated = hippounit()
    assert simulated == len(KINDS)
    assert other["provenance"] != first["provenance"]
    assert all(other["scores"][name] != score for name, score in first["scores"].items())
