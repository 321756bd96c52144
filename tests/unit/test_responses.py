"""The input-output curve and the paired-pulse ratio out of the EPSPs of a run."""

import numpy as np
import pandas as pd
import pytest

from ca1ltd import protocols
from ca1ltd.analysis import SLOPE
from ca1ltd.analysis.responses import currents, input_output, paired_pulse_ratio, responses

CURVE = pd.DataFrame(
    {
        "slice": [0, 0, 1, 1],
        "current_uA": [20.0, 5.0, 20.0, 5.0],
        "epsp_amplitude_mV": [np.nan, 0.0, 5.0, 1.0],
        "epsp_slope_mV_per_ms": [np.nan, 0.0, 2.0, 0.0],
        "fired": [True, False, False, False],
        "spike": ["somatic", "none", "none", "local"],
    }
)
PAIRS = pd.DataFrame(
    {
        "slice": [1, 1, 0, 0, 0, 0],
        "time_min": [0.0, 0.1, 1.1, 1.0, 0.0, 0.1],
        "epsp_slope_mV_per_ms": [1.0, 1.6, 2.0, 1.0, 3.0, 3.6],
    }
)


def test_input_output_averages_by_current():
    low, high = input_output(CURVE)
    assert (low["current_uA"], high["current_uA"]) == (5.0, 20.0)
    assert (low["epsp_amplitude_mV"], high["epsp_amplitude_mV"]) == (0.5, 5.0)
    assert (low["fired"], high["fired"]) == (0.0, 0.5)
    assert (low["local_spike"], high["local_spike"]) == (0.5, 0.0)
    assert high["epsp_slope_mV_per_ms"] == 2.0


def test_paired_pulse_ratio_is_that_of_the_means_of_each_slice():
    found = paired_pulse_ratio(PAIRS)
    ratios = [(3.6 + 2.0) / (3.0 + 1.0), 1.6]
    assert found["mean"] == pytest.approx(sum(ratios) / 2)
    assert found["sem"] == pytest.approx(abs(ratios[0] - ratios[1]) / 2)
    assert found["n_slices"] == 2


def test_a_ratio_of_pulses_on_spikes_is_not_measured():
    spike = PAIRS["slice"] == 1
    found = paired_pulse_ratio(PAIRS.assign(epsp_slope_mV_per_ms=PAIRS[SLOPE].mask(spike)))
    assert found["mean"] == pytest.approx((3.6 + 2.0) / (3.0 + 1.0))
    assert found["n_slices"] == 1
    nothing = paired_pulse_ratio(PAIRS.assign(epsp_slope_mV_per_ms=np.nan))
    assert np.isnan(nothing["mean"])
    assert nothing["n_slices"] == 0


def test_currents_are_means_of_slices_at_each_potential_before_and_after():
    # two pulses before, one in between that does not count, one after; slice 1 has 3 times slice 0
    once = {
        "pathway": "conditioned",
        "holding_mV": [-65.0, -65.0, 40.0, -65.0, -65.0, 40.0],
        "time_min": [-3.0, -2.0, -1.0, 1.0, 6.0, 8.0],
        "epsc_pA": [-10.0, -20.0, 30.0, -99.0, -40.0, 60.0],
        "epsc_late_pA": [-1.0, -2.0, 15.0, -9.0, -4.0, 16.0],
    }
    slices = [pd.DataFrame(once).assign(slice=k) for k in (0, 1)]
    slices[1]["epsc_pA"] *= 3
    table = currents(pd.concat(slices), start=5.0)
    series = [(row.holding_mV, row.when) for row in table.itertuples()]
    assert series == [(-65.0, "before"), (40.0, "before"), (-65.0, "after"), (40.0, "after")]
    assert table["epsc_pA"].tolist() == [-30.0, 60.0, -80.0, 120.0]
    assert table["sem_pA"].tolist() == pytest.approx([15.0, 30.0, 40.0, 60.0])
    assert table["epsc_late_pA"].tolist() == [-1.5, 15.0, -4.0, 16.0]
    assert set(table["n_slices"]) == {2}


@pytest.mark.parametrize(
    ("name", "keys"),
    [("input-output", {"input_output"}), ("paired-pulse", {"paired_pulse_ratio"}), ("lfs", set())],
)
def test_each_protocol_has_its_own(name, keys):
    rows = CURVE if name == "input-output" else PAIRS
    assert responses(protocols.make(name, {}), rows).keys() == keys
