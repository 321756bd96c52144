"""BK current: opened by the calcium channel at its side, inactivated when open."""

import numpy as np
import pytest
from scipy.integrate import solve_ivp

VHALF, A0, INACTIVATION = -10.0, 1.0, 0.2


def calcium(v):
    return 1 / (1 + np.exp(-(v + 10) / 6))


def opening(v):
    return A0 * np.exp((v - VHALF) / 30)


def closing(v):
    return A0 * np.exp(-(v - VHALF) / 30)


def h_tau(v):
    return min(1000.0, np.exp((v + 120) / 10))


def fixed_point(v):
    o = opening(v) * calcium(v) / (opening(v) * calcium(v) + closing(v))
    return o, 1 / (1 + INACTIVATION * o * h_tau(v))


def after(start, v, t):
    """The states a time (ms) after a step to a potential, by an integrator of its own."""

    def rates(_t, y):
        o, h = y
        return (
            opening(v) * calcium(v) * (1 - o) - closing(v) * o,
            (1 - h) / h_tau(v) - INACTIVATION * o * h,
        )

    return solve_ivp(rates, (0, t), start, rtol=1e-8, atol=1e-10).y[:, -1]


def states(cell):
    return np.array([cell.ca1bk.o, cell.ca1bk.h])


@pytest.mark.parametrize("v", [-90.0, -60.0, -10.0, 20.0])
def test_rates_follow_the_equations(patch, v):
    mech = patch("ca1bk").ca1bk
    found = mech.calcium(v), mech.opening(v), mech.closing(v), mech.h_tau(v)
    assert found == pytest.approx((calcium(v), opening(v), closing(v), h_tau(v)), rel=1e-9)


def test_states_start_at_their_fixed_point(n, patch):
    for v in (-80.0, -60.0, -20.0):
        cell = patch("ca1bk")
        cell.start(v)
        assert states(cell) == pytest.approx(fixed_point(v), rel=1e-6)
        cell.section.cm = 1e9  # the potential stays
        for _ in range(400):
            n.fadvance()
        assert states(cell) == pytest.approx(fixed_point(v), rel=1e-4)


@pytest.mark.parametrize(("before", "v", "t"), [(-80, 20, 0.5), (-80, 0, 8.0), (0, -60, 1.0)])
def test_states_move_by_the_equations(n, patch, before, v, t):
    cell = patch("ca1bk")
    cell.seg.cm = 1e9
    cell.start(before)
    cell.seg.v = v
    n.dt = 0.0025
    for _ in range(round(t / n.dt)):
        n.fadvance()
    expected = after(fixed_point(before), v, t)
    assert np.abs(expected - fixed_point(before)).max() > 0.1
    assert states(cell) == pytest.approx(expected, rel=1e-2, abs=1e-4)


def test_no_channel_opens_whose_calcium_channel_is_closed(patch):
    cell = patch("ca1bk")
    cell.start(-45.0)  # depolarised, but hardly a calcium channel is open
    assert opening(-45) / closing(-45) > 20 * cell.ca1bk.o


def test_a_train_of_spikes_inactivates_it(n, patch):
    cell = patch("ca1bk")
    cell.seg.cm = 1e9
    cell.start(-65.0)
    peaks = []
    for _ in range(8):
        for v, steps in ((20.0, 60), (-55.0, 740)):
            cell.seg.v = v
            for _ in range(steps):
                n.fadvance()
            if v > 0:
                peaks.append(cell.ca1bk.o * cell.ca1bk.h)
    assert peaks[0] > 0.3
    assert peaks[-1] < 0.7 * peaks[0]
    assert np.all(np.diff(peaks) < 0)


def test_clamp_current_is_the_recorded_current_without_what_is_blocked(patch):
    found = []
    for block in (0.0, 0.75):
        cell = patch("ca1bk")
        cell.ca1bk.gbar, cell.ca1bk.block, cell.section.ek = 0.01, block, -90.0
        _clamp, current = cell.clamp(0, 0, 5.0)
        o, h = fixed_point(0.0)
        expected = 0.01 * (1 - block) * o * h * 90
        assert cell.seg.ik == pytest.approx(expected, rel=1e-3)
        assert current == pytest.approx(expected * cell.seg.area() * 1e-2, rel=2e-3)
        found.append(current)
    assert found[1] == pytest.approx(0.25 * found[0], rel=1e-3)


def test_both_integrators_agree(agrees_with_cvode):
    agrees_with_cvode("ca1bk", 0.05)
