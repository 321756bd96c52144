"""Delayed rectifier: rates, relaxation, current."""

import numpy as np
import pytest

K = 96485.332 / (8.314463 * 307.15) * 1e-3  # 1/mV at 34 degC


def n_inf(v):
    return 1 / (1 + np.exp(-3 * K * (v - 13)))


def n_tau(v):
    return max(2.0, np.exp(-2.1 * K * (v - 13)) / (0.02 * (1 + np.exp(-3 * K * (v - 13)))))


@pytest.mark.parametrize(
    ("v", "steady", "tau"),
    [(-70, 8.2056e-5, 2.973), (-50, 7.913e-4, 5.8645), (-20, 0.023191, 15.901)],
)
def test_rates_are_the_published_ones(patch, v, steady, tau):
    cell = patch("ca1kdr")
    assert (cell.ca1kdr.n_inf(v), cell.ca1kdr.n_tau(v)) == pytest.approx((steady, tau), rel=1e-3)


def test_rates_follow_the_equations(patch):
    cell = patch("ca1kdr")
    for v in np.arange(-120.0, 80.0, 10.0):
        assert cell.ca1kdr.n_inf(v) == pytest.approx(n_inf(v), rel=1e-4)
        assert cell.ca1kdr.n_tau(v) == pytest.approx(n_tau(v), rel=1e-4)


def test_half_activation(patch):
    assert patch("ca1kdr").ca1kdr.n_inf(13.0) == pytest.approx(0.5)


def test_gate_relaxes_exponentially(relaxes):
    relaxes("ca1kdr", {"n": (n_inf, n_tau)}, (-70, 20, 4.0), (20, -20, 5.0), (40, -90, 1.0))


def test_gate_starts_at_its_fixed_point(stays_at_rest):
    stays_at_rest("ca1kdr", -90.0, -70.0, 0.0)


def test_clamp_current_is_the_recorded_current(patch):
    cell = patch("ca1kdr")
    cell.ca1kdr.gbar = 0.01
    cell.section.ek = -90.0
    _clamp, current = cell.clamp(-70, 20, 400.0)
    expected = 0.01 * n_inf(20) * (20 + 90)
    assert cell.seg.ik == pytest.approx(expected, rel=1e-4)
    assert current == pytest.approx(expected * cell.seg.area() * 1e-2, rel=1e-3)


def test_a_blocker_takes_its_share_of_the_current_and_leaves_the_gates(patch):
    found = []
    for block in (0.0, 0.95, 1.0):
        cell = patch("ca1kdr")
        cell.ca1kdr.gbar, cell.ca1kdr.block = 0.01, block
        cell.section.ek = -90.0
        cell.clamp(-70, 20, 400.0)
        found.append((cell.seg.ik, cell.ca1kdr.g, cell.ca1kdr.n))
    (current, g, gate), *blocked = found
    assert current > 0
    assert blocked[0] == pytest.approx((0.05 * current, 0.05 * g, gate), rel=1e-6)
    assert blocked[1] == pytest.approx((0.0, 0.0, gate), rel=1e-6, abs=1e-15)


def test_both_integrators_agree(agrees_with_cvode):
    agrees_with_cvode("ca1kdr", 0.04)
