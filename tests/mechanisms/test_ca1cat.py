"""T-type calcium current: rates, GHK driving force, relaxation, current."""

import numpy as np
import pytest

Q = 5.0**0.9  # 34 degC, from 25 degC
F = 8.314463 * 307.15 / (2 * 96485.332) * 1e3  # R T/(2 F) in mV
CA_O = 2.5  # mM outside, where a conductance is what it says


def m_inf(v):
    a = 0.2 * (19.26 - v) / (np.exp((19.26 - v) / 10) - 1)
    return a / (a + 0.009 * np.exp(-v / 22.03))


def m_tau(v):
    x = v + 28
    return max(0.2, np.exp(0.00756 * x) / (0.04 * Q * (1 + np.exp(0.0756 * x))))


def h_inf(v):
    a = 1e-6 * np.exp(-v / 16.26)
    return a / (a + 1 / (1 + np.exp((29.79 - v) / 10)))


def h_tau(v):
    x = v + 75
    return max(10.0, np.exp(0.07938 * x) / (0.015 * (1 + np.exp(0.1323 * x))))


def ghk(v, ci, co):
    u = v / F
    return -F * (1 - ci / co * np.exp(u)) * u / (np.exp(u) - 1) * co / CA_O


@pytest.mark.parametrize(("v", "m", "h"), [(-70, 0.010871, 0.61505), (-50, 0.13521, 0.059461)])
def test_rates_are_the_published_ones(patch, v, m, h):
    cell = patch("ca1cat")
    assert (cell.ca1cat.m_inf(v), cell.ca1cat.h_inf(v)) == pytest.approx((m, h), rel=1e-3)


def test_half_activation_and_inactivation(patch):
    cell = patch("ca1cat")
    assert cell.ca1cat.m_inf(-35.7) == pytest.approx(0.5, abs=5e-3)
    assert cell.ca1cat.h_inf(-67.1) == pytest.approx(0.5, abs=5e-3)


def test_rates_follow_the_equations(patch, tabulated):
    tabulated("ca1cat", False)
    cell = patch("ca1cat")
    for v in np.arange(-115.0, 60.0, 10.0):
        assert cell.ca1cat.m_inf(v) == pytest.approx(m_inf(v), rel=1e-6)
        assert cell.ca1cat.m_tau(v) == pytest.approx(m_tau(v), rel=1e-6)
        assert cell.ca1cat.h_inf(v) == pytest.approx(h_inf(v), rel=1e-6)
        assert cell.ca1cat.h_tau(v) == pytest.approx(h_tau(v), rel=1e-6)


def test_activation_is_five_times_slower_ten_degrees_colder(n, patch):
    cell = patch("ca1cat")
    warm = cell.ca1cat.m_tau(-50.0), cell.ca1cat.h_tau(-50.0)
    n.celsius = 24.0
    n.finitialize(-70.0)
    assert cell.ca1cat.m_tau(-50.0) == pytest.approx(5.0 * warm[0], rel=1e-6)
    assert cell.ca1cat.h_tau(-50.0) == warm[1]


@pytest.mark.parametrize("co", [1.0, 2.5])
def test_driving_force(patch, co):
    mech = patch("ca1cat").ca1cat
    for v in (-90.0, -40.0, 30.0, 160.0):
        assert mech.ghk(v, 1e-4, co) == pytest.approx(ghk(v, 1e-4, co), rel=1e-4)
    assert mech.ghk(0.0, 1e-4, CA_O) == pytest.approx(-F, rel=1e-4)


def test_gates_relax_exponentially(relaxes):
    relaxes("ca1cat", {"m": (m_inf, m_tau), "h": (h_inf, h_tau)}, (-80, -50, 2.0), (-55, -85, 15.0))


def test_gates_start_at_their_fixed_point(stays_at_rest):
    stays_at_rest("ca1cat", -90.0, -70.0, -50.0)


def test_clamp_current_is_the_recorded_current(patch):
    cell = patch("ca1cat")
    cell.ca1cat.gbar = 0.1
    cell.section.cao, cell.section.cai = 2.0, 5e-5
    _clamp, current = cell.clamp(-70, -55, 300.0)
    expected = 0.1 * m_inf(-55) ** 2 * h_inf(-55) * ghk(-55, 5e-5, 2.0)
    assert cell.seg.ica == pytest.approx(expected, rel=1e-3)
    assert current == pytest.approx(expected * cell.seg.area() * 1e-2, rel=2e-3)
    assert current < -1e-3


def test_both_integrators_agree(agrees_with_cvode):
    agrees_with_cvode("ca1cat", 0.01)
