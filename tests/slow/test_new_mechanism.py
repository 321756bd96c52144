"""A mechanism is added by its mod file and its row: everything else finds it there."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
MOD = """TITLE A kinase that calcineurin makes
COMMENT
What: a toy.
ENDCOMMENT

NEURON {
    THREADSAFE
    SUFFIX ca1toy
    USEION can READ cani VALENCE 0
    USEION toy WRITE toyi VALENCE 0
    RANGE rise, tau
}

UNITS {
    (mM) = (milli/liter)
}

PARAMETER {
    rise = 2 (1) <0, 10>      : of calcineurin
    tau = 500 (ms) <1, 1e6>   : assumed
}

ASSIGNED {
    cani (mM)
}

STATE {
    toyi (mM)
}

INITIAL {
    toyi = rise*cani
}

BREAKPOINT {
    SOLVE making METHOD cnexp
}

DERIVATIVE making {
    toyi' = (rise*cani - toyi)/tau
}
"""
ROW = """    Mechanism(
        "ca1toy",
        DOWNSTREAM,
        _HEAD,
        (State("toyi", "a toy", 1e-4, "toy_uM", uM),),
    ),
"""
LOOK = """
import json
import libsbml
from ca1ltd.engine import session
from ca1ltd.engine.recorder import STATES
from ca1ltd.experiment.slice import run_slice
from ca1ltd.experiment.spec import ExperimentSpec
from ca1ltd.export.network import cascade_network, resting
from ca1ltd.export.replay.spines import Spines
from ca1ltd.export.sbml import sbml_text
from ca1ltd.model import mechanisms, parameters
from ca1ltd.protocols import calcium_clamp

if __name__ == "__main__":
    network = cascade_network()
    start = resting(network)
    model = libsbml.readSBMLFromString(sbml_text(network, start)).getModel()
    spines = Spines(1, {})
    before = float(spines.get("toyi")[0])
    spines.hold(0.7, 60)
    protocol = calcium_clamp(level=0.7, duration=60, baseline=1, follow_up=1)
    (spec,) = ExperimentSpec(protocol=protocol, slices=1, synapses=2).slice_specs()
    rows = run_slice(spec).timecourse
    print(json.dumps({
        "cascade": mechanisms.CASCADE,
        "clock": mechanisms.advancing(mechanisms.DOWNSTREAM),
        "tolerance": session.TOLERANCES["toyi"],
        "parameters": [key for key in parameters.table() if key.startswith("ca1toy.")],
        "recorded": sorted(STATES),
        "sbml": model.getSpecies("toyi").getName(),
        "rest": {name: start[name] for name in ("cani", "toyi")},
        "replay": [before, float(spines.get("toyi")[0]), float(spines.get("cani")[0])],
        "run": rows.loc[rows.pathway == "conditioned", "toy_uM"].tolist(),
    }))
"""


def test_a_mod_file_and_a_row_are_all(tmp_path):
    for folder in ("ca1ltd", "mod", "cells"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    (tmp_path / "mod" / "ca1toy.mod").write_text(MOD, encoding="utf-8")
    rows = tmp_path / "ca1ltd" / "model" / "mechanisms.py"
    text, last = rows.read_text(encoding="utf-8"), '    Mechanism(\n        "ca1ampar",'
    assert text.count(last) == 1
    rows.write_text(text.replace(last, ROW + last), encoding="utf-8")
    (tmp_path / "look.py").write_text(LOOK, encoding="utf-8")
    result = subprocess.run(
        [sys.executable, "look.py"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(tmp_path), "CA1LTD_CACHE": str(tmp_path / "cache")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    found = json.loads(result.stdout.splitlines()[-1])
    assert found["cascade"][-2:] == ["ca1toy", "ca1ampar"]
    assert "ca1toy" in found["clock"]
    assert found["tolerance"] == 1e-4
    assert found["parameters"] == ["ca1toy.rise", "ca1toy.tau"]
    assert "toy_uM" in found["recorded"]
    assert found["sbml"] == "a toy"
    assert found["rest"]["toyi"] == pytest.approx(2 * found["rest"]["cani"], rel=1e-3)
    before, after, calcineurin = found["replay"]
    assert before == pytest.approx(found["rest"]["toyi"], rel=1e-2)
    assert after == pytest.approx(2 * calcineurin, rel=0.02)
    assert max(found["run"]) == pytest.approx(1e3 * after, rel=0.02)
    assert found["run"][0] == pytest.approx(1e3 * before, rel=0.05)
