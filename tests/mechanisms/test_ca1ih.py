"""Hyperpolarisation-activated current: rates, relaxation, current."""

import numpy as np
import pytest

Q = 4.5**0.1  # 34 degC, from 33 degC


def l_inf(v, vhalf=-81.0):
    return 1 / (1 + np.exp((v - vhalf) / 8))


def l_tau(v):
    return np.exp(0.033264 * (v + 75)) / (0.011 * Q * (1 + np.exp(0.08316 * (v + 75))))


@pytest.mark.parametrize(("v", "steady", "tau"), [(-70, 0.20181, 36.72), (-50, 0.020332, 19.97)])
def test_rates_are_the_published_ones(patch, v, steady, tau):
    cell = patch("ca1ih")
    assert (cell.ca1ih.l_inf(v), cell.ca1ih.l_tau(v)) == pytest.approx((steady, tau), rel=1e-3)


@pytest.mark.parametrize("vhalf", [-81.0, -73.0])
def test_rates_follow_the_equations(patch, vhalf):
    cell = patch("ca1ih")
    cell.ca1ih.vhalf = vhalf
    assert cell.ca1ih.l_inf(vhalf) == pytest.approx(0.5)
    for v in np.arange(-130.0, -20.0, 10.0):
        assert cell.ca1ih.l_inf(v) == pytest.approx(l_inf(v, vhalf), rel=1e-6)
        assert cell.ca1ih.l_tau(v) == pytest.approx(l_tau(v), rel=1e-6)


def test_gate_is_four_and_a_half_times_slower_ten_degrees_colder(n, patch):
    cell = patch("ca1ih")
    warm = cell.ca1ih.l_tau(-80.0)
    n.celsius = 24.0
    n.finitialize(-70.0)
    assert cell.ca1ih.l_tau(-80.0) == pytest.approx(4.5 * warm, rel=1e-6)


def test_gate_relaxes_exponentially(relaxes):
    relaxes("ca1ih", {"l": (l_inf, l_tau)}, (-60, -100, 20.0), (-100, -60, 20.0))


def test_gate_starts_at_its_fixed_point(stays_at_rest):
    stays_at_rest("ca1ih", -110.0, -70.0, -50.0)


def test_clamp_current_is_the_recorded_current(patch):
    cell = patch("ca1ih")
    cell.ca1ih.gbar = 0.01
    _clamp, current = cell.clamp(-60, -100, 500.0)
    expected = 0.01 * l_inf(-100) * (-100 + 30)
    assert cell.ca1ih.i == pytest.approx(expected, rel=1e-4)
    assert current == pytest.approx(expected * cell.seg.area() * 1e-2, rel=1e-3)


def test_both_integrators_agree(agrees_with_cvode):
    agrees_with_cvode("ca1ih", -0.03)
