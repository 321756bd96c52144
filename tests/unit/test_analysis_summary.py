import json
import math

import pandas as pd
import pytest

from ca1ltd import protocols
from ca1ltd.analysis import summarise

LFS = protocols.lfs(rate=1, pulses=900, follow_up=60)
CONDITIONED, CONTROL = "conditioned", "control"


def percents(rows: list[tuple[int, str, float, float]]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["slice", "pathway", "time_min", "percent_of_baseline"])
    return table.assign(fepsp_percent_of_baseline=2 * table["percent_of_baseline"], spike="none")


EPSP = percents(
    [
        # conditioned: slice 0 averages 60 in the window, slice 1 averages 70, slice 2 averages 74
        (0, CONDITIONED, -1.0, 100.0),
        (0, CONDITIONED, 64.9, 10.0),
        (0, CONDITIONED, 65.0, 50.0),
        (0, CONDITIONED, 75.0, 70.0),
        (0, CONDITIONED, 75.1, 10.0),
        (1, CONDITIONED, 70.0, 70.0),
        (2, CONDITIONED, 66.0, 70.0),
        (2, CONDITIONED, 67.0, 74.0),
        (2, CONDITIONED, 68.0, 78.0),
        (0, CONTROL, 70.0, 101.0),
        (1, CONTROL, 70.0, 99.0),
        (2, CONTROL, 70.0, 103.0),
    ]
)
EXPECTED = percents(
    [
        (0, CONDITIONED, 30.0, 5.0),
        (0, CONDITIONED, 70.0, 65.0),
        (1, CONDITIONED, 66.0, 71.0),
        (1, CONDITIONED, 74.0, 73.0),
        (0, CONTROL, 70.0, 100.0),
    ]
)
SYNAPSES = pd.DataFrame(
    {
        "slice": [0, 0, 1, 0],
        "pathway": [CONDITIONED] * 3 + [CONTROL],
        "ampar_anchored_before": [40.0, 60.0, 100.0, 100.0],
        "ampar_anchored_after": [20.0, 40.0, 70.0, 999.0],
        "ampar_diffusing_before": [10.0, 15.0, 25.0, 1.0],
        "ampar_diffusing_after": [10.0, 10.0, 15.0, 1.0],
        "ampar_internal_before": [20.0, 20.0, 40.0, 1.0],
        "ampar_internal_after": [40.0, 45.0, 80.0, 1.0],
        "peak_spine_ca_uM": [0.5, 0.8, 2.0, 9.0],
        "calcineurin_active_peak": [0.1, 0.3, 0.5, 9.0],
        "pp1_active_peak": [0.5, 0.6, 1.0, 9.0],
        "camkii_pt286_peak": [0.01, 0.02, 0.06, 9.0],
    }
)
TIMECOURSE = pd.DataFrame(
    {
        "pathway": [CONDITIONED] * 4 + [CONTROL],
        "time_min": [-1.0, 5.0, 15.0, 15.5, 5.0],
        "spine_ca_uM": [0.1, 0.3, 0.4, 0.9, 7.0],
    }
)
STATISTICS = [{"wall_s": 100.0, "simulated_s": 3000.0}, {"wall_s": 200.0, "simulated_s": 3000.0}]


@pytest.fixture
def summary() -> dict:
    return summarise(LFS, EPSP, EXPECTED, SYNAPSES, TIMECOURSE, STATISTICS)


def test_test_pulses_with_a_spike_are_counted(summary: dict) -> None:
    assert summary["pathways"][CONDITIONED]["fired_percent"] == 0.0
    spikes = ["somatic", "local", "local", *["none"] * 6, "somatic", "somatic", "somatic"]
    found = summarise(LFS, EPSP.assign(spike=spikes), EXPECTED, SYNAPSES, TIMECOURSE, STATISTICS)
    conditioned, control = (found["pathways"][pathway] for pathway in (CONDITIONED, CONTROL))
    assert conditioned["fired_percent"] == pytest.approx(100 / 9)
    assert conditioned["local_spike_percent"] == pytest.approx(200 / 9)
    assert (control["fired_percent"], control["local_spike_percent"]) == (100.0, 0.0)


def test_errors_of_steps_are_of_the_slices_that_measured_them() -> None:
    measured = [{**STATISTICS[0], "error_of_epsp": 0.02, "error_of_spine_ca": 0.01}, *STATISTICS]
    found = summarise(LFS, EPSP, EXPECTED, SYNAPSES, TIMECOURSE, measured)
    assert found["error_of_epsp_percent"] == pytest.approx(2.0)
    assert "error_of_calcineurin_percent" not in found


def test_outcome_is_averaged_per_slice_then_over_slices(summary: dict) -> None:
    outcome = summary["pathways"][CONDITIONED]
    # slice means 60, 70, 74: mean 68, squared deviations 64 + 4 + 36 = 104, over n - 1 = 2: 52
    assert outcome["n_slices"] == 3
    assert outcome["percent_of_baseline"] == pytest.approx(68.0)
    assert outcome["sd"] == pytest.approx(math.sqrt(52))
    assert outcome["sem"] == pytest.approx(math.sqrt(52 / 3))
    assert summary["pathways"][CONTROL]["percent_of_baseline"] == pytest.approx(101.0)


def test_the_field_is_told_beside_the_epsp(summary: dict) -> None:
    outcome = summary["pathways"][CONDITIONED]
    assert outcome["fepsp_percent_of_baseline"] == pytest.approx(2 * 68.0)
    assert outcome["fepsp_sem"] == pytest.approx(2 * math.sqrt(52 / 3))


