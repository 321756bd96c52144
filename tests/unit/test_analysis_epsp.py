import numpy as np
import pytest

from ca1ltd.analysis import epsp_slope, measure_epsp, measure_fepsp
from ca1ltd.errors import RunError


def ramp(rate: float = 2.0, peak: float = 6.0, rest: float = -70.0) -> tuple[np.ndarray, ...]:
    """Rest until the pulse at 10 ms and 1 ms beyond it, a straight rise, a straight decay."""
    t_peak = 11 + peak / rate
    times = np.array([0.0, 10.0, 11.0, t_peak, t_peak + 20.0, 100.0])
    return times, np.array([rest, rest, rest, rest + peak, rest, rest])


@pytest.mark.parametrize(("rate", "peak"), [(2.0, 6.0), (0.5, 3.0), (4.0, 8.0)])
def test_slope_of_a_straight_rise_is_its_rate(rate: float, peak: float) -> None:
    times, values = ramp(rate, peak)
    measured = measure_epsp(times, values, 10.0)
    assert measured.slope == pytest.approx(rate, rel=1e-12)
    assert measured.amplitude == pytest.approx(peak, rel=1e-12)
    assert measured.spike == "none"


def test_slope_is_taken_between_20_and_80_percent() -> None:
    # 0-2 mV at 1 mV/ms, 2-8 mV at 3 mV/ms, 8-10 mV at .5 mV/ms: only the middle counts.
    times = np.array([0.0, 10.0, 12.0, 14.0, 18.0, 60.0])
    values = np.array([0.0, 0.0, 2.0, 8.0, 10.0, 0.0])
    assert epsp_slope(times, values, 10.0) == pytest.approx(3.0, rel=1e-12)


def test_slope_of_an_exponential_rise_matches_its_closed_form() -> None:
    # v = 1 - exp(-t/4) reaches a fraction f of its value at the window's end e at -4 ln(1 - f e).
    times = np.linspace(0.0, 20.0, 20001)
    values = np.where(times < 5.0, 0.0, 1 - np.exp(-(times - 5.0) / 4.0))
    end = 1 - np.exp(-15.0 / 4.0)
    duration = -4 * np.log(1 - 0.8 * end) + 4 * np.log(1 - 0.2 * end)
    assert epsp_slope(times, values, 5.0) == pytest.approx(0.6 * end / duration, rel=1e-5)


def test_last_rise_to_80_percent_counts_when_an_early_quantum_precedes() -> None:
    # An early bump to 1.5 mV (above 20 % of 5) decays to .5 before the main rise at 2 mV/ms.
    times = np.array([0.0, 10.0, 11.0, 13.0, 15.25, 40.0])
    values = np.array([0.0, 0.0, 1.5, 0.5, 5.0, 0.0])
    assert epsp_slope(times, values, 10.0) == pytest.approx(4.5 / 2.25, rel=1e-12)


def test_zero_is_the_time_weighted_mean_before_the_pulse() -> None:
    # 9 samples crowd into the first tenth of the 2 ms before the pulse, at +1 mV; the rest is 0.
    times = np.concatenate((np.linspace(8.0, 8.2, 9), [8.2 + 1e-9, 10.0, 12.0, 50.0]))
    values = np.concatenate((np.ones(9), [0.0, 0.0, 4.0, 0.0]))
    assert measure_epsp(times, values, 10.0).amplitude == pytest.approx(4.0 - 0.1, rel=1e-6)


@pytest.mark.parametrize("bump", [0.0, -3.0, 0.005])
def test_no_response_is_zero_slope(bump: float) -> None:
    times = np.array([0.0, 10.0, 12.0, 50.0])
    values = np.array([-70.0, -70.0, -70.0 + bump, -70.0])
    measured = measure_epsp(times, values, 10.0)
    assert measured.slope == 0.0
    assert measured.amplitude == pytest.approx(max(bump, 0.0), abs=1e-12)


def test_falling_potential_has_no_negative_amplitude() -> None:
    times = np.array([0.0, 8.0, 10.0, 60.0])
    assert measure_epsp(times, [-60.0, -60.0, -62.0, -70.0], 10.0).amplitude == 0.0


