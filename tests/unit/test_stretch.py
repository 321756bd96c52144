"""Uneven records read on a regular grid: SciPy's monotone cubics, bit for bit."""

import numpy as np
import pytest
from scipy.interpolate import PchipInterpolator

from ca1ltd.engine.monotone import monotone_cubic
from ca1ltd.engine.stretch import Stretch, stretches
from ca1ltd.recording import SAMPLE


def uneven(seed, number):
    """Times of uneven steps and a wandering value, every other one with flats and turns."""
    rng = np.random.default_rng(seed)
    times = 1e6 * seed + np.cumsum(rng.exponential(size=number))
    values = np.cumsum(rng.normal(size=number))
    return times, np.round(values) if seed % 2 else values


@pytest.mark.parametrize("number", [2, 3, 4, 90])
def test_the_interpolant_is_that_of_scipy_to_the_bit(number):
    for seed in range(50):
        times, values = uneven(seed, number)
        at = np.concatenate((times, np.linspace(times[0], times[-1], 301)))
        expected = PchipInterpolator(times, values)(at)
        assert np.array_equal(monotone_cubic(times, values, at), expected), seed


@pytest.mark.parametrize("middle", [False, True])
def test_what_is_cut_out_around_a_window_gives_the_bits_of_the_whole(middle):
    for seed in range(20):
        times, values = uneven(seed, 90)
        start, stop = times[30] + 0.01, times[60] - 0.01
        whole = Stretch(times, values, middle)
        (part,) = stretches(times, [(values, middle)], start, stop)
        assert len(part.times) < 45
        assert np.array_equal(whole.window(start, stop), part.window(start, stop))
        assert len(whole.window(start, stop)[0]) > 10


def test_at_an_event_the_value_after_it_counts():
    times, values = np.array([0.0, 1.0, 1.0, 2.0]), np.array([0.0, 1.0, 5.0, 6.0])
    (stretch,) = stretches(times, [(values, False)], 0.0, 2.0)
    assert stretch.times.tolist() == [0, 1, 2]
    assert stretch.values.tolist() == [0, 5, 6]


def test_a_window_lies_on_a_regular_grid_within_what_was_recorded():
    times, values = np.array([0.0, 1.0, 2.0]), np.array([0.0, 1.0, 2.0])
    grid, found = Stretch(times, values).window(-0.25, 3.0)
    assert np.diff(grid) == pytest.approx(SAMPLE)
    assert (grid[0], grid[-1]) == pytest.approx((0.05, 1.95))
    assert found == pytest.approx(grid)


def test_in_the_middle_a_ringing_value_is_smooth():
    times = np.arange(20.0)
    ringing = Stretch(times, times + 5 * (-1) ** np.arange(20), middle=True)
    assert ringing.at(np.array([5.5, 9.5])) == pytest.approx([5.5, 9.5])
