import numpy as np
import pandas as pd
import pytest

from ca1ltd.analysis import input_output, paired_pulse_ratio
from ca1ltd.errors import RunError


def pairs(sizes: list[float]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "slice": 0,
            "pathway": "control",
            "time_min": np.arange(len(sizes), dtype=float),
            "epsp_slope_mV_per_ms": sizes,
        }
    )


def test_paired_pulse_ratio_is_a_ratio_of_means() -> None:
    # first 1 and 3, second 4 and 2: ratio of means 6/4; the mean of the ratios would be 7/3
    table = paired_pulse_ratio(pairs([1.0, 4.0, 3.0, 2.0]))
    assert table["pairs"].item() == 2
    assert table["paired_pulse_ratio"].item() == pytest.approx(1.5)


def test_paired_pulses_are_taken_in_the_order_of_time() -> None:
    shuffled = pairs([1.0, 2.0, 1.0, 2.0]).iloc[[3, 0, 2, 1]]
    assert paired_pulse_ratio(shuffled)["paired_pulse_ratio"].item() == pytest.approx(2.0)


def test_pathways_have_their_own_ratio() -> None:
    both = pd.concat([pairs([1.0, 2.0]), pairs([2.0, 1.0]).assign(pathway="conditioned")])
    ratio = paired_pulse_ratio(both).set_index("pathway")["paired_pulse_ratio"]
    assert ratio.to_dict() == pytest.approx({"control": 2.0, "conditioned": 0.5})


def test_silent_first_pulses_have_no_ratio() -> None:
    assert paired_pulse_ratio(pairs([0.0, 1.0]))["paired_pulse_ratio"].isna().all()


def test_pulse_without_partner_is_refused() -> None:
    with pytest.raises(RunError, match="without a partner"):
        paired_pulse_ratio(pairs([1.0, 2.0, 3.0]))


def test_input_output_averages_each_current() -> None:
    pulses = pd.DataFrame(
        {
            "slice": [0, 0, 0],
            "pathway": ["control"] * 3,
            "current_uA": [20.0, 10.0, 20.0],
            "epsp_slope_mV_per_ms": [2.0, 1.0, 4.0],
            "epsp_amplitude_mV": [5.0, 3.0, 7.0],
        }
    )
    table = input_output(pulses)
    assert table["current_uA"].tolist() == [10.0, 20.0]
    assert table["pulses"].tolist() == [1, 2]
    assert table["epsp_slope_mV_per_ms"].tolist() == [1.0, 3.0]
    assert table["epsp_amplitude_mV"].tolist() == [3.0, 6.0]
    assert "spike_probability" not in table
    fired = input_output(pulses.assign(fired=[True, False, False]))
    assert fired["spike_probability"].tolist() == [0.0, 0.5]
