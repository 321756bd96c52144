"""Reading traces, and measures beside their targets."""

import json
import math
import subprocess
import sys
from importlib.util import find_spec

import numpy as np
import pytest

from ca1ltd.validation.report import MISSING, CellReport, targets
from ca1ltd.validation.traces import deflection, spike_shape, spike_times, trough

T = np.arange(0.0, 100.0, 0.025)


def triangle(at, *, base=-60.0, height=80.0, rise=0.5, fall=2.0):
    """A triangular spike whose rise begins at a time (ms)."""
    up = np.clip((T - at) / rise, 0, 1)
    down = np.clip((T - at - rise) / fall, 0, 1)
    return base + height * (up - down)


def test_spikes_are_found_where_they_cross_the_level():
    v = np.maximum(triangle(20.0), triangle(50.0))
    half_way = 0.5 * 40 / 80  # -20 mV is 40 of 80 mV up
    assert spike_times(T, v) == pytest.approx([20 + half_way, 50 + half_way], abs=1e-6)
    assert len(spike_times(T, v, level=30.0)) == 0


def test_shape_of_a_triangle():
    v = triangle(20.0)
    shape = spike_shape(T, v, spike_times(T, v)[0])
    assert shape.threshold == pytest.approx(-60.0, abs=4.1)  # within one sample of 160 mV/ms
    assert shape.amplitude == pytest.approx(80.0, abs=4.1)
    assert shape.half_width == pytest.approx(0.25 + 1.0, abs=0.05)


def test_a_spike_that_is_cut_off_has_no_shape():
    v = triangle(99.0)
    assert all(map(math.isnan, spike_shape(T, v, spike_times(T, v)[0])))


def test_trough_is_the_mean_of_the_lows_between_spikes():
    v = np.maximum(triangle(20.0), triangle(50.0)) - 5.0 * ((T > 30) & (T < 40))
    assert trough(T, v, spike_times(T, v)) == pytest.approx(-65.0)
    assert math.isnan(trough(T, v, np.array([20.0])))


def test_deflection_of_a_membrane_with_sag():
    t = np.arange(0.0, 400.0, 0.025)
    on = np.clip(t - 20.0, 0, None)
    v = -70 - 10 * (1 - np.exp(-on / 12.0)) * (1 - 0.2 * (1 - np.exp(-on / 60.0)))
    found = deflection(t, v, 20.0, 300.0)
    assert found.steady == pytest.approx(8.0, rel=0.01)
    assert found.largest == pytest.approx(-70 - v.min())
    assert found.sag == pytest.approx(1 - 8.0 / (-70 - v.min()), abs=0.01)
    assert 8 < found.tau < 14


def values(**changed):
    """Every measure at the mean of its recordings, but those given."""
    found = {t.name: t.kinds[0][0] if t.kinds else 1.0 for t in targets()}
    return found | changed


def report(**changed):
    return CellReport(cell="some", values=values(**changed), curves={})


def test_a_perfect_cell_scores_nothing():
    assert set(report().scores().values()) == {0.0}


def test_scores_are_mean_distances_in_sd():
    mean, sd = next(t for t in targets() if t.name == "rest").kinds[0]
    scored = [t for t in targets() if t.group == "soma" and t.kinds]
    scores = report(rest=mean - 3 * sd).scores()
    assert scores["soma"] == pytest.approx(3 / len(scored))
    assert scores["back_propagation"] == 0


def test_the_nearer_kind_of_recording_counts():
    target = next(t for t in targets() if len(t.kinds) == 2)
    for mean, sd in target.kinds:
        assert target.z_score(mean + 0.5 * sd) == pytest.approx(0.5)


def test_what_a_cell_does_not_show_counts_as_missing():
    found = report(block_plateau=float("nan"))
    assert found.scores()["depolarisation_block"] == pytest.approx(MISSING / 3)
    assert ("block plateau", "not shown") in [row[:2] for row in found.rows()]
    written = json.loads(json.dumps(found.as_dict(), allow_nan=False))
    assert written["measures"]["block_plateau"]["value"] is None


def test_every_target_has_a_source_and_a_spread():
    for target in targets():
        assert bool(target.kinds) == (len(target.source) > 20)
        assert all(sd > 0 for _, sd in target.kinds)


@pytest.mark.skipif(find_spec("hippounit") is not None, reason="HippoUnit is there")
def test_without_hippounit_one_sentence_says_what_brings_it():
    words = [sys.executable, "-m", "ca1ltd.validation.hippounit", "--help"]
    result = subprocess.run(words, capture_output=True, text=True, check=False)
    assert result.returncode == 1
    assert "`make hippounit`" in result.stderr
    assert result.stderr.count("\n") == 1
