"""R-type calcium current: rates, GHK driving force, relaxation, current."""

import numpy as np
import pytest

Q = 3.0**1.2  # 34 degC, from 22 degC
F = 8.314463 * 307.15 / (2 * 96485.332) * 1e3  # R T/(2 F) in mV
CA_O = 2.5  # mM outside, where a conductance is what it says


def m_inf(v):
    return 1 / (1 + np.exp(-(v + 18) / 9.6))


def m_tau(_v):
    return 2.1 / Q


def h_inf(v):
    return 1 / (1 + np.exp((v + 53) / 6))


def h_tau(v):
    return (22 + 80 / (1 + np.exp((v + 19) / 5))) / Q


def ghk(v, ci, co):
    u = v / F
    return -F * (1 - ci / co * np.exp(u)) * u / (np.exp(u) - 1) * co / CA_O


def test_rates_follow_the_equations(patch):
    cell = patch("ca1car")
    assert cell.ca1car.m_tau() == pytest.approx(m_tau(0.0), rel=1e-6)
    for v in np.arange(-115.0, 60.0, 10.0):
        assert cell.ca1car.m_inf(v) == pytest.approx(m_inf(v), rel=1e-6)
        assert cell.ca1car.h_inf(v) == pytest.approx(h_inf(v), rel=1e-6)
        assert cell.ca1car.h_tau(v) == pytest.approx(h_tau(v), rel=1e-6)


def test_half_activation_of_the_channel_is_the_measured_one(patch):
    # Magee & Johnston 1995: +3 mV in 20 mM barium, of which 8 mV are its screening
    v = np.arange(-60.0, 60.0, 0.1)
    opened = np.array([patch("ca1car").ca1car.m_inf(x) for x in v]) ** 3
    assert v[np.searchsorted(opened, 0.5)] == pytest.approx(-5.0, abs=1.0)


def test_gates_are_three_times_slower_ten_degrees_colder(n, patch):
    cell = patch("ca1car")
    warm = cell.ca1car.m_tau(), cell.ca1car.h_tau(-30.0)
    n.celsius = 24.0
    n.finitialize(-70.0)
    found = cell.ca1car.m_tau(), cell.ca1car.h_tau(-30.0)
    assert found == pytest.approx((3 * warm[0], 3 * warm[1]), rel=1e-6)


@pytest.mark.parametrize("co", [1.0, 2.5])
def test_driving_force(patch, co):
    mech = patch("ca1car").ca1car
    for v in (-90.0, -40.0, 30.0, 160.0):
        assert mech.ghk(v, 1e-4, co) == pytest.approx(ghk(v, 1e-4, co), rel=1e-4)
    assert mech.ghk(0.0, 1e-4, CA_O) == pytest.approx(-F, rel=1e-4)


def test_gates_relax_exponentially(relaxes):
    relaxes("ca1car", {"m": (m_inf, m_tau), "h": (h_inf, h_tau)}, (-80, -20, 1.0), (0, -60, 2.0))


def test_gates_start_at_their_fixed_point(stays_at_rest):
    stays_at_rest("ca1car", -90.0, -70.0, -30.0)


def test_clamp_current_is_the_recorded_current(patch):
    cell = patch("ca1car")
    cell.ca1car.gbar = 0.1
    cell.section.cao, cell.section.cai = 2.0, 5e-5
    _clamp, current = cell.clamp(-70, -20, 300.0)
    expected = 0.1 * m_inf(-20) ** 3 * h_inf(-20) * ghk(-20, 5e-5, 2.0)
    assert cell.seg.ica == pytest.approx(expected, rel=1e-3)
    assert current == pytest.approx(expected * cell.seg.area() * 1e-2, rel=2e-3)
    assert current < -1e-3


def test_both_integrators_agree(agrees_with_cvode):
    agrees_with_cvode("ca1car", 0.02)
