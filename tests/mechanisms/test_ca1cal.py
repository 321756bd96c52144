"""L-type calcium current: rates, GHK driving force, inactivation by calcium, current."""

import numpy as np
import pytest

Q = 5.0**0.9  # 34 degC, from 25 degC
F = 8.314463 * 307.15 / (2 * 96485.332) * 1e3  # R T/(2 F) in mV
CA_O = 2.5  # mM outside, where a conductance is what it says


def m_inf(v):
    a = 15.69 * (81.5 - v) / (np.exp((81.5 - v) / 10) - 1)
    return a / (a + 0.29 * np.exp(-v / 10.86))


def m_tau(v):
    x = v - 4
    return max(0.2 / Q, np.exp(0.00756 * x) / (0.1 * Q * (1 + np.exp(0.0756 * x))))


def ghk(v, ci, co):
    u = v / F
    return -F * (1 - ci / co * np.exp(u)) * u / (np.exp(u) - 1) * co / CA_O


def test_rates_are_the_published_ones(patch):
    cell = patch("ca1cal")
    found = cell.ca1cal.m_inf(-20.0), cell.ca1cal.m_tau(-20.0)
    assert found == pytest.approx((0.032907, 1.6849), rel=1e-3)


def test_half_activation(patch):
    assert patch("ca1cal").ca1cal.m_inf(-1.3) == pytest.approx(0.5, abs=5e-3)


def test_rates_follow_the_equations(patch):
    cell = patch("ca1cal")
    for v in np.arange(-109.0, 100.0, 11.0):
        assert cell.ca1cal.m_inf(v) == pytest.approx(m_inf(v), rel=1e-6)
        assert cell.ca1cal.m_tau(v) == pytest.approx(m_tau(v), rel=1e-6)


def test_the_singular_point_is_continuous(patch):
    rate = patch("ca1cal").ca1cal.m_inf
    assert rate(81.5) == pytest.approx((rate(81.4) + rate(81.6)) / 2, rel=1e-5)


def test_activation_is_five_times_slower_ten_degrees_colder(n, patch):
    cell = patch("ca1cal")
    warm = cell.ca1cal.m_tau(-20.0)
    n.celsius = 24.0
    n.finitialize(-70.0)
    assert cell.ca1cal.m_tau(-20.0) == pytest.approx(5.0 * warm, rel=1e-6)


def test_driving_force(patch, tabulated):
    tabulated("ca1cal", False)
    mech = patch("ca1cal").ca1cal
    nernst = F * np.log(2.0 / 5e-5)
    for v in (-90.0, -40.0, 30.0, 140.0, 160.0):
        assert mech.ghk(v, 5e-5, 2.0) == pytest.approx(ghk(v, 5e-5, 2.0), rel=1e-4)
    assert mech.ghk(0.0, 5e-5, CA_O) == pytest.approx(-F, rel=1e-4)
    assert mech.ghk(nernst, 5e-5, 2.0) == pytest.approx(0.0, abs=1e-2)
    assert mech.ghk(nernst + 1, 5e-5, 2.0) > 0 > mech.ghk(nernst - 1, 5e-5, 2.0)


def test_gate_relaxes_exponentially(relaxes):
    relaxes("ca1cal", {"m": (m_inf, m_tau)}, (-80, -10, 1.0), (10, -40, 1.0))


def test_gate_starts_at_its_fixed_point(stays_at_rest):
    stays_at_rest("ca1cal", -70.0, -30.0, 0.0)


@pytest.mark.parametrize("cai", [5e-5, 1e-3])
def test_clamp_current_is_the_recorded_current(patch, cai):
    cell = patch("ca1cal")
    cell.ca1cal.gbar = 0.01
    cell.section.cao, cell.section.cai = 2.0, cai
    _clamp, current = cell.clamp(-70, 0, 30.0)
    expected = 0.01 * m_inf(0) ** 2 * 1e-3 / (1e-3 + cai) * ghk(1e-9, cai, 2.0)
    assert cell.seg.ica == pytest.approx(expected, rel=1e-3)
    assert current == pytest.approx(expected * cell.seg.area() * 1e-2, rel=2e-3)
    assert current < -1e-3


def test_block_and_scale_act_on_the_current(patch):
    found = []
    for scale, block in ((1.0, 0.0), (2.0, 0.0), (1.0, 0.75)):
        cell = patch("ca1cal")
        cell.ca1cal.gbar, cell.ca1cal.scale, cell.ca1cal.block = 0.01, scale, block
        found.append(cell.clamp(-70, 0, 5.0)[0].i)
    assert found[0] < -1e-3
    assert found[1:] == pytest.approx([2 * found[0], 0.25 * found[0]], rel=1e-6)


def test_both_integrators_agree(agrees_with_cvode):
    agrees_with_cvode("ca1cal", 0.02)