def test_slice_without_baseline_does_not_count() -> None:
    percent = EPSP["percent_of_baseline"].where(EPSP["slice"] < 2)
    undefined = EPSP.assign(percent_of_baseline=percent)
    both = summarise(LFS, undefined, EXPECTED, SYNAPSES, TIMECOURSE, STATISTICS)
    assert both["pathways"][CONDITIONED]["n_slices"] == 2
    assert both["pathways"][CONDITIONED]["percent_of_baseline"] == pytest.approx(65.0)


def test_expected_outcome_and_its_distance(summary: dict) -> None:
    outcome = summary["pathways"][CONDITIONED]
    assert outcome["percent_expected"] == pytest.approx((65.0 + 72.0) / 2)
    assert outcome["difference_in_sem"] == pytest.approx(0.5 / math.sqrt(52 / 3))


def test_receptor_pools_are_per_cent_of_the_conditioned_spines_before(summary: dict) -> None:
    assert summary["anchored_ampar_percent"] == pytest.approx(100 * 130 / 200)
    assert summary["surface_ampar_percent"] == pytest.approx(100 * 165 / 250)
    assert summary["internal_ampar_percent"] == pytest.approx(100 * 165 / 80)


def test_peaks_are_of_conditioned_spines(summary: dict) -> None:
    assert summary["peak_spine_ca_uM"] == pytest.approx(0.8)
    assert summary["calcineurin_active_peak"] == pytest.approx(0.3)
    assert summary["pp1_active_peak"] == pytest.approx(0.7)
    assert summary["camkii_pt286_peak"] == pytest.approx(0.03)
    assert summary["spine_ca_per_pulse_uM"] == pytest.approx(0.35)


def test_speed_is_the_ratio_of_sums(summary: dict) -> None:
    assert summary["wall_s"] == 300.0
    assert summary["simulated_s"] == 6000.0
    assert summary["speed_vs_real_time"] == pytest.approx(20.0)


def test_one_slice_has_no_sem_and_json_has_no_nan() -> None:
    one = summarise(
        LFS, EPSP[EPSP["slice"] == 0], EXPECTED.iloc[:0], SYNAPSES.iloc[:0], TIMECOURSE, []
    )
    outcome = one["pathways"][CONDITIONED]
    assert outcome["percent_of_baseline"] == pytest.approx(60.0)
    undefined = ("sem", "sd", "percent_expected", "difference_in_sem", "fepsp_sem")
    assert [outcome[key] for key in undefined] == [None] * 5
    assert one["anchored_ampar_percent"] is None
    assert one["speed_vs_real_time"] is None
    assert json.loads(json.dumps(one, allow_nan=False)) == one


def window_of(protocol) -> list[float]:
    return summarise(protocol, EPSP, EXPECTED, SYNAPSES, TIMECOURSE, STATISTICS)["window_min"]


def test_window_follows_the_end_of_induction() -> None:
    assert window_of(LFS) == pytest.approx([65.0, 75.0])
    assert window_of(protocols.lfs(rate=10, pulses=900, follow_up=90)) == pytest.approx(
        [51.5, 61.5]
    )


@pytest.mark.parametrize(("follow_up", "window"), [(30.0, [35.0, 45.0]), (4.0, [15.0, 19.0])])
def test_short_follow_up_is_averaged_over_its_last_ten_minutes(
    follow_up: float, window: list[float]
) -> None:
    assert window_of(protocols.lfs(follow_up=follow_up)) == pytest.approx(window)


def test_rests_have_outcomes_of_their_own() -> None:
    train = {"kind": "train", "rate": 1, "pulses": 60}
    rests = [{"kind": "rest", "duration": 9}, {"kind": "rest", "duration": 65.5}]
    protocol = protocols.phases(phases=[train, rests[0], train, rests[1], train], follow_up=60)
    summary = summarise(protocol, EPSP, EXPECTED, SYNAPSES, TIMECOURSE, STATISTICS)
    (phase,) = summary["phases"]  # a rest of less than ten minutes has none
    assert phase["window_min"] == pytest.approx([66.5, 76.5])
    # slice 0: 70 and 10, mean 40; slice 1: 70; slice 2: 74 and 78, mean 76
    outcome = phase["pathways"][CONDITIONED]
    assert outcome["percent_of_baseline"] == pytest.approx(62.0)
    assert outcome["n_slices"] == 3
    assert outcome["percent_expected"] == pytest.approx((65.0 + 73.0) / 2)
    assert phase["pathways"][CONTROL]["percent_of_baseline"] == pytest.approx(101.0)
    plain = summarise(LFS, EPSP, EXPECTED, SYNAPSES, TIMECOURSE, STATISTICS)
    assert "phases" not in plain


def test_a_window_without_a_pulse_has_no_outcome() -> None:
    late = EPSP["time_min"].where(EPSP["pathway"] == CONDITIONED, 90.0)
    found = summarise(LFS, EPSP.assign(time_min=late), EXPECTED, SYNAPSES, TIMECOURSE, STATISTICS)
    assert found["pathways"][CONTROL]["percent_of_baseline"] is None
    assert found["pathways"][CONTROL]["n_slices"] == 0


def test_calcium_is_averaged_over_the_induction_as_long_as_it_lasted() -> None:
    longer = protocols.lfs(pulses=930)
    found = summarise(longer, EPSP, EXPECTED, SYNAPSES, TIMECOURSE, STATISTICS)
    assert found["spine_ca_per_pulse_uM"] == pytest.approx((0.3 + 0.4 + 0.9) / 3)
