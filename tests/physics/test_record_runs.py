"""Replays of recorded slices, from which the sensitivity of the scorecard comes."""

import numpy as np
import pytest

from ca1ltd.declared import Declared
from ca1ltd.experiment.results import assemble
from ca1ltd.experiment.slice import run_slice
from ca1ltd.experiment.spec import ExperimentSpec

pytest.importorskip("cma", reason="needs pip install 'ca1ltd[calibration]'")

from calibration.record_runs import record
from calibration.sensitivity import Replayed

CLAMP = {"level": 0.7, "duration": 60, "baseline": 2, "follow_up": 12}


@pytest.mark.parametrize(
    ("drug", "changed", "most"),
    [((), {}, 80), (("H-89=0.05@1..6",), {}, 85), ((), {"ca1psd.pp1_half": 1e-4}, 85)],
    ids=["plain", "drug that comes and goes", "changed parameter"],
)
def test_a_recorded_slice_is_replayed_as_it_ran(tmp_path, drug, changed, most):
    spec = ExperimentSpec.of(
        Declared("calcium-clamp", CLAMP, drug, parameters=changed, slices=1, synapses=4)
    )
    (slice_,) = spec.slice_specs()
    run = assemble(spec, [run_slice(slice_)])
    record(slice_, tmp_path / "slice.npz")
    replayed = Replayed(slice_, tmp_path / "slice.npz", "conditioned")
    course = replayed.course()
    seen = run.expected[run.expected["pathway"] == "conditioned"]
    percent = 100 * np.interp(seen["time_min"], course.index, course["epsp"])
    assert percent == pytest.approx(seen["percent_of_baseline"], abs=1.5)
    assert seen["percent_of_baseline"].iloc[-1] < most
    states = run.timecourse[run.timecourse["pathway"] == "conditioned"]
    before = states[states["time_min"] < 0].mean(numeric_only=True)
    for name in ("s845_p", "s831_p"):
        last = states[name].iloc[-1] / before[name]
        assert course[name].iloc[-1] == pytest.approx(last, abs=0.02), name
