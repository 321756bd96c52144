"""The cell of hoc's own sections is the same cell, and reachable by name."""

import json
import subprocess
import sys

import pytest

# hoc's sections stay until the process ends: it gets one of its own
PROGRAM = """
import json
from ca1ltd import resources
from ca1ltd.model.cell_biophysics import biophysics_of
from ca1ltd.engine import session
from ca1ltd.engine.bench import Bench
from ca1ltd.engine.cell import build_cell
from ca1ltd.engine.hoc import build_hoc_cell
from ca1ltd.model.morphology import read_morphology

folder = resources.cells_dir() / "dhc"
morphology = read_morphology(folder / "morphology.swc")
rules = biophysics_of("dhc")
n = session.load()
with session.settings(celsius=34.0, atol=1e-3):
    cell = build_cell(morphology, rules)
    rest = Bench(cell).rest
    count = cell.n_segments
    del cell
    left = sum(1 for _ in n.allsec())
    hoc = build_hoc_cell(morphology, rules, {"trunk": morphology.trunk()})
    from neuron import h
    trunk = [sec.name() for sec in h.trunk]
    print(json.dumps({
        "left": left,
        "rest": [rest, Bench(hoc).rest],
        "segments": [count, hoc.n_segments],
        "sections": [len(morphology.sections), sum(1 for _ in n.allsec()) - 1],
        "trunk": [[morphology.sections[k].name for k in morphology.trunk()], trunk],
        "soma": h.soma[0](0.5).ca1nat.gbar,
        "gbar": rules.nat.soma.value,
    }))
"""


def test_hoc_cell_is_the_same_cell_by_the_names_of_the_morphology():
    answer = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True, timeout=120
    )
    found = json.loads(answer.stdout.splitlines()[-1])
    assert found["left"] == 0
    assert found["rest"][0] == pytest.approx(found["rest"][1], abs=1e-9)
    assert found["soma"] == found["gbar"]
    for pair in ("segments", "sections", "trunk"):
        assert found[pair][0] == found[pair][1], pair
    assert len(found["trunk"][0]) > 5
