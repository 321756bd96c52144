import numpy as np
import pandas as pd
import pytest

from ca1ltd.analysis import percent_of_baseline


def pulses(rows: list[tuple[int, str, float, float]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["slice", "pathway", "time_min", "epsp_slope_mV_per_ms"])


def test_each_slice_and_pathway_has_its_own_baseline() -> None:
    table = pulses(
        [
            (0, "conditioned", -2.0, 1.0),
            (0, "conditioned", -1.0, 3.0),
            (0, "conditioned", 0.0, 8.0),
            (0, "conditioned", 5.0, 1.0),
            (0, "control", -2.0, 5.0),
            (0, "control", 5.0, 4.0),
            (1, "conditioned", -2.0, 10.0),
            (1, "conditioned", 5.0, 5.0),
        ]
    )
    expected = [50.0, 150.0, 400.0, 50.0, 100.0, 80.0, 100.0, 50.0]
    np.testing.assert_allclose(percent_of_baseline(table), expected, rtol=1e-12)


def test_result_keeps_the_index_and_the_table() -> None:
    table = pulses([(0, "control", -1.0, 2.0), (0, "control", 1.0, 3.0)]).set_index([[7, 3]])
    before = table.copy()
    percent = percent_of_baseline(table)
    assert percent.loc[7].item() == 100.0
    assert percent.loc[3].item() == 150.0
    pd.testing.assert_frame_equal(table, before)


def test_one_slice_needs_no_slice_column_and_any_column_can_be_measured() -> None:
    table = pd.DataFrame(
        {"pathway": ["control"] * 2, "time_min": [-1.0, 1.0], "epsp_amplitude_mV": [4.0, 6.0]}
    )
    percent = percent_of_baseline(table, column="epsp_amplitude_mV")
    np.testing.assert_allclose(percent, [100.0, 150.0])


@pytest.mark.parametrize("baseline_time", [-1.0, 1.0])
def test_zero_or_missing_baseline_is_undefined(baseline_time: float) -> None:
    table = pulses([(0, "control", baseline_time, 0.0), (0, "control", 2.0, 3.0)])
    assert percent_of_baseline(table).isna().all()