def test_smallest_quantum_is_measured() -> None:
    times, values = ramp(rate=0.1, peak=0.1)
    assert epsp_slope(times, values, 10.0) == pytest.approx(0.1, rel=1e-9)


def test_nothing_is_measured_if_the_cell_fires() -> None:
    # The EPSP rises to 12 mV at 3 mV/ms, then a spike at 200 mV/ms takes off.
    times = np.array([0.0, 10.0, 14.0, 14.5, 16.0, 60.0])
    values = np.array([0.0, 0.0, 12.0, 112.0, 0.0, 0.0])
    measured = measure_epsp(times, values, 10.0)
    assert measured.spike == "somatic"
    assert np.isnan(measured.slope)
    assert np.isnan(measured.amplitude)


def with_branch(peak: float, at: float, rest: float = -65.0) -> tuple[np.ndarray, ...]:
    """An EPSP of 6 mV that rises from 11 to 14 ms, and a branch that peaks at some potential."""
    times = np.arange(0.0, 60.0, 0.1)
    values = np.interp(times, [11.0, 14.0, 34.0], [rest, rest + 6, rest])
    branch = np.interp(times, [at - 0.5, at, at + 1.0], [rest, peak, rest])
    return times, values, np.maximum(values, branch)


@pytest.mark.parametrize(
    ("peak", "at", "spike"),
    [
        (-5.0, 13.0, "local"),
        (-25.0, 13.0, "local"),
        (-40.0, 13.0, "none"),  # as high as an EPSP comes in a thin branch
        (-5.0, 17.0, "none"),  # after the peak, which it does not set
        (-5.0, 8.0, "none"),  # before the pulse
    ],
)
def test_nothing_is_measured_if_a_branch_fires_until_the_peak(peak, at, spike) -> None:
    times, values, highest = with_branch(peak, at)
    measured = measure_epsp(times, values, 10.0, highest=highest)
    assert measured.spike == spike
    assert np.isnan(measured.slope) == np.isnan(measured.amplitude) == (spike == "local")
    if spike == "none":
        assert measured == measure_epsp(times, values, 10.0)


def test_no_branch_fires_in_a_cell_that_is_held_above_where_spikes_go() -> None:
    times, values, highest = with_branch(-5.0, 13.0, rest=-20.0)
    assert measure_epsp(times, values, 10.0, highest=highest).spike == "none"


def test_window_ends_before_the_second_pulse_of_a_pair() -> None:
    times = np.array([0.0, 10.0, 12.0, 59.0, 61.0, 90.0])
    values = np.array([0.0, 0.0, 4.0, 0.0, 8.0, 0.0])
    assert measure_epsp(times, values, 10.0).amplitude == pytest.approx(4.0)
    assert measure_epsp(times, values, 10.0, window=60.0).amplitude == pytest.approx(8.0)


def test_pulse_outside_the_trace_is_refused() -> None:
    times, values = ramp()
    with pytest.raises(RunError, match="200 ms"):
        measure_epsp(times, values, 200.0)


def test_potential_that_is_not_finite_is_refused() -> None:
    times, values = ramp()
    values[3] = np.nan
    with pytest.raises(RunError, match="finite"):
        measure_epsp(times, values, 10.0)


def test_a_negative_wave_is_told_by_its_size() -> None:
    times, values = ramp(rate=2e-4, peak=6e-4, rest=3e-3)
    measured = measure_fepsp(times, 6e-3 - values, 10.0)
    assert measured.slope == pytest.approx(2e-4, rel=1e-9)
    assert measured.amplitude == pytest.approx(6e-4, rel=1e-9)
    assert measure_fepsp(times, values, 10.0).slope == 0.0


def test_an_early_positive_part_of_the_wave_does_not_count() -> None:
    times = np.array([0.0, 10.0, 11.0, 12.0, 16.0, 40.0])
    values = np.array([0.0, 0.0, 1e-4, 0.0, -4e-4, 0.0])
    assert measure_fepsp(times, values, 10.0).slope == pytest.approx(1e-4, rel=1e-9)


def test_a_field_without_release_has_no_slope() -> None:
    times, values = ramp(rate=1e-6, peak=9e-7, rest=0.0)
    assert measure_fepsp(times, -values, 10.0).slope == 0.0
